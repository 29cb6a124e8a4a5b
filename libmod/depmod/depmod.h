/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* depmod.h - a module tree's files to its indexes: scan, graph, write, replace.
 *
 * Messages go to the context's log; output that a user asked for goes to the
 * functions below.
 */
#pragma once

#include "libmod/ctx/ctx.h"
#include "libmod/depmod/graph.h"

#include <stdbool.h>

struct mod_depmod {
	const char *dir;     /* the tree, ROOT/lib/modules/VERSION */
	const char *out_dir; /* where outputs go */
	const char *version;
	char *const *files;  /* only these modules; NULL: the whole tree */
	const char *symvers; /* Module.symvers, or NULL */
	const char *map;     /* System.map, or NULL */
	char prefix;         /* symbols may begin with it; 0: none */
	bool report_symbols; /* unknown ones, and CRCs that differ */
	bool warn_duplicates;
	bool quick;            /* do nothing when the outputs are newer */
	bool no_sync;          /* do not wait for the disk */
	const char *cache_dir; /* where records are remembered; NULL: nowhere */
	const char *cache_name; /* the file there */
	unsigned threads;       /* 0: as many as there are CPUs to use */

	/* A text output, in place of replacing files; or NULL. */
	void (*show)(void *data, const char *text, size_t len);
	/* The graph, in place of all outputs; or NULL.  Its result is that of
	 * the run: 0 or -errno.
	 */
	int (*graph)(void *data, const struct mod_graph *graph);
	/* needer, symbol, provider: the first symbol of each edge; or NULL. */
	void (*edge)(void *data, const char *needs, const char *symbol,
		     const char *has);
	void (*progress)(void *data, size_t done, size_t n); /* or NULL */
	void *data;

	unsigned bad_modules; /* set: how many, or directories of them, could
			       * not be read */
	bool has_cycles; /* set: modules need each other; each was reported */
};

/* Returns 0; -ELOOP when modules need each other; else why nothing or not all
 * was written (mod_error_*()).
 */
_check_ int mod_depmod(struct mod_ctx *ctx, struct mod_depmod *run);
