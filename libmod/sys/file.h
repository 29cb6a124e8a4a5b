/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* file.h - files, read whole or range by range.
 *
 * What is opened here is close-on-exec and never takes descriptor 0, 1 or 2,
 * also when the caller closed those: a module's bytes must not meet stdout.
 */
#pragma once

#include "libmod/base/arena.h"
#include "libmod/base/source.h"
#include "libmod/base/str.h"

/* The descriptor, or -errno.  Does not block on a FIFO or device. */
_check_ int mod_file_open(const char *path, int flags);

/* The whole file, NUL added behind, appended to arena.  Works for /proc and
 * /sys and pipes too (the size is never trusted).  Returns 0; -E2BIG over the
 * limit; -errno.
 */
_check_ int mod_file_read(struct mod_arena *arena, const char *path,
			  size_t limit, char **text, size_t *len);
/* The same for what is known to be a regular file: a short read is its end, and
 * that saves a call for each file of the configuration.
 */
_check_ int mod_file_read_regular(struct mod_arena *arena, const char *path,
				  size_t limit, char **text, size_t *len);
/* mod_file_read() for an open descriptor, read from where it stands. */
_check_ int mod_file_read_fd(struct mod_arena *arena, int fd, size_t limit,
			     char **text, size_t *len);

/* A short text (a line of /sys), without its newline, into buf.  Returns 0;
 * -E2BIG when it does not fit; -errno.
 */
_check_ int mod_file_line(const char *path, char *buf, size_t size);

/* A regular file seen whole and read-only.  The descriptor stays open as long
 * as the view; closing it early would gain nothing.
 */
struct mod_view {
	struct mod_bytes bytes;
	int fd;
	bool mapped;
};

/* Maps the file: for large files of which little is looked at, and which are
 * replaced and never cut.
 */
_check_ int mod_view_map(struct mod_view *view, const char *path);

/* Reads the file into arena, in one call when it is small, as most are; maps
 * it when it is not.
 */
_check_ int mod_view_read(struct mod_view *view, struct mod_arena *arena,
			  const char *path);
void mod_view_fini(struct mod_view *view);

/* A source of the ranges of an open regular file.  What was read is kept until
 * fini; a range inside of what an earlier one brought is not read again.
 */
struct mod_file {
	struct mod_source src;
	int fd; /* owned */
	struct mod_arena arena;
	struct mod_bytes last; /* most recent range read ... */
	uint64_t last_off;     /* ... and where it was */
};

/* Returns 0; -EISDIR; -ENOTSUP for what is no regular file; -errno. */
_check_ int mod_file_source(struct mod_file *file, const char *path);
void mod_file_fini(struct mod_file *file);
