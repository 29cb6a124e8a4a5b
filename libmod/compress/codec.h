/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* codec.h - what unpack.c and the decoders, one file each, agree on.
 *
 * A decoder's file is compiled twice: for the tools, with its library linked,
 * and for libmod.so, which opens it when it is needed (XZ_DLOPEN and its like,
 * see base/dl.h).  Without HAVE_XZ and its like a codec is all NULL.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"

/* The image that is being made. */
struct mod_out {
	uint8_t *at;
	size_t len, cap; /* bytes */
	size_t most;     /* that cap may become: the limit, and one byte to
			  * see that it is passed */
	size_t first;    /* cap of an image that grows */
};

/* Makes cap > len, by doubling.  0, -E2BIG at the limit, -ENOMEM. */
_check_ int mod_out_grow(struct mod_out *out);

/* Makes cap > len + n, exactly.  0, -E2BIG over the limit, -ENOMEM. */
_check_ int mod_out_reserve(struct mod_out *out, uint64_t n);

struct mod_codec_ops {
	/* Appends what `in` holds, unpacked.  *decoder is NULL at first; what
	 * is put there is handed in again for the next file, whatever came of
	 * this one.  Returns 0; -EBADMSG with *why set; -E2BIG; -ENOMEM;
	 * -ENOSYS.
	 */
	int (*unpack)(void **decoder, struct mod_bytes in, struct mod_out *out,
		      const char **why);
	void (*free)(void *decoder);
};

extern const struct mod_codec_ops mod_codec_zlib, mod_codec_xz, mod_codec_zstd;
