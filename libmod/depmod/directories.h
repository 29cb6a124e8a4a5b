/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* directories.h - the directories of a tree, read ahead by several threads.
 *
 * Only entries that are directories themselves are read: the caller follows
 * links, and reads directories that are not found here.
 */
#pragma once

#include "libmod/base/map.h"
#include "libmod/sys/directory.h"

struct mod_directories_entry {
	const char *path;
	struct mod_arena arena;
	struct mod_directory dir; /* sorted by name */
	int error;                /* why it could not be read, or 0 */
};

struct mod_directories {
	struct mod_map known; /* path to struct mod_directories_entry */
	struct mod_arena arena;
};

/* Reads one directory, sorted by name; path is lent.  Sets its error
 * to the result.
 */
void mod_directories_read_one(struct mod_directories_entry *directory,
			      const char *path);
void mod_directories_fini_one(struct mod_directories_entry *directory);

/* Reads dir and all directories below it that skip() does not exclude.  0 or
 * -ENOMEM. */
_check_ int mod_directories_read(
	struct mod_directories *directories, const char *dir, unsigned threads,
	bool (*skip)(const void *data, const char *name), const void *data);

/* One that was read, or NULL. */
const struct mod_directories_entry *
mod_directories_get(const struct mod_directories *directories,
		    const char *path);
void mod_directories_fini(struct mod_directories *directories);
