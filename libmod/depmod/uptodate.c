/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/uptodate.h"

#include "libmod/base/map.h"
#include "libmod/base/path.h"
#include "libmod/depmod/output.h"
#include "libmod/sys/file.h"
#include "libmod/sys/replace.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_LIMIT = 256 << 20, INDEX_LEAST = 12 }; /* bytes */

static bool is_older(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
		(a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* A file that was moved here has an old mtime, but a new ctime. */
static bool is_newer(const char *path, const struct timespec *than)
{
	struct stat st;

	return stat(path, &st) < 0 || is_older(than, &st.st_mtim) ||
		is_older(than, &st.st_ctim);
}

/* When the oldest output was written: a run that was killed left some that are
 * newer.  False if an output is missing, an index is too short to be one, or a
 * run is in progress or left its temporary file.
 */
static bool find_oldest(const char *out_dir, struct timespec *oldest)
{
	char path[PATH_MAX + 64];
	struct stat st;

	for (int i = 0; i < MOD_OUTPUTS; i++) {
		enum mod_output which = (enum mod_output)i;
		mod_path_concat(path, sizeof path, out_dir, "/",
				mod_output_name(which), NULL);
		if (stat(path, &st) < 0 ||
		    mod_replace_is_begun(out_dir, mod_output_name(which)) ||
		    (!mod_output_is_text(which) && st.st_size < INDEX_LEAST))
			return false;
		if (i == 0 || is_older(&st.st_mtim, oldest))
			*oldest = st.st_mtim;
	}
	return true;
}

static bool is_input_newer(const char *dir, const struct timespec *than)
{
	static const char *const names[] = { "modules.order", "modules.builtin",
					     "modules.builtin.modinfo" };
	char path[PATH_MAX + 64];
	struct stat st;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		mod_path_concat(path, sizeof path, dir, "/", names[i], NULL);
		if (stat(path, &st) == 0 && is_newer(path, than))
			return true;
	}
	return false;
}

/* Outputs are renamed into place, so the tree's own directory is always a
 * little newer than they are; everything below it counts.
 */
static bool is_found_newer(const char *dir, const struct mod_collection *found,
			   const struct timespec *than)
{
	for (size_t i = 0; i < found->directory_n; i++)
		if (strcmp(found->directories[i], dir) != 0 &&
		    is_newer(found->directories[i], than))
			return true;
	for (size_t i = 0; i < found->n; i++)
		if (is_newer(found->at[i].path, than))
			return true;
	return false;
}

/* Whether the lines of modules.dep begin with these names, in any order. */
static bool lists_all(char *text, size_t len, const struct mod_map *names)
{
	size_t lines = 0;

	for (char *at = text, *end; at < text + len; at = end + 1, lines++) {
		end = memchr(at, '\n', len - (size_t)(at - text));
		char *colon = end ? memchr(at, ':', (size_t)(end - at)) : NULL;
		if (!colon)
			return false;
		*colon = '\0';
		if (!mod_map_get(names, at))
			return false;
	}
	return lines == names->count;
}

/* The configuration, or a directory's names, may have changed since. */
static bool is_same_set(const char *out_dir, const struct mod_collection *found)
{
	_cleanup_(mod_map_fini) struct mod_map names = { 0 };
	_cleanup_(mod_arena_fini) struct mod_arena arena = { 0 };
	char path[PATH_MAX + 64], *text;
	size_t len;
	void **slot;

	for (size_t i = 0; i < found->n; i++) {
		if (mod_map_put(&names, found->at[i].shown, &slot) < 0)
			return false;
		*slot = &found->at[i];
	}
	mod_path_concat(path, sizeof path, out_dir, "/",
			mod_output_name(MOD_OUTPUT_DEP), NULL);
	return mod_file_read(&arena, path, TEXT_LIMIT, &text, &len) == 0 &&
		lists_all(text, len, &names);
}

bool mod_depmod_uptodate(const char *dir, const char *out_dir,
			 const struct mod_collection *found)
{
	struct timespec oldest = { 0 };

	return find_oldest(out_dir, &oldest) && !is_input_newer(dir, &oldest) &&
		!is_found_newer(dir, found, &oldest) &&
		is_same_set(out_dir, found);
}
