/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cmdline.h - module options and lists of the kernel command line.
 *
 * Works in place, as lines.h.  Source: the kernel's kernel-parameters text and
 * lib/cmdline.c next_arg(): whitespace separates words, '"' quotes, no escapes.
 */
#pragma once

#include "libmod/base/cleanup.h"

#include <stdbool.h>
#include <stddef.h>

struct mod_cmdline {
	char *at;
	char *end;   /* *end is writable and NUL */
	char *list;  /* the rest of a list, or NULL */
	bool masks;  /* it is modprobe.mask=, not modprobe.blacklist= */
	bool quoted; /* it had quotes */
};

struct mod_cmdline_word {
	bool blacklist;      /* modprobe.blacklist=: options is NULL */
	bool mask;           /* modprobe.mask=: likewise */
	bool bad;            /* a masked name that no module can have */
	bool kmod_ignores;   /* kmod does not apply this line */
	const char *name;    /* module, normalised; mask: or a pattern */
	const char *options; /* "param", "param=value", quotes kept */
};

/* text[len] must be a writable byte after the text. */
void mod_cmdline_init(struct mod_cmdline *cmdline, char *text, size_t len);

/* The next word, whatever it is, without its quotes; NULL at the end.  Not to
 * be mixed with the one below.
 */
char *mod_cmdline_next_word(struct mod_cmdline *cmdline);

/* The next word of the form module.param[=value], or "module.param=value" in
 * quotes, which are then moved around the value; each name of a
 * modprobe.blacklist= or modprobe.mask= list is returned by itself, without
 * quotes; whitespace separates names of the latter, too.  Everything else is
 * skipped; a word "--" ends the list, as it does in the kernel.  Returns false
 * at the end.
 */
bool mod_cmdline_next(struct mod_cmdline *cmdline,
		      struct mod_cmdline_word *word);
