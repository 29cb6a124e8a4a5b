/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* compress.h - bytes to gz, xz and zst, as the kernel's makefile compresses
 * modules (scripts/Makefile.modinst) and the kernel's decoders decompress them.
 *
 * Where the tools have the decoders inside, the encoders are not: for one
 * command they would nearly double the program (1.14 MB of code for 0.62).
 * Their libraries are opened when something is to be compressed, unless they
 * are linked anyway, or the tools are static.
 */
#pragma once

#include "libmod/compress/decompress.h"

/* Compresses all of in.  *out is the caller's to free().  Returns 0; -ENOSYS
 * when this build has no such codec or its library cannot be loaded; -E2BIG
 * over MOD_DECOMPRESS_LIMIT; -ENOMEM.
 */
_check_ int mod_compress(enum mod_codec codec, struct mod_bytes in,
			 uint8_t **out, size_t *len);
