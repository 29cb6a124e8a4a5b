/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cycles.h - modules that need each other. */
#pragma once

#include "libmod/depmod/graph.h"

/* A dependency cycle, by the places of its modules in the graph; the last needs
 * the first. */
typedef void mod_cycle_fn(void *data, const struct mod_graph *graph,
			  const uint32_t *cycle, uint32_t n);

/* Reports cycles in a graph for which mod_graph_build() returned 1, until every
 * module that is in one was named: those that share modules may be more than
 * can ever be listed.  *count: modules named.  Returns 0 or -ENOMEM.
 */
_check_ int mod_cycles_each(const struct mod_graph *graph, mod_cycle_fn *fn,
			    void *data, uint32_t *count);
