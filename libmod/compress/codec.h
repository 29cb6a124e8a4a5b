/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* codec.h - the kinds of compression, and what each library's file provides.
 *
 * A decoder's file is compiled twice: for the tools, with its library linked,
 * and for libmod.so, which opens it when it is needed (XZ_DLOPEN and its like,
 * see base/dl.h).  Without HAVE_XZ and its like a codec is all NULL.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"

enum mod_codec {
	MOD_CODEC_NONE,
	MOD_CODEC_GZ,
	MOD_CODEC_XZ,
	MOD_CODEC_ZST,
	MOD_CODECS,
};

enum { MOD_CODEC_MAGIC = 6 }; /* bytes that identify a kind */

/* The kind that the first bytes (MOD_CODEC_MAGIC, or all) identify. */
enum mod_codec mod_codec_of(struct mod_bytes head);

/* "gz", "xz", "zst"; the name that /sys/module/compression uses, and messages
 * about corrupt files, is mod_codec_kernel_name(): "gzip", "xz", "zstd".
 * MOD_CODEC_NONE is "none".
 */
const char *mod_codec_name(enum mod_codec codec);
const char *mod_codec_kernel_name(enum mod_codec codec);

/* The image that is being made. */
struct mod_codec_image {
	uint8_t *at;
	size_t len, cap; /* bytes */
	size_t most;     /* that cap may become: the limit, and one byte to
			  * see that it is passed */
	size_t first;    /* cap of an image that grows */
};

/* Makes cap > len, by doubling.  0, -E2BIG at the limit, -ENOMEM. */
_check_ int mod_codec_grow(struct mod_codec_image *out);

/* Makes cap > len + n, exactly.  0, -E2BIG over the limit, -ENOMEM. */
_check_ int mod_codec_reserve(struct mod_codec_image *out, uint64_t n);

struct mod_codec_ops {
	/* Appends what `in` holds, decompressed.  *decoder is NULL at first;
	 * the decoder keeps its state there, and gets it again for the next
	 * file, also after a failure.  Returns 0; -EBADMSG with *why set;
	 * -E2BIG; -ENOMEM; -ENOSYS.
	 */
	int (*decompress)(void **decoder, struct mod_bytes in,
			  struct mod_codec_image *out, const char **why);
	void (*free)(void *decoder);
	/* Compresses all of `in`.  *out is the caller's to free().  Returns 0;
	 * -ENOSYS when the library cannot be loaded; -ENOMEM.
	 */
	int (*compress)(struct mod_bytes in, uint8_t **out, size_t *len);
};

extern const struct mod_codec_ops mod_codec_zlib, mod_codec_xz, mod_codec_zstd;

/* NULL for MOD_CODEC_NONE, and for a codec that this build does not have. */
const struct mod_codec_ops *mod_codec_get(enum mod_codec codec);
