/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* directories.h - the folders of a tree, read ahead by several threads.
 *
 * Only what a folder itself calls a folder is: links are for the caller, who
 * also reads what is not found here.
 */
#pragma once

#include "libmod/base/map.h"
#include "libmod/sys/directory.h"

struct mod_folder {
	const char *path;
	struct mod_arena arena;
	struct mod_dir dir; /* sorted by name */
	int error;          /* why it could not be read, or 0 */
};

struct mod_folders {
	struct mod_map known; /* path to struct mod_folder */
	struct mod_arena arena;
};

/* Reads one folder, sorted by name; path is lent.  Its error tells how it went.
 */
void mod_folder_read(struct mod_folder *folder, const char *path);
void mod_folder_fini(struct mod_folder *folder);

/* Reads dir and all below it but for what is to be skipped.  0 or -ENOMEM. */
_check_ int mod_folders_read(struct mod_folders *folders, const char *dir,
			     unsigned threads,
			     bool (*skip)(const void *data, const char *name),
			     const void *data);

/* One that was read, or NULL. */
const struct mod_folder *mod_folders_get(const struct mod_folders *folders,
					 const char *path);
void mod_folders_fini(struct mod_folders *folders);
