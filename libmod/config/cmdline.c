/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/config/cmdline.h"

#include "libmod/base/name.h"
#include "libmod/base/parameter.h"

#include <string.h>

void mod_cmdline_init(struct mod_cmdline *cmdline, char *text, size_t len)
{
	*cmdline = (struct mod_cmdline){ .at = text, .end = text + len };
	*cmdline->end = '\0';
}

/* A word as written in the text. */
struct found {
	char *start;
	char *dot;    /* first one in front of a '='; NULL: none */
	char *equals; /* first one; NULL: none */
	bool quoted;  /* from the first byte on, with a value */
	bool bad;     /* not module.param or module.param=value */
};

/* Finds the dot of a name; returns false when it is not MODULE.PARAMETER. */
static bool find_dot(char *name, const char *end, char **dot)
{
	for (char *at = name; at < end; at++) {
		switch (*at) {
		case ' ':
		case '\t':
		case '\n':
		case '\v':
		case '\f':
		case '\r':
		case '"':
		case '=':
		case '\0':
			return false;
		case '.':
			if (*dot)
				return false;
			*dot = at;
			break;
		default:
			break;
		}
	}
	return *dot != NULL;
}

/* Takes a word off the text. */
static struct found take_word(struct mod_cmdline *cmdline,
			      const struct mod_parameter *param)
{
	char *start = cmdline->at + (param->start - cmdline->at);
	char *name = start + (param->name - param->start);
	char *end = start + param->len, *name_end = end;
	struct found word = { .start = start,
			      .quoted = name > start && param->value };

	for (char *at = start; at < end; at++)
		if (*at == '\t')
			*at = ' '; /* as in the options of modprobe.d */
	if (param->value)
		word.equals = name_end = name + param->name_len;
	word.bad = !find_dot(name, name_end, &word.dot) || param->unclosed;
	*end = '\0';
	cmdline->at = end < cmdline->end ? end + 1 : end;
	return word;
}

/* Puts the first quote of a word in front of its value. */
static void move_quote(struct found *word)
{
	size_t n = (size_t)(word->equals - word->start); /* without it */

	memmove(word->start, word->start + 1, n);
	*word->equals-- = '"';
	word->dot--;
}

static void strip_quotes(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (*text != '"')
			*to++ = *text;
	*to = '\0';
}

char *mod_cmdline_next_word(struct mod_cmdline *cmdline)
{
	const char *at = cmdline->at;
	struct mod_parameter param;

	if (!mod_parameter_next_argument(&at, cmdline->end, &param))
		return NULL;
	char *word = take_word(cmdline, &param).start;
	strip_quotes(word);
	return word;
}

/* The next name of a list; false when none is left. */
static bool next_listed(struct mod_cmdline *cmdline,
			struct mod_cmdline_word *word)
{
	char *name;

	bool mask = cmdline->masks;

	while ((name = strsep(&cmdline->list, mask ? ", \t\n\v\f\r" : ","))) {
		bool kmod_ignores = cmdline->quoted || strchr(name, '-');
		bool bad = *name &&
			(mask ? mod_name_listed(name)
			      : mod_name_normalise(name)) < 0;
		if (!*name || (bad && !mask))
			continue;
		*word = (struct mod_cmdline_word){ .blacklist = !mask,
						   .mask = mask,
						   .bad = bad,
						   .kmod_ignores = kmod_ignores,
						   .name = name };
		return true;
	}
	return false;
}

/* Takes a word that is a list. */
static bool take_list(struct mod_cmdline *cmdline, const struct found *word)
{
	static const char blacklist[] = "modprobe.blacklist=";
	static const char mask[] = "modprobe.mask=";

	if (!word->equals)
		return false;
	cmdline->masks = strncmp(word->start, mask, sizeof mask - 1) == 0;
	if (!cmdline->masks &&
	    strncmp(word->start, blacklist, sizeof blacklist - 1) != 0)
		return false;
	cmdline->list = word->equals + 1;
	cmdline->quoted = strchr(cmdline->list, '"');
	strip_quotes(cmdline->list);
	return true;
}

/* Takes a word MODULE.PARAMETER[=VALUE], which may be a list; false for any
 * other.
 */
static bool take_options(struct mod_cmdline *cmdline, struct found *f,
			 struct mod_cmdline_word *word)
{
	if (f->bad)
		return false;
	if (f->quoted)
		move_quote(f);
	if (take_list(cmdline, f))
		return next_listed(cmdline, word);
	*f->dot = '\0';
	*word = (struct mod_cmdline_word){ .name = f->start,
					   .options = f->dot + 1 };
	return mod_name_normalise(f->start) == 0;
}

bool mod_cmdline_next(struct mod_cmdline *cmdline,
		      struct mod_cmdline_word *word)
{
	struct mod_parameter param;

	while (!next_listed(cmdline, word)) {
		const char *at = cmdline->at;
		if (!mod_parameter_next(&at, cmdline->end, &param)) {
			cmdline->at = cmdline->end;
			return false;
		}
		struct found f = take_word(cmdline, &param);
		if (take_options(cmdline, &f, word))
			return true;
	}
	return true;
}
