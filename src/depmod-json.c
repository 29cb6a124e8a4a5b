/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* depmod-json.c - the modules of a tree and what each needs, as JSON. */
#include "src/depmod.h"
#include "src/json.h"

#include <errno.h>

/* By name, from the last to the first. */
static struct js *names(const struct mod_graph *graph, const uint32_t *at,
			uint32_t n)
{
	struct js *list = js_array();

	while (n-- > 0)
		js_add(list, js_text(graph->at[at[n]].name));
	return list;
}

static struct js *module(const struct mod_graph *graph,
			 const struct mod_graph_module *m)
{
	struct js *object = js_object();
	struct js *direct = js_array();

	for (uint32_t i = 0; i < m->dep_count; i++)
		js_add(direct, js_text(graph->at[m->deps[i]].name));
	js_put(object, "name", js_text(m->name));
	js_put(object, "path", js_text(m->path));
	js_put(object, "depends", direct);
	js_put(object, "loads", names(graph, m->all, m->all_count));
	return object;
}

int depmod_json(void *data, const struct mod_graph *graph)
{
	struct js *list = js_array();

	(void)data;
	for (uint32_t i = 0; i < graph->n; i++)
		js_add(list, module(graph, &graph->at[i]));
	return js_end(list) == 0 ? 0 : -ENOMEM;
}
