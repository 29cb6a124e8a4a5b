/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/name.h"

#include <errno.h>
#include <string.h>

/* to and from may be the same. */
static int normalise(char *to, size_t size, const char *from)
{
	bool inside = false; /* of [...] */

	for (; size > 0; size--, from++, to++) {
		*to = *from;
		switch (*from) {
		case '-':
			if (!inside)
				*to = '_';
			break;
		case '[':
			inside = true;
			break;
		case ']':
			if (!inside)
				return -EINVAL;
			inside = false;
			break;
		case '\0':
			return inside ? -EINVAL : 0;
		}
	}
	return -ENAMETOOLONG;
}

int mod_name_normalise(char *text)
{
	return normalise(text, SIZE_MAX, text);
}

int mod_name_listed(char *text)
{
	bool inside = false;
	char *end = NULL;

	for (char *at = text; *at; at++) {
		if (strchr("/,\"'", *at) || *at <= ' ' || *at > '~')
			return -EINVAL;
		if (*at == '.' && !inside && !end)
			end = at;
		else if (*at == '[' || *at == ']')
			inside = *at == '[';
	}
	if (end)
		*end = '\0';
	return *text ? mod_name_normalise(text) : -EINVAL;
}

int mod_name_query(char *buf, size_t size, const char *query)
{
	return normalise(buf, size, query);
}

int mod_name_of(char *buf, size_t size, const char *text)
{
	for (; size > 0; size--, text++, buf++) {
		if (*text == '\0' || *text == '.') {
			*buf = '\0';
			return 0;
		}
		*buf = *text == '-' ? '_' : *text;
	}
	return -ENAMETOOLONG;
}

int mod_name_of_path(char *buf, size_t size, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	return *base ? mod_name_of(buf, size, base) : -ENOENT;
}

bool mod_name_is_file(const char *path)
{
	static const char ends[][8] = { ".ko", ".ko.gz", ".ko.xz", ".ko.zst" };
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i]);
		if (len > n && memcmp(path + len - n, ends[i], n) == 0)
			return true;
	}
	return false;
}
