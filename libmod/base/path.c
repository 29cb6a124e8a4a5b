/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/path.h"

#include <stdarg.h>
#include <string.h>

/* Not snprintf(), which would be most of the cost of opening a small index. */
static bool concat(char *buf, size_t size, va_list parts)
{
	const char *part;
	size_t len = 0;

	while ((part = va_arg(parts, const char *))) {
		size_t n = strlen(part);
		if (n >= size - len) {
			*buf = '\0';
			return false;
		}
		memcpy(buf + len, part, n);
		len += n;
	}
	buf[len] = '\0';
	return true;
}

bool mod_path_concat(char *buf, size_t size, ...)
{
	va_list parts;

	va_start(parts, size);
	bool fits = concat(buf, size, parts);
	va_end(parts);
	return fits;
}

char *mod_path_new(struct mod_arena *arena, ...)
{
	va_list parts;
	const char *part;
	size_t size = 1;

	va_start(parts, arena);
	while ((part = va_arg(parts, const char *)))
		size += strlen(part);
	va_end(parts);
	char *path = mod_arena_raw(arena, size);
	va_start(parts, arena);
	if (path)
		concat(path, size, parts);
	va_end(parts);
	return path;
}

char *mod_path_join(struct mod_arena *arena, const char *dir, const char *name)
{
	return mod_path_new(arena, dir, "/", name, NULL);
}
