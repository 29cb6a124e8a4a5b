/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cache-file.h - the records of module files, kept between runs.
 *
 * Only a cache: an invalid one is used as if it were empty.  A record belongs
 * to a file as stat(2) reports it; a file that changed in any way has none.
 */
#pragma once

#include "libmod/sys/file.h"

#include <sys/stat.h>
#include <time.h>

/* Identifies the content of a file. */
struct mod_cache_file_stamp {
	uint64_t dev, ino, size;
	int64_t mtime, ctime;        /* seconds */
	uint32_t mtime_ns, ctime_ns; /* nanoseconds */
};

struct mod_cache_file {
	struct mod_bytes file; /* mapped; {0}: nothing is remembered */
	size_t count;          /* records, sorted by stamp */
	size_t entries;        /* where their table begins, bytes */
};

/* One record to be cached. */
struct mod_cache_file_entry {
	struct mod_cache_file_stamp stamp;
	struct mod_bytes record;
};

struct mod_cache_file_stamp mod_cache_file_stamp(const struct stat *st);

/* False for a file that changed within a second of the start of a run, or
 * later: it may change again and look the same.
 */
bool mod_cache_file_is_settled(const struct mod_cache_file_stamp *stamp,
			       const struct timespec *start);

/* Reads a cache.  One that is not there, not the user's own, writable by
 * others, corrupt, or of another version is empty.
 */
void mod_cache_file_read(struct mod_cache_file *cache, const char *path);
void mod_cache_file_fini(struct mod_cache_file *cache);

/* The record of a file, lent; false when none is remembered. */
bool mod_cache_file_get(const struct mod_cache_file *cache,
			const struct mod_cache_file_stamp *stamp,
			struct mod_bytes *record);

/* Replaces the cache, but nothing that is no regular file; sorts the entries.
 * 0 or -errno.
 */
_check_ int mod_cache_file_write(const char *dir, const char *name,
				 struct mod_cache_file_entry *entries,
				 size_t n);
