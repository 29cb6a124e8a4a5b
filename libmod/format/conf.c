/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/format/conf.h"

#include "libmod/base/name.h"

#include <errno.h>
#include <string.h>

void mod_conf_init(struct mod_conf *conf, char *text, size_t len)
{
	*conf = (struct mod_conf){ .at = text, .end = text + len };
	*conf->end = '\0';
}

/* Takes one logical line off the text, joined and without backslashes, ended
 * by NUL.  NULL at the end.
 */
static char *take_line(struct mod_conf *conf)
{
	char *start = conf->at, *to = start, *from = start;

	if (from >= conf->end)
		return NULL;
	while (from < conf->end) {
		char c = *from++;
		if (c == '\n')
			break;
		if (c == '\\') {
			if (from == conf->end)
				break;
			c = *from++;
			if (c == '\r' && from < conf->end && *from == '\n')
				c = *from++;
			if (c == '\n') {
				conf->line++;
				continue;
			}
		} else if (c == '\r' && (from == conf->end || *from == '\n')) {
			c = ' ';
		}
		*to++ = c;
	}
	conf->line++;
	conf->at = from;
	*to = '\0'; /* to is behind nothing unread: at least one was read */
	return start;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Takes the next word off *at, which then stands one blank behind it. */
static char *take_word(char **at)
{
	char *word = *at;

	while (is_blank(*word))
		word++;
	if (!*word)
		return NULL;
	char *end = word;
	while (*end && !is_blank(*end))
		end++;
	*at = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

static const struct {
	const char *word;
	enum mod_conf_kind kind;
} kinds[] = {
	{ "alias", MOD_CONF_ALIAS },	 { "blacklist", MOD_CONF_BLACKLIST },
	{ "options", MOD_CONF_OPTIONS }, { "install", MOD_CONF_INSTALL },
	{ "remove", MOD_CONF_REMOVE },	 { "softdep", MOD_CONF_SOFTDEP },
	{ "weakdep", MOD_CONF_WEAKDEP },
};

static int parse(char *at, struct mod_conf_line *line)
{
	size_t i = 0, n = sizeof kinds / sizeof *kinds;

	line->word = take_word(&at);
	while (i < n && strcmp(line->word, kinds[i].word) != 0)
		i++;
	if (i == n)
		return strcmp(line->word, "include") == 0 ||
				strcmp(line->word, "config") == 0
			? -EOPNOTSUPP
			: -EINVAL;
	line->kind = kinds[i].kind;
	line->name = take_word(&at);
	line->rest = NULL;
	if (!line->name || mod_name_normalise(line->name) < 0)
		return -EINVAL;
	if (line->kind == MOD_CONF_BLACKLIST)
		return 0;
	if (line->kind == MOD_CONF_ALIAS) {
		line->rest = take_word(&at);
		return line->rest ? mod_name_normalise(line->rest) : -EINVAL;
	}
	line->rest = at;
	if (line->kind == MOD_CONF_OPTIONS)
		for (; (at = strchr(at, '\t')); at++)
			*at = ' ';
	return *line->rest ? 0 : -EINVAL;
}

int mod_conf_next(struct mod_conf *conf, struct mod_conf_line *line)
{
	char *text;

	while ((text = take_line(conf))) {
		line->line = conf->line;
		if (*text != '#' && text[strspn(text, " \t")])
			return parse(text, line);
	}
	return 1;
}

char *mod_conf_softdep_next(char **rest, bool *marked, bool *post)
{
	char *word;

	while ((word = take_word(rest))) {
		bool pre = strcmp(word, "pre:") == 0;
		if (!pre && strcmp(word, "post:") != 0)
			return word;
		*marked = true;
		*post = !pre;
	}
	return NULL;
}
