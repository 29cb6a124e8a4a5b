/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/decompress.h"

#include "libmod/compress/codec.h"

#include <errno.h>

static const struct mod_codec_ops *const ops[MOD_CODECS] = {
	[MOD_CODEC_GZ] = &mod_codec_zlib,
	[MOD_CODEC_XZ] = &mod_codec_xz,
	[MOD_CODEC_ZST] = &mod_codec_zstd,
};

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

static int resize(struct mod_out *out, size_t cap)
{
	uint8_t *at = realloc(out->at, cap);

	if (!at)
		return -ENOMEM;
	out->at = at;
	out->cap = cap;
	return 0;
}

int mod_out_grow(struct mod_out *out)
{
	if (out->len < out->cap)
		return 0;
	if (out->cap >= out->most)
		return -E2BIG;
	size_t cap = out->cap ? out->cap : out->first / 2;
	return resize(out, cap < out->most / 2 ? cap * 2 : out->most);
}

int mod_out_reserve(struct mod_out *out, uint64_t n)
{
	if (n < out->cap - out->len)
		return 0;
	if (n >= out->most - out->len)
		return -E2BIG;
	return resize(out, out->len + (size_t)n + 1);
}

int mod_unpacker_run(struct mod_unpacker *unpacker, enum mod_codec codec,
		     struct mod_bytes in, size_t limit, struct mod_bytes *out,
		     const char **why)
{
	/* Modules shrink to a third or fifth; one doubling then is enough. */
	enum { GUESS = 3, LEAST = 4096 };

	if (!ops[codec] || !ops[codec]->unpack)
		return -ENOSYS;
	size_t most = limit < SIZE_MAX ? limit + 1 : limit;
	struct mod_out image = {
		.at = unpacker->image,
		.cap = unpacker->cap < most ? unpacker->cap : most,
		.most = most,
		.first = LEAST + (in.len < most / GUESS ? in.len * GUESS : 0),
	};
	int r = ops[codec]->unpack(&unpacker->decoders[codec], in, &image, why);
	if (r == 0 && image.len > limit)
		r = -E2BIG;
	unpacker->image = image.at;
	if (r < 0) { /* it may be a bomb's */
		free(mod_take(unpacker->image));
		unpacker->cap = 0;
		return r;
	}
	if (image.cap > unpacker->cap)
		unpacker->cap = image.cap;
	*out = (struct mod_bytes){ image.at, image.len };
	return 0;
}

void mod_unpacker_fini(struct mod_unpacker *unpacker)
{
	for (size_t i = MOD_CODEC_GZ; i < MOD_CODECS; i++)
		if (unpacker->decoders[i])
			ops[i]->free(unpacker->decoders[i]);
	free(unpacker->image);
	*unpacker = (struct mod_unpacker){ 0 };
}

int mod_unpack(enum mod_codec codec, struct mod_bytes in, size_t limit,
	       uint8_t **out, size_t *len, const char **why)
{
	_cleanup_(mod_unpacker_fini) struct mod_unpacker unpacker = { 0 };
	struct mod_bytes image;

	int r = mod_unpacker_run(&unpacker, codec, in, limit, &image, why);
	if (r == 0) {
		*out = mod_take(unpacker.image);
		*len = image.len;
	}
	return r;
}
