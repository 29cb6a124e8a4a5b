/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/compress.h"

#include <errno.h>

int mod_compress(enum mod_codec codec, struct mod_bytes in, uint8_t **out,
		 size_t *len)
{
	const struct mod_codec_ops *ops = mod_codec_get(codec);

	if (in.len > MOD_DECOMPRESS_LIMIT)
		return -E2BIG;
	return ops ? ops->compress(in, out, len) : -ENOSYS;
}
