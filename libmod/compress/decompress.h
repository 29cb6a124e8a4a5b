/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* decompress.h - gz, xz and zst to bytes, with a limit.
 *
 * The content decides what a file is, never its name.  Several members,
 * streams or frames one after the other give one image, as gzip(1), xz(1) and
 * zstd(1) do.
 */
#pragma once

#include "libmod/base/source.h"
#include "libmod/compress/codec.h"

enum {
	/* No module comes near: the largest of Debian's has 10 MiB. */
	MOD_DECOMPRESS_LIMIT = MOD_RANGE_LIMIT, /* bytes */
};

/* Decompresses all of in.  *out is the caller's to free() and holds at most
 * limit bytes.  *why is set to a static text when the data is at fault. Returns
 * 0; -EBADMSG for corrupt, truncated or trailing bytes (those after gz are
 * ignored, as gzip does, unless they begin like a member); -E2BIG over the
 * limit, or for an xz file whose decoder would take more than 256 MiB; -ENOSYS
 * when this build has no such codec or its library cannot be loaded; -ENOMEM.
 */
_check_ int mod_decompress(enum mod_codec codec, struct mod_bytes in,
			   size_t limit, uint8_t **out, size_t *len,
			   const char **why);

/* For many files, one after the other: keeps the decoders and the memory of
 * the image.  All-zero is ready for use.
 */
struct mod_decompressor {
	void *decoders[MOD_CODECS];
	uint8_t *image;
	size_t cap; /* bytes */
};

/* As mod_decompress(), but *out is lent until the next call. */
_check_ int mod_decompress_with(struct mod_decompressor *decompressor,
				enum mod_codec codec, struct mod_bytes in,
				size_t limit, struct mod_bytes *out,
				const char **why);
void mod_decompress_fini(struct mod_decompressor *decompressor);
