/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rings.h - modules that need each other. */
#pragma once

#include "libmod/act/graph.h"

/* Tells of rings until every module that is in one was named once: those that
 * share modules may be more than can ever be listed.  *count: modules named.
 */
_check_ int mod_graph_rings(struct mod_graph *graph,
			    const struct mod_graph_hear *hear, uint32_t *count);
