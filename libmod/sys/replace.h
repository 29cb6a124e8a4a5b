/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* replace.h - a set of files in one folder, replaced so that each is at any
 * moment the old one whole or the new one whole.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"

#include <stdbool.h>
#include <stddef.h>

struct mod_replacement {
	const char *name;
	struct mod_bytes bytes;
};

/* Files that are being replaced. */
struct mod_replacing {
	int dir, lock;
	bool sync;
	unsigned threads;
	size_t n;
	struct mod_replacing_file *files;
};

/* Locks out others that do the same.  With sync, nothing is replaced before all
 * is on the disk.  What an interrupted run left behind is taken away.  Files
 * get mode 0644, and are renamed in the order of their names here, which are
 * lent.  Returns 0 or -errno; *which names the file that failed, or is NULL
 * when it was the folder.  To be ended only after success.
 */
_check_ int mod_replace_begin(struct mod_replacing *all, const char *dir,
			      const char *const *names, size_t n, bool sync,
			      unsigned threads, const char **which);

/* Writes number i beside its place ("NAME.tmp"); each once, by any thread. */
void mod_replace_put(struct mod_replacing *all, size_t i,
		     struct mod_bytes bytes);

/* When all were written, and good says that they are wanted, renames them one
 * by one.  On failure no file was replaced, unless the renaming itself failed.
 * Returns 0 or -errno, and *which as above.
 */
_check_ int mod_replace_end(struct mod_replacing *all, bool good,
			    const char **which);

/* Whether such a file is being replaced, or was by a run that did not end. */
bool mod_replace_is_begun(const char *dir, const char *name);

/* All of this, with up to `threads` threads. */
_check_ int mod_replace_all(const char *dir,
			    const struct mod_replacement *files, size_t n,
			    bool sync, unsigned threads, const char **which);
