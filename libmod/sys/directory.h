/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* directory.h - the entries of a directory. */
#pragma once

#include "libmod/base/arena.h"
#include "libmod/base/cleanup.h"

#include <stdbool.h>
#include <stddef.h>

enum mod_directory_type {
	MOD_ENTRY_FILE,
	MOD_ENTRY_DIRECTORY,
	MOD_ENTRY_LINK, /* not followed yet */
	MOD_ENTRY_OTHER,
	MOD_ENTRY_UNKNOWN, /* the file system does not report it */
};

struct mod_directory_entry {
	const char *name;
	enum mod_directory_type type;
};

struct mod_directory {
	struct mod_directory_entry *at; /* in the arena given */
	size_t n;
};

/* All entries but "." and "..", in the order of the directory.  Returns 0 or
 * -errno.
 */
_check_ int mod_directory_read(struct mod_arena *arena, const char *path,
			       struct mod_directory *out);
/* Makes the directory of an absolute path and those above it, where absent.
 * Returns 0; or -errno, and then path ends at the directory that could not be
 * made.
 */
_check_ int mod_directory_make(char *path);
