/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* replace.h - a set of files in one folder, replaced so that each is at any
 * moment the old one whole or the new one whole.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"

struct mod_replacement {
	const char *name;
	struct mod_bytes bytes;
};

/* Locks the folder against others that do the same, writes every file beside
 * its place ("NAME.tmp"), and only when all are written, and with sync are on
 * the disk, renames them one by one in the order given.  On failure no file
 * was replaced, unless the renaming itself failed; *which names the file, or
 * is NULL when it was the folder.  What an interrupted run left behind is taken
 * away.  Files get mode 0644.  Returns 0 or -errno.
 */
_check_ int mod_replace_all(const char *dir,
			    const struct mod_replacement *files, size_t n,
			    bool sync, const char **which);
