/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* load-lines.h - the lines of a modules-load.d file: a name each.
 *
 * Works in place, as lines.h.  Source: modules-load.d(5).
 */
#pragma once

#include <stddef.h>

struct mod_load_lines {
	char *at;      /* the rest of the text */
	char *end;     /* *end is writable and NUL */
	unsigned line; /* number of the last line read; from 1 */
};

/* text[len] must be a writable byte after the text. */
void mod_load_lines_init(struct mod_load_lines *file, char *text, size_t len);

/* The next line that is neither empty nor a comment ('#' or ';' comes first),
 * without spaces around it; NULL at the end.  A NUL ends a line's text.
 */
char *mod_load_lines_next(struct mod_load_lines *file);
