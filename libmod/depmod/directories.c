/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/directories.h"

#include "libmod/base/grow.h"
#include "libmod/base/parallel.h"
#include "libmod/base/path.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Directories that are as deep as one another. */
struct level {
	struct mod_directories_entry **at;
	size_t n, cap;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct mod_directory_entry *)a)->name,
		      ((const struct mod_directory_entry *)b)->name);
}

void mod_directories_read_one(struct mod_directories_entry *directory,
			      const char *path)
{
	*directory = (struct mod_directories_entry){ .path = path };
	directory->error = strlen(path) < PATH_MAX
		? mod_directory_read(&directory->arena, path, &directory->dir)
		: -ENAMETOOLONG;
	if (directory->error == 0 && directory->dir.n > 1)
		qsort(directory->dir.at, directory->dir.n,
		      sizeof *directory->dir.at, by_name);
}

void mod_directories_fini_one(struct mod_directories_entry *directory)
{
	mod_arena_fini(&directory->arena);
}

static void read_one(void *data, unsigned worker, size_t i)
{
	const struct level *level = data;

	(void)worker;
	mod_directories_read_one(level->at[i], level->at[i]->path);
}

static int add(struct mod_directories *directories, struct level *level,
	       const char *path)
{
	void **slot;

	struct mod_directories_entry **at =
		mod_grow(level->at, &level->cap, level->n + 1, sizeof(void *));
	if (!at)
		return -ENOMEM;
	level->at = at;
	struct mod_directories_entry *directory =
		mod_arena_get(&directories->arena, sizeof *directory);
	if (!directory || mod_map_put(&directories->known, path, &slot) < 0)
		return -ENOMEM;
	directory->path = path;
	*slot = level->at[level->n++] = directory;
	return 0;
}

/* The directories in those of a level. */
static int add_next(struct mod_directories *directories,
		    const struct level *level, struct level *next,
		    bool (*skip)(const void *data, const char *name),
		    const void *data)
{
	for (size_t i = 0; i < level->n; i++) {
		const struct mod_directory *dir = &level->at[i]->dir;
		for (size_t k = 0; k < dir->n; k++) {
			if (dir->at[k].type != MOD_ENTRY_DIRECTORY ||
			    skip(data, dir->at[k].name))
				continue;
			const char *path = mod_path_join(&directories->arena,
							 level->at[i]->path,
							 dir->at[k].name);
			int r = path ? add(directories, next, path) : -ENOMEM;
			if (r < 0)
				return r;
		}
	}
	return 0;
}

int mod_directories_read(struct mod_directories *directories, const char *dir,
			 unsigned threads,
			 bool (*skip)(const void *data, const char *name),
			 const void *data)
{
	struct level level = { 0 };

	*directories = (struct mod_directories){ 0 };
	int r = add(directories, &level, dir);
	while (r == 0 && level.n > 0) {
		struct level next = { 0 };
		mod_parallel(threads, level.n, read_one, &level);
		r = add_next(directories, &level, &next, skip, data);
		free(level.at);
		level = next;
	}
	free(level.at);
	return r;
}

const struct mod_directories_entry *
mod_directories_get(const struct mod_directories *directories, const char *path)
{
	return mod_map_get(&directories->known, path);
}

void mod_directories_fini(struct mod_directories *directories)
{
	for (size_t i = 0; i < directories->known.cap; i++)
		if (directories->known.slots[i].value)
			mod_directories_fini_one(
				directories->known.slots[i].value);
	mod_map_fini(&directories->known);
	mod_arena_fini(&directories->arena);
}
