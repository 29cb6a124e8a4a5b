/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/symbol-lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void mod_symbol_lines_init(struct mod_symbol_lines *table, char *text,
			   size_t len)
{
	*table = (struct mod_symbol_lines){ text, text + len, 0 };
	*table->end = '\0';
}

/* Takes a line off the text and ends it by NUL; NULL at the end. */
static char *take_line(struct mod_symbol_lines *table)
{
	char *line = table->at;

	if (line >= table->end)
		return NULL;
	char *end = memchr(line, '\n', (size_t)(table->end - line));
	table->at = end ? end + 1 : table->end;
	if (end)
		*end = '\0';
	table->line++;
	return line;
}

int mod_symbol_lines_map(struct mod_symbol_lines *table, char prefix,
			 const char **name)
{
	static const char export_prefix[] = "__ksymtab_";
	char *line;

	while ((line = take_line(table))) {
		char *type = strchr(line, ' ');
		char *sym = type ? strchr(type + 1, ' ') : NULL;
		if (!sym)
			return -EINVAL;
		sym++;
		sym += prefix && *sym == prefix;
		if (strncmp(sym, export_prefix, strlen(export_prefix)) != 0)
			continue;
		sym += strlen(export_prefix);
		sym[strcspn(sym, " \t")] = '\0';
		*name = sym;
		return 0;
	}
	return 1;
}

int mod_symbol_lines_symvers(struct mod_symbol_lines *table, const char **name,
			     uint64_t *crc)
{
	static const char spaces[] = " \t";
	char *line, *rest, *end;

	while ((line = take_line(table))) {
		const char *number = strtok_r(line, spaces, &rest);
		const char *sym = strtok_r(NULL, spaces, &rest);
		const char *where = strtok_r(NULL, spaces, &rest);
		/* kmod does not use a line that ends after the third word,
		 * because its words do not end at LF.
		 */
		if (!where || strcmp(where, "vmlinux") != 0 || !*rest)
			continue;
		errno = 0;
		*crc = strtoul(number, &end, 16);
		if (errno || *end)
			return -EINVAL;
		*name = sym;
		return 0;
	}
	return 1;
}
