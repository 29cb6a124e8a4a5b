/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/directive.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *word;
	enum mod_directive_kind kind;
} kinds[] = {
	{ "search", MOD_DIRECTIVE_SEARCH },
	{ "override", MOD_DIRECTIVE_OVERRIDE },
	{ "external", MOD_DIRECTIVE_EXTERNAL },
	{ "exclude", MOD_DIRECTIVE_EXCLUDE },
	{ "include", MOD_DIRECTIVE_NOTHING },
	{ "make_map_files", MOD_DIRECTIVE_NOTHING },
};

int mod_directive_next(struct mod_lines *conf, struct mod_directive *line)
{
	char *text;

	while ((text = mod_lines_take_line(conf))) {
		if (*text == '#')
			continue;
		line->word = mod_lines_take_word(&text);
		if (!line->word)
			continue;
		line->line = conf->line;
		line->words = text;
		for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
			if (strcmp(line->word, kinds[i].word) != 0)
				continue;
			line->kind = kinds[i].kind;
			return 0;
		}
		return -EINVAL;
	}
	return 1;
}
