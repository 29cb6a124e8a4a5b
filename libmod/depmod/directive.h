/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* directive.h - the lines of a depmod.d file.
 *
 * Works in place, as config/lines.h.  Source: depmod.d(5).
 */
#pragma once

#include "libmod/config/lines.h"

enum mod_directive_kind {
	MOD_DIRECTIVE_SEARCH,   /* words: directories, "built-in", "external" */
	MOD_DIRECTIVE_OVERRIDE, /* module, kernel pattern, directory */
	MOD_DIRECTIVE_EXTERNAL, /* kernel pattern, absolute directory */
	MOD_DIRECTIVE_EXCLUDE,  /* words: names of files and directories */
	MOD_DIRECTIVE_NOTHING,  /* "include", "make_map_files": accepted */
};

struct mod_directive {
	enum mod_directive_kind kind;
	char *words;      /* the arguments; take with
			   * mod_lines_take_word() */
	const char *word; /* the first, for messages */
	unsigned line;
};

/* The next line that is neither empty nor a comment.  0; 1 at the end; -EINVAL
 * for a line that begins with another word.
 */
_check_ int mod_directive_next(struct mod_lines *conf,
			       struct mod_directive *line);
