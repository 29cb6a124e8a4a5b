/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kernel-symbols.h - adds the kernel's own exports to the graph. */
#pragma once

#include "libmod/ctx/ctx.h"
#include "libmod/depmod/graph.h"

struct mod_kernel_files {
	const char *symvers; /* Module.symvers, or NULL */
	const char *map;     /* else System.map, or NULL */
	const char *dir;     /* the tree, whose headers may help */
	char prefix;         /* symbols may begin with it; 0: none */
	bool report; /* unknown symbols are wanted; unset where that would
		      * only tell of a map without exported symbols */
};

/* Reads them; names are kept in texts.  A map without exported symbols makes
 * the headers' Module.symvers stand in.  Returns 0, or why a file cannot be
 * read.
 */
_check_ int mod_kernel_symbols(struct mod_ctx *ctx,
			       struct mod_kernel_files *files,
			       struct mod_graph *graph,
			       struct mod_arena *texts);
