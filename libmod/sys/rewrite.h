/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rewrite.h - one file gets other contents, and is at any moment the old one
 * whole or the new one whole.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"

/* Replaces the file at path, of which fd is open, by these parts one behind the
 * other.  Owner, mode and extended attributes stay, but for those that vouch
 * for the contents (security.ima, security.evm).  A link stays what it is; the
 * file that it leads to is replaced.
 * The new file has no name before it is whole and on the disk, so a killed
 * process leaves nothing behind; where the file system cannot do that, or the
 * moment was just before the end, "NAME.tmp", which the next run takes away.
 * Returns 0; -EAGAIN when path is not the file of fd any more, or that was
 * changed meanwhile; -errno.
 */
_check_ int mod_rewrite(const char *path, int fd, const struct mod_bytes *parts,
			size_t n);
