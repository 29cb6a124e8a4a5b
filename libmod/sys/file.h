/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* file.h - files, read whole or range by range, and written to.
 *
 * Files opened here are close-on-exec and never take descriptor 0, 1 or 2,
 * also when the caller closed those: a module's bytes must not meet stdout.
 */
#pragma once

#include "libmod/base/arena.h"
#include "libmod/base/source.h"
#include "libmod/base/str.h"

#include <sys/stat.h>

/* The descriptor, or -errno.  Does not block on a FIFO or device. */
_check_ int mod_file_open(const char *path, int flags);
/* The same for a path from an open directory; mode is that of a file it makes.
 */
_check_ int mod_file_open_at(int dir, const char *path, int flags, mode_t mode);

/* Writes all the bytes.  0 or -errno. */
_check_ int mod_file_write(int fd, struct mod_bytes bytes);
/* To the disk.  0 or -errno; some file systems have nothing to flush. */
_check_ int mod_file_flush(int fd);

/* The whole file and a NUL, appended to arena.  Works for /proc and /sys and
 * pipes too (the size is never trusted).  Returns 0; -E2BIG over the limit;
 * -errno.
 */
_check_ int mod_file_read(struct mod_arena *arena, const char *path,
			  size_t limit, char **text, size_t *len);
/* The same for a file known to be regular, or one record of /proc: a
 * short read is its end, and that saves a call for each file of the
 * configuration.
 */
_check_ int mod_file_read_regular(struct mod_arena *arena, const char *path,
				  size_t limit, char **text, size_t *len);

/* A short text (a line of /sys), without its newline, into buf.  Returns 0;
 * -E2BIG when it does not fit; -errno.
 */
_check_ int mod_file_line(const char *path, char *buf, size_t size);

/* A regular file seen whole and read-only.  The descriptor stays open as long
 * as the view; closing it early would gain nothing.
 */
struct mod_file_view {
	struct mod_bytes bytes;
	int fd;
	bool mapped;
};

/* Maps the file: for large files of which little is looked at, and which are
 * replaced and never cut.
 */
_check_ int mod_file_view_map(struct mod_file_view *view, const char *path);

/* Reads a small file into arena, because a map and its page faults take longer;
 * maps a large one.
 */
_check_ int mod_file_view_read(struct mod_file_view *view,
			       struct mod_arena *arena, const char *path);
void mod_file_view_fini(struct mod_file_view *view);

/* A part of a file that was read. */
struct mod_part {
	struct mod_bytes bytes;
	uint64_t off; /* from start of file */
};

/* Maps all of an open regular file, which is about to be read from end to end
 * and is replaced and never cut.  An empty one is {0}.  Returns 0; -E2BIG over
 * the limit; -EISDIR, -ENOTSUP; -errno.  The descriptor may be closed then.
 */
_check_ int mod_file_map(int fd, size_t limit, struct mod_bytes *out);
void mod_file_unmap(struct mod_bytes *bytes);

/* A source of the ranges of an open regular file.  Ranges that were read are
 * kept until fini.  Both ends of a file are read in larger pieces than asked
 * for: a module has its headers there, followed by the ranges that are read
 * next.
 */
struct mod_file {
	struct mod_source src;
	int fd;           /* owned */
	struct stat stat; /* when it was opened */
	struct mod_arena arena;
	struct mod_part head, tail, last; /* empty: not read yet */
};

/* Returns 0; -EISDIR; -ENOTSUP when it is no regular file; -errno. */
_check_ int mod_file_source(struct mod_file *file, const char *path);
/* The same for a descriptor, which it takes over also when it fails, or for the
 * -errno of one that could not be had.
 */
_check_ int mod_file_source_fd(struct mod_file *file, int fd);

/* The same for a path from an open directory. */
_check_ int mod_file_source_at(struct mod_file *file, int dir,
			       const char *path);
void mod_file_fini(struct mod_file *file);

/* Bytes of the file into memory of the caller's.  Returns 0; -EBADMSG when the
 * file ends before; -errno.
 */
_check_ int mod_file_read_at(const struct mod_file *file, uint64_t off,
			     void *buf, size_t len);
