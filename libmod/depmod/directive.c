/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/directive.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *word;
	enum mod_depconf_kind kind;
} kinds[] = {
	{ "search", MOD_DEPCONF_SEARCH },
	{ "override", MOD_DEPCONF_OVERRIDE },
	{ "external", MOD_DEPCONF_EXTERNAL },
	{ "exclude", MOD_DEPCONF_EXCLUDE },
	{ "include", MOD_DEPCONF_NOTHING },
	{ "make_map_files", MOD_DEPCONF_NOTHING },
};

int mod_depconf_next(struct mod_conf *conf, struct mod_depconf_line *line)
{
	char *text;

	while ((text = mod_conf_take_line(conf))) {
		if (*text == '#')
			continue;
		line->word = mod_conf_take_word(&text);
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
