/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* compress.h - bytes to gz, xz and zst, as the kernel's makefile packs modules
 * (scripts/Makefile.modinst) and the kernel's decoders unpack them.
 *
 * Where the tools have the decoders inside, the encoders are not: for one
 * command they would nearly double the program (1.14 MB of code for 0.62).
 * Their libraries are opened when something is to be packed, unless they are
 * linked anyway, or the tools are static.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"
#include "libmod/compress/decompress.h"

/* Packs all of in.  *out is the caller's to free().  Returns 0; -ENOSYS when
 * this build has no such codec or its library cannot be loaded; -E2BIG over
 * MOD_UNPACK_LIMIT; -ENOMEM.
 */
_check_ int mod_pack(enum mod_codec codec, struct mod_bytes in, uint8_t **out,
		     size_t *len);

/* What pack.c and the encoders, one file each, agree on: returns as above. */
typedef int mod_pack_fn(struct mod_bytes in, uint8_t **out, size_t *len);
mod_pack_fn mod_pack_gz, mod_pack_xz, mod_pack_zst;
