/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unpack.h - gz, xz and zst to bytes, with a limit.
 *
 * The content decides what a file is, never its name.  Several members,
 * streams or frames one behind the other give one image, as gzip(1), xz(1) and
 * zstd(1) do.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"

enum mod_codec { MOD_CODEC_NONE, MOD_CODEC_GZ, MOD_CODEC_XZ, MOD_CODEC_ZST };

enum {
	MOD_CODEC_MAGIC = 6, /* bytes that tell the kinds apart */
	/* No module comes near: the largest of Debian's unpack to 10 MiB. */
	MOD_UNPACK_LIMIT = 1 << 30, /* bytes */
};

/* What the first bytes (MOD_CODEC_MAGIC or more, if there are) say. */
enum mod_codec mod_codec_of(struct mod_bytes head);

/* "gz", "xz", "zst"; the name that /sys/module/compression uses is
 * mod_codec_kernel_name(): "gzip", "xz", "zstd".
 */
const char *mod_codec_name(enum mod_codec codec);
const char *mod_codec_kernel_name(enum mod_codec codec);

/* Unpacks all of in.  *out is the caller's to free() and holds at most limit
 * bytes.  *why is set to a static text when the data is at fault.
 * Returns 0; -EBADMSG for damaged, truncated or trailing bytes; -E2BIG over
 * the limit; -ENOSYS when this build has no such codec or its library cannot
 * be loaded; -ENOMEM.
 */
_check_ int mod_unpack(enum mod_codec codec, struct mod_bytes in, size_t limit,
		       uint8_t **out, size_t *len, const char **why);
