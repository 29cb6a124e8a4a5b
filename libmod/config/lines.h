/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lines.h - the lines of a modprobe.d file, and of modules.softdep.
 *
 * Works in place: the text is changed as it is read, and the strings of a line
 * point into it.  Source: modprobe.d(5).
 */
#pragma once

#include "libmod/base/cleanup.h"

#include <stdbool.h>
#include <stddef.h>

enum mod_line_kind {
	MOD_LINE_ALIAS,
	MOD_LINE_BLACKLIST,
	MOD_LINE_OPTIONS,
	MOD_LINE_INSTALL,
	MOD_LINE_REMOVE,
	MOD_LINE_SOFTDEP,
	MOD_LINE_WEAKDEP,
	MOD_LINE_MASK,
	MOD_LINE_ALLOW,
	MOD_LINE_POLICY,
	MOD_LINE_KINDS,                         /* so many in modprobe.d */
	MOD_LINE_MODULES_LOAD = MOD_LINE_KINDS, /* a line of modules-load.d */
};

struct mod_lines {
	char *at;      /* the rest of the text */
	char *end;     /* *end is writable and NUL */
	unsigned line; /* number of the last physical line read; from 1 */
	char *names;   /* the rest of a list of names, or NULL */
	enum mod_line_kind list; /* its kind */
};

struct mod_line {
	enum mod_line_kind kind;
	char *name;    /* module or pattern, normalised; policy: the word */
	char *rest;    /* alias: target, normalised; options, install, remove,
			* softdep, weakdep: the rest as written (options: tabs
			* made spaces); else NULL */
	unsigned line; /* number of the last physical line of this line */
	size_t len;    /* bytes of all of it, as written */
	const char *word; /* first word, for messages about a bad line; at most
			   * a line long, so clip it */
};

/* "alias", the first word of a line. */
const char *mod_lines_kind_name(enum mod_line_kind kind);

/* text[len] must be a writable byte after the text. */
void mod_lines_init(struct mod_lines *conf, char *text, size_t len);

/* The next line that is neither empty nor a comment; each name of a mask or
 * allow line is returned by itself, up to a word that begins with '#', and ends
 * at a '.'.  Returns 0; 1 at the end; -EINVAL for an invalid line, -EILSEQ for
 * a name in a list that no module can have (it is the word then), -EOPNOTSUPP
 * for the old "include" and "config"; the caller warns and goes on.  A
 * backslash joins lines and is dropped elsewhere; '#' in column 0 is a comment;
 * CR at the end of a line counts as a space, and a backslash before it still
 * joins; a NUL ends a line's text.
 */
_check_ int mod_lines_next(struct mod_lines *conf, struct mod_line *line);

/* The words of a softdep or weakdep line.  Takes the next word off the front
 * of *rest (in place) and returns it, NULL at the end.  *post follows the
 * markers "pre:" and "post:", which are not handed out; *marked is false as
 * long as no marker was seen.  A weakdep line has no markers: both are NULL
 * then, and every word is handed out.
 */
char *mod_lines_next_softdep(char **rest, bool *marked, bool *post);

/* For other files of this kind (depmod/directive.h).  Takes the next line off
 * the text, joined and without backslashes, comments and empty lines too; NULL
 * at the end.
 */
char *mod_lines_take_line(struct mod_lines *conf);

/* Takes the next word off the front of *at, or NULL. */
char *mod_lines_take_word(char **at);
