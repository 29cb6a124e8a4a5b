/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/config/cmdline.h"

#include "libmod/base/name.h"

#include <string.h>

void mod_cmdline_init(struct mod_cmdline *cmdline, char *text, size_t len)
{
	*cmdline = (struct mod_cmdline){ .at = text, .end = text + len };
	*cmdline->end = '\0';
}

/* A word as it stands in the text. */
struct found {
	char *start;
	char *dot;    /* first one in front of a '='; NULL: none */
	char *equals; /* first one; NULL: none */
	bool quoted;  /* from the first byte on */
	bool bad;     /* not module.param or module.param=value */
};

/* As the kernel's isspace(); NUL is none of a command line's bytes. */
static inline bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

/* Takes note of a byte in front of the value. */
static void look_at(struct found *word, char *at)
{
	switch (*at) {
	case '.':
		word->bad |= word->dot != NULL;
		word->dot = at;
		break;
	case '=':
		word->bad |= !word->dot;
		word->equals = at;
		break;
	case '"':
		word->bad |= at != word->start;
		break;
	default:
		word->bad |= is_blank(*at);
	}
}

/* Takes the next word off the text; false at the end. */
static bool take_word(struct mod_cmdline *cmdline, struct found *word)
{
	char *at = cmdline->at, *end = cmdline->end;
	bool inside = false; /* of quotes */

	while (at < end && is_blank(*at))
		at++;
	*word = (struct found){ .start = at, .quoted = *at == '"' };
	for (; at < end && (inside || !is_blank(*at)); at++) {
		if (*at == '"')
			inside = !inside;
		else if (*at == '\t')
			*at = ' '; /* as in the options of modprobe.d */
		if (!word->equals)
			look_at(word, at);
	}
	word->bad |= inside || !word->dot;
	cmdline->at = at < end ? at + 1 : end;
	*at = '\0';
	return at > word->start;
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
	struct found word;

	if (!take_word(cmdline, &word))
		return NULL;
	strip_quotes(word.start);
	return word.start;
}

/* The next name of a list; false when none is left. */
static bool next_listed(struct mod_cmdline *cmdline,
			struct mod_cmdline_word *word)
{
	char *name;

	bool mask = cmdline->masks;

	while ((name = strsep(&cmdline->list, mask ? ", \t\n\v\f\r" : ","))) {
		bool mended = cmdline->quoted || strchr(name, '-');
		bool bad = *name &&
			(mask ? mod_name_listed(name)
			      : mod_name_normalise(name)) < 0;
		if (!*name || (bad && !mask))
			continue;
		*word = (struct mod_cmdline_word){ .blacklist = !mask,
						   .mask = mask,
						   .bad = bad,
						   .mended = mended,
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

bool mod_cmdline_next(struct mod_cmdline *cmdline,
		      struct mod_cmdline_word *word)
{
	struct found f;

	while (!next_listed(cmdline, word)) {
		if (!take_word(cmdline, &f))
			return false;
		if (strcmp(f.start, "--") == 0 ||
		    strcmp(f.start, "\"--\"") == 0) {
			cmdline->at = cmdline->end;
			return false;
		}
		if (f.bad)
			continue;
		if (f.quoted)
			move_quote(&f);
		if (take_list(cmdline, &f))
			continue;
		*f.dot = '\0';
		if (mod_name_normalise(f.start) == 0) {
			*word = (struct mod_cmdline_word){ .name = f.start,
							   .options =
								   f.dot + 1 };
			return true;
		}
	}
	return true;
}
