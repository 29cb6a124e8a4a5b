/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/codec.h"

#include <errno.h>

enum mod_codec mod_codec_of(struct mod_bytes head)
{
	static const struct {
		uint8_t bytes[MOD_CODEC_MAGIC], len, mask; /* of the first */
		enum mod_codec codec;
	} magic[] = {
		{ { 0x1f, 0x8b }, 2, 0xff, MOD_CODEC_GZ },
		{ { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, 0xff, MOD_CODEC_XZ },
		{ { 0x28, 0xb5, 0x2f, 0xfd }, 4, 0xff, MOD_CODEC_ZST },
		/* a skippable frame, 0x50 to 0x5f */
		{ { 0x50, 0x2a, 0x4d, 0x18 }, 4, 0xf0, MOD_CODEC_ZST },
	};

	for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
		if (head.len >= magic[i].len &&
		    (head.at[0] & magic[i].mask) == magic[i].bytes[0] &&
		    memcmp(head.at + 1, magic[i].bytes + 1, magic[i].len - 1) ==
			    0)
			return magic[i].codec;
	return MOD_CODEC_NONE;
}

const char *mod_codec_name(enum mod_codec codec)
{
	static const char names[][5] = { "none", "gz", "xz", "zst" };

	return names[codec];
}

const char *mod_codec_kernel_name(enum mod_codec codec)
{
	static const char names[][5] = { "none", "gzip", "xz", "zstd" };

	return names[codec];
}

static int resize(struct mod_codec_image *out, size_t cap)
{
	uint8_t *at = realloc(out->at, cap);

	if (!at)
		return -ENOMEM;
	out->at = at;
	out->cap = cap;
	return 0;
}

int mod_codec_grow(struct mod_codec_image *out)
{
	if (out->len < out->cap)
		return 0;
	if (out->cap >= out->most)
		return -E2BIG;
	size_t cap = out->cap ? out->cap : out->first / 2;
	return resize(out, cap < out->most / 2 ? cap * 2 : out->most);
}

int mod_codec_reserve(struct mod_codec_image *out, uint64_t n)
{
	if (n < out->cap - out->len)
		return 0;
	if (n >= out->most - out->len)
		return -E2BIG;
	return resize(out, out->len + (size_t)n + 1);
}

const struct mod_codec_ops *mod_codec_get(enum mod_codec codec)
{
	static const struct mod_codec_ops *const ops[MOD_CODECS] = {
		[MOD_CODEC_GZ] = &mod_codec_zlib,
		[MOD_CODEC_XZ] = &mod_codec_xz,
		[MOD_CODEC_ZST] = &mod_codec_zstd,
	};

	return ops[codec] && ops[codec]->decompress ? ops[codec] : NULL;
}
