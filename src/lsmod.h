/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lsmod.h - the two ways to print the loaded modules. */
#pragma once

#include "src/tool.h"

struct lsmod_column;

enum { LSMOD_COLUMNS_MAX = 16 };

struct lsmod_opts {
	bool json;
	const struct lsmod_column *sort; /* by its values; NULL: as they come */
	bool backwards;                  /* the sort */
	const struct lsmod_column *columns[LSMOD_COLUMNS_MAX];
	size_t n; /* columns; 0: the usual table */
};

/* The arguments of --sort and -o.  TOOL_GOES_ON, or exit status 1 (reported).
 */
int lsmod_set_sort(struct lsmod_opts *o, const char *key);
int lsmod_set_columns(struct lsmod_opts *o, const char *list);

/* The usual table, row by row: its header, once, and a module. */
void lsmod_header(void);
void lsmod_row(const char *name, uint64_t bytes, long count,
	       const char *holders);

/* Any other: sorted, with chosen columns, as JSON.  Returns the exit status. */
int lsmod_table(struct mod_ctx *ctx, const struct lsmod_opts *o);

/* Reports that the list of modules could not be read.  Returns 1. */
int lsmod_could_not(const struct mod_ctx *ctx, int error);
