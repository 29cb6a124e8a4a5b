/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/module-view.h"

struct mod_depmod_module {
	const struct mod_graph *graph;
	const struct mod_graph_module *own; /* one of its */
};

int mod_module_view_each(const struct mod_graph *graph,
			 mod_depmod_module_fn *fn, void *data)
{
	int r = 0;

	for (uint32_t i = 0; i < graph->n && r == 0; i++)
		r = fn(data,
		       &(struct mod_depmod_module){ graph, &graph->at[i] });
	return r;
}

const char *mod_depmod_module_name(const struct mod_depmod_module *module)
{
	return module->own->name;
}

const char *mod_depmod_module_path(const struct mod_depmod_module *module)
{
	return module->own->path;
}

size_t mod_depmod_module_depends_count(const struct mod_depmod_module *module)
{
	return module->own->dep_count;
}

const char *mod_depmod_module_depends_at(const struct mod_depmod_module *module,
					 size_t i)
{
	const struct mod_graph_module *own = module->own;

	return i < own->dep_count ? module->graph->at[own->deps[i]].name : NULL;
}

size_t mod_depmod_module_loads_count(const struct mod_depmod_module *module)
{
	return module->own->all_count;
}

const char *mod_depmod_module_loads_at(const struct mod_depmod_module *module,
				       size_t i)
{
	const struct mod_graph_module *own = module->own;

	/* The graph has them in the opposite order, as modules.dep does. */
	return i < own->all_count
		? module->graph->at[own->all[own->all_count - 1 - i]].name
		: NULL;
}
