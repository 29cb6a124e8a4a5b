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
	bool report; /* report unknown symbols; unset where the only reason
		      * would be a map without exported symbols */
};

/* Reads them; names are kept in texts.  The headers' Module.symvers replaces a
 * map without exported symbols.  Returns 0, or why a file cannot be read.
 */
_check_ int mod_kernel_symbols(struct mod_ctx *ctx,
			       struct mod_kernel_files *files,
			       struct mod_graph *graph,
			       struct mod_arena *texts);
