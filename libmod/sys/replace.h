/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* replace.h - replaces files: each is at any moment the complete old file or
 * the complete new one.
 *
 * The new file gets the name "NAME.tmp" and a lock, by which concurrent runs
 * wait for each other, and is then renamed.  The next run removes a "NAME.tmp"
 * that an interrupted run has left.
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

/* Begins to replace a set of files in one directory, and waits for others that
 * do the same.  With sync, none is replaced before all are on the disk.  Files
 * get mode 0644, and are renamed in the order of their names here, which are
 * lent.  Returns 0 or -errno; *which names the file that failed, or is NULL
 * when the directory did.  Call mod_replace_end() only after success.
 */
_check_ int mod_replace_begin(struct mod_replacing *all, const char *dir,
			      const char *const *names, size_t n, bool sync,
			      unsigned threads, const char **which);

/* Writes number i beside its place ("NAME.tmp"); each once, by any thread. */
void mod_replace_put(struct mod_replacing *all, size_t i,
		     struct mod_bytes bytes);

/* When all are written and commit is true, renames them one by one.  On failure
 * no file was replaced, unless the renaming itself failed. Returns 0 or -errno,
 * and *which as above.
 */
_check_ int mod_replace_end(struct mod_replacing *all, bool commit,
			    const char **which);

/* Whether such a file is being replaced, or was by a run that did not end. */
bool mod_replace_is_begun(const char *dir, const char *name);

/* All of this, with up to `threads` threads. */
_check_ int mod_replace_all(const char *dir,
			    const struct mod_replacement *files, size_t n,
			    bool sync, unsigned threads, const char **which);

/* Replaces the content of the file at path, of which fd is open, by these
 * parts, one after the other.  Owner, mode and extended attributes stay
 * (attributes.h).  Of a link, the target is replaced.  The new file has no name
 * before it is complete and on the disk, so that a killed process leaves no
 * file; on file systems that do not support this, or at the moment before the
 * rename, it leaves "NAME.tmp".  Returns 0; -EAGAIN when path is not the file
 * of fd any more, or when that was changed meanwhile; -errno.
 */
_check_ int mod_replace_content(const char *path, int fd,
				const struct mod_bytes *parts, size_t n);
