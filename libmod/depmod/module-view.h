/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* module-view.h - one module of a graph, as the caller of mod_depmod_run() sees
 * it.
 */
#pragma once

#include "libmod/depmod/graph.h"
#include "libmod/libmod.h"

/* Calls fn for each module of a built graph.  Returns 0 or the result that fn
 * ended the walk with.
 */
_check_ int mod_module_view_each(const struct mod_graph *graph,
				 mod_depmod_module_fn *fn, void *data);
