/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/parameter-values.h"

#include "libmod/base/grow.h"
#include "libmod/base/parameter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct parameter_value *find(struct parameter_values *live,
				    const char *name, size_t len)
{
	for (size_t i = 0; i < live->n; i++)
		if (mod_parameter_is_name(live->at[i].name,
					  live->at[i].name_len, name, len))
			return &live->at[i];
	return NULL;
}

/* NULL: memory. */
static struct parameter_value *add(struct parameter_values *live,
				   const char *name, size_t len)
{
	struct parameter_value *at =
		mod_grow(live->at, &live->cap, live->n + 1, sizeof *at);

	if (!at) {
		live->error = -ENOMEM;
		return NULL;
	}
	live->at = at;
	live->at[live->n] =
		(struct parameter_value){ .name = name, .name_len = len };
	return &live->at[live->n++];
}

/* No name comes twice, and a hostile module has a million: they are not looked
 * for.
 */
void parameter_values_add(void *data, const struct parameter *parm)
{
	struct parameter_value *to = add(data, parm->name, parm->name_len);

	if (!to)
		return;
	to->known = true;
	to->type = parm->type;
	to->type_len = parm->type_len;
	to->what = parm->what;
	to->what_len = parm->what_len;
}

static int take_value(void *data, const struct mod_parameter_value *from)
{
	struct parameter_values *live = data;
	size_t len = strlen(from->name);
	struct parameter_value *to = find(live, from->name, len);

	if (!to) { /* the module does not declare it: the name must be kept */
		char *copy = strdup(from->name);
		to = copy ? add(live, copy, len) : NULL;
		if (!to) {
			free(copy);
			return -ENOMEM;
		}
		to->own_name = copy;
	}
	to->known = true;
	to->error = from->error;
	free(to->value);
	to->value = from->value ? strdup(from->value) : NULL;
	return from->value && !to->value ? -ENOMEM : 0;
}

int parameter_values_read_kernel(struct parameter_values *live,
				 struct mod_ctx *ctx, const char *name)
{
	int r = mod_loaded_parameters_each(ctx, name, take_value, live);

	return r < 0 ? r : 0;
}

static int take_options(void *data, const struct mod_rule *rule)
{
	struct parameter_values *live = data;
	const char *options = mod_rule_text(rule);
	const char *end = options + strlen(options);
	struct mod_parameter p;

	while (mod_parameter_next(&options, end, &p)) {
		struct parameter_value *to = find(live, p.name, p.name_len);

		to = to ? to : add(live, p.name, p.name_len);
		if (!to)
			return -ENOMEM;
		to->set = p.value;
		to->set_len = p.value_len;
		to->rule = rule;
	}
	return 0;
}

int parameter_values_read_config(struct parameter_values *live,
				 struct mod_ctx *ctx, const char *name)
{
	return mod_options_each(ctx, name, take_options, live);
}

bool parameter_values_is_changed(const struct parameter_value *parm)
{
	return parm->rule && parm->value &&
		mod_parameter_differs(parm->type, parm->type_len, parm->set,
				      parm->set_len, parm->value,
				      strlen(parm->value));
}

void parameter_values_fini(struct parameter_values *live)
{
	for (size_t i = 0; i < live->n; i++) {
		free(live->at[i].value);
		free(live->at[i].own_name);
	}
	free(live->at);
	*live = (struct parameter_values){ 0 };
}
