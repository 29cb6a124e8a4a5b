/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/decompress.h"

#include "libmod/compress/codec.h"

#include <errno.h>

int mod_decompress_with(struct mod_decompressor *decompressor,
			enum mod_codec codec, struct mod_bytes in, size_t limit,
			struct mod_bytes *out, const char **why)
{
	/* Modules shrink to a third or fifth; one doubling then is enough. */
	enum { GUESS = 3, LEAST = 4096 };

	const struct mod_codec_ops *ops = mod_codec_get(codec);
	if (!ops)
		return -ENOSYS;
	size_t most = limit < SIZE_MAX ? limit + 1 : limit;
	struct mod_codec_image image = {
		.at = decompressor->image,
		.cap = decompressor->cap < most ? decompressor->cap : most,
		.most = most,
		.first = LEAST + (in.len < most / GUESS ? in.len * GUESS : 0),
	};
	int r = ops->decompress(&decompressor->decoders[codec], in, &image,
				why);
	if (r == 0 && image.len > limit)
		r = -E2BIG;
	decompressor->image = image.at;
	if (r < 0) { /* it may be a bomb's */
		free(mod_take(decompressor->image));
		decompressor->cap = 0;
		return r;
	}
	if (image.cap > decompressor->cap)
		decompressor->cap = image.cap;
	*out = (struct mod_bytes){ image.at, image.len };
	return 0;
}

void mod_decompress_fini(struct mod_decompressor *decompressor)
{
	for (size_t i = MOD_CODEC_GZ; i < MOD_CODECS; i++)
		if (decompressor->decoders[i])
			mod_codec_get((enum mod_codec)i)
				->free(decompressor->decoders[i]);
	free(decompressor->image);
	*decompressor = (struct mod_decompressor){ 0 };
}

int mod_decompress(enum mod_codec codec, struct mod_bytes in, size_t limit,
		   uint8_t **out, size_t *len, const char **why)
{
	_cleanup_(mod_decompress_fini) struct mod_decompressor decompressor = {
		0
	};
	struct mod_bytes image;

	int r = mod_decompress_with(&decompressor, codec, in, limit, &image,
				    why);
	if (r == 0) {
		*out = mod_take(decompressor.image);
		*len = image.len;
	}
	return r;
}
