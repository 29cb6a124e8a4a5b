/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* depmod-json.c - the modules of a tree and what each needs, as JSON. */
#include "src/depmod.h"
#include "src/json.h"

/* Makes an array of the names at(module, 0) to at(module, n - 1). */
static struct js *
names(const struct mod_depmod_module *module, size_t n,
      const char *(*at)(const struct mod_depmod_module *module, size_t i))
{
	struct js *list = js_array();

	for (size_t i = 0; i < n; i++)
		js_add(list, js_text(at(module, i)));
	return list;
}

static int add_module(void *data, const struct mod_depmod_module *module)
{
	const struct depmod *d = data;
	struct js *object = js_object();

	js_put(object, "name", js_text(mod_depmod_module_name(module)));
	js_put(object, "path", js_text(mod_depmod_module_path(module)));
	js_put(object, "depends",
	       names(module, mod_depmod_module_depends_count(module),
		     mod_depmod_module_depends_at));
	js_put(object, "loads",
	       names(module, mod_depmod_module_loads_count(module),
		     mod_depmod_module_loads_at));
	js_add(d->modules, object);
	return 0;
}

int depmod_json(struct depmod *d, struct mod_depmod_result *result)
{
	d->modules = js_array();
	d->opts.module = add_module;
	int r = mod_depmod_run(d->ctx, &d->opts, result);
	if (r == 0)
		return js_end(d->modules);
	js_drop(d->modules);
	return r;
}
