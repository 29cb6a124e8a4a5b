/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/path.h"

#include <string.h>

/* Not snprintf(), which would be most of the cost of opening a small index. */
bool mod_path_concat_parts(char *buf, size_t size, const char *const *parts)
{
	size_t len = 0;

	for (; *parts; parts++) {
		size_t n = strlen(*parts);
		if (n >= size - len) {
			*buf = '\0';
			return false;
		}
		memcpy(buf + len, *parts, n);
		len += n;
	}
	buf[len] = '\0';
	return true;
}

char *mod_path_new_parts(struct mod_arena *arena, const char *const *parts)
{
	size_t size = 1;

	for (const char *const *part = parts; *part; part++)
		size += strlen(*part);
	char *path = mod_arena_raw(arena, size);
	if (path)
		mod_path_concat_parts(path, size, parts);
	return path;
}

char *mod_path_join(struct mod_arena *arena, const char *dir, const char *name)
{
	return mod_path_new(arena, dir, "/", name, NULL);
}
