/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* options.h - a tool's options: one table, from which come the structures of
 * getopt_long() and the text of --help.
 *
 * The table holds texts, not pointers to texts, so that nothing in it is
 * relocated when the program starts.  The completions of the shells come from
 * the manual pages.
 */
#pragma once

#include <getopt.h>
#include <stddef.h>

enum {
	OPTIONS_LONG = 256, /* first code of options without a letter */
	OPTIONS_MAX = 64,   /* names in a table */
};

struct option_row {
	short code;        /* the letter, or a number; 0: a heading */
	char names[38];    /* "json"; several with NUL between them */
	char argument[10]; /* "FILE"; "[=FILE]": optional; "": none */
	/* '\n' between lines, '@' is the module directory.  "": not shown,
	 * which is for older spellings.
	 */
	char help[118];
};

/* The rows of options that all tools share. */
#define OPTION_SYSLOG                                                          \
	{                                                                      \
		's', "syslog", "", "messages go to syslog, not to stderr"      \
	}
#define OPTION_VERBOSE                                                         \
	{                                                                      \
		'v', "verbose", "", "more messages; may be given again"        \
	}
#define OPTION_VERSION                                                         \
	{                                                                      \
		'V', "version", "", "show version"                             \
	}
#define OPTION_HELP                                                            \
	{                                                                      \
		'h', "help", "", "show this help"                              \
	}

struct options {
	const char *usage; /* the help text before the first row */
	size_t column;     /* where the help of a row begins */
	const struct option_row *rows;
	size_t n; /* rows */
};

/* { OPTIONS_ROWS(rows), ...}: an array and its length. */
#define OPTIONS_ROWS(array)                                                    \
	.rows = (array), .n = sizeof(array) / sizeof *(array)

/* Prints the help text. */
void options_help(const struct options *options);

/* A command line that is being read. */
struct options_reader {
	char letters[2 + 3 * OPTIONS_MAX];
	struct option names[OPTIONS_MAX + 1];
};

/* order: how getopt treats operands: "+", "-" or "", see getopt(3). */
void options_start(struct options_reader *reader, const struct options *options,
		   const char *order);

/* The code of the next option, as getopt_long() returns it. */
int options_next(const struct options_reader *reader, int argc, char **argv);
