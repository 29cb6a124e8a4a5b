/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* directory.h - what a folder holds. */
#pragma once

#include "libmod/base/arena.h"
#include "libmod/base/cleanup.h"
#include "libmod/base/fds.h"

#include <stdbool.h>
#include <stddef.h>

enum mod_dirent_type {
	MOD_DIRENT_FILE,
	MOD_DIRENT_DIR,
	MOD_DIRENT_LINK, /* not followed yet */
	MOD_DIRENT_OTHER,
	MOD_DIRENT_UNKNOWN, /* the file system does not say */
};

struct mod_dirent {
	const char *name;
	enum mod_dirent_type type;
};

struct mod_dir {
	struct mod_dirent *at; /* in the arena given */
	size_t n;
};

/* All entries but "." and "..", in the order of the folder.  Returns 0 or
 * -errno.
 */
_check_ int mod_dir_read(struct mod_arena *arena, const char *path,
			 struct mod_dir *out);
/* The same; done gets the descriptor. */
_check_ int mod_dir_read_done(struct mod_arena *arena, const char *path,
			      struct mod_dir *out, struct mod_fds *done);

/* "DIR/NAME", in arena; NULL when memory is out. */
char *mod_dir_join(struct mod_arena *arena, const char *dir, const char *name);
