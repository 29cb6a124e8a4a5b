/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* target.c - what a module that was found tells about itself. */
#include "libmod/act/find.h"

#include <errno.h>
#include <stdlib.h>

void mod_targets_fini(struct mod_targets *targets)
{
	free(targets->at);
	mod_arena_fini(&targets->arena);
	*targets = (struct mod_targets){ 0 };
}

void mod_targets_free(struct mod_targets *targets)
{
	if (!targets)
		return;
	mod_targets_fini(targets);
	free(targets);
}

/* Sets path and deps from a line of modules.dep. */
static int take_line(struct mod_tree *tree, struct mod_target *target,
		     const char *line)
{
	size_t len;
	const char *path = mod_tree_dep_next(&line, &len);

	target->deps = line;
	if (target->path || !path) /* the user's own file stands */
		return 0;
	target->path = mod_tree_path(tree, target->arena, path, len);
	return target->path ? 0 : -ENOMEM;
}

int mod_target_resolve(struct mod_target *target)
{
	struct mod_tree *tree;
	const char *line;
	int r;

	if (target->resolved)
		return 0;
	r = mod_tree_get(target->ctx, &tree);
	if (r == 0)
		r = mod_tree_dep(tree, target->name, &line);
	if (r == 0)
		r = take_line(tree, target, line);
	if (r < 0)
		return r;
	/* Neither a file of the user's nor a dependency is ever built in. */
	if (target->route != MOD_ROUTE_PATH && !target->builtin) {
		r = mod_tree_is_builtin(tree, target->name);
		if (r < 0)
			return r;
		target->builtin = r;
	}
	target->resolved = true;
	return 0;
}

size_t mod_targets_count(const struct mod_targets *targets)
{
	return targets->n;
}

const struct mod_target *mod_targets_at(const struct mod_targets *targets,
					size_t i)
{
	return i < targets->n ? &targets->at[i] : NULL;
}

const char *mod_target_name(const struct mod_target *target)
{
	return target->name;
}

const char *mod_target_path(const struct mod_target *target)
{
	/* No target is const where it was made. */
	return mod_target_resolve((struct mod_target *)target) < 0
		? NULL
		: target->path;
}

const char *mod_target_alias(const struct mod_target *target)
{
	return target->alias;
}

enum mod_route mod_target_route(const struct mod_target *target)
{
	return target->route;
}

int mod_target_is_builtin(const struct mod_target *target)
{
	return mod_target_resolve((struct mod_target *)target) == 0 &&
		target->builtin;
}

int mod_target_is_loaded(const struct mod_target *target)
{
	enum mod_state state;

	return mod_target_is_builtin(target) ||
		(mod_loaded_state_of(target->ctx, target->name, &state) == 0 &&
		 state == MOD_STATE_LIVE);
}
