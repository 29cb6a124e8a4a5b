/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/config/load-lines.h"

#include <string.h>

void mod_load_lines_init(struct mod_load_lines *file, char *text, size_t len)
{
	*file = (struct mod_load_lines){ .at = text, .end = text + len };
	*file->end = '\0';
}

char *mod_load_lines_next(struct mod_load_lines *file)
{
	static const char spaces[] = " \t\r";

	while (file->at < file->end) {
		size_t left = (size_t)(file->end - file->at);
		char *line = file->at, *end = memchr(line, '\n', left);
		file->at = end ? end + 1 : file->end;
		file->line++;
		if (end)
			*end = '\0';
		line += strspn(line, spaces);
		end = line + strlen(line);
		while (end > line && strchr(spaces, end[-1]))
			*--end = '\0';
		if (*line && *line != '#' && *line != ';')
			return line;
	}
	return NULL;
}
