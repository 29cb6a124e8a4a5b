/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* target.c - the fields of a module that was found. */
#include "libmod/load/target.h"

#include "libmod/base/name.h"
#include "libmod/ctx/error.h"
#include "libmod/live/loaded.h"

#include <errno.h>
#include <string.h>

void mod_targets_free(struct mod_targets *targets)
{
	if (!targets)
		return;
	struct mod_arena arena = *targets->arena; /* it lies in itself */
	mod_arena_fini(&arena);
}

/* Sets path and deps from a line of modules.dep. */
static int take_line(struct mod_tree *tree, struct mod_target *target,
		     const char *line)
{
	size_t len;
	const char *path = mod_tree_dep_next(&line, &len);

	target->deps = line;
	if (target->path || !path) /* keeps the user's own file */
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

/* A word of the line of another module. */
static int take_dependency(const struct mod_target *target,
			   struct mod_tree *tree, struct mod_arena *arena,
			   const char *path, size_t len, struct mod_target *out)
{
	char text[MOD_NAME_MAX], name[MOD_NAME_MAX];

	if (len >= sizeof text)
		return -ENAMETOOLONG;
	text[len] = '\0';
	memcpy(text, path, len);
	int r = mod_name_of_path(name, sizeof name, text);
	if (r < 0)
		return r;
	*out = (struct mod_target){
		.ctx = target->ctx,
		.arena = arena,
		.name = mod_arena_strn(arena, name, strlen(name)),
		.path = mod_tree_path(tree, arena, path, len),
		.route = MOD_ROUTE_DEPENDENCY,
		.resolved = true, /* its line is part of this one */
	};
	return out->name && out->path ? 0 : -ENOMEM;
}

int mod_target_dependencies(struct mod_target *target, struct mod_arena *arena,
			    struct mod_target **out, size_t *count)
{
	struct mod_tree *tree;
	size_t len, n = 0;

	int r = mod_target_resolve(target);
	if (r == 0)
		r = mod_tree_get(target->ctx, &tree);
	if (r < 0)
		return r;
	for (const char *line = target->deps;
	     line && mod_tree_dep_next(&line, &len);)
		n++;
	struct mod_target *at = mod_arena_get(arena, n * sizeof *at);
	if (!at)
		return -ENOMEM;
	const char *line = target->deps;
	for (size_t i = n; i-- > 0 && r == 0;) {
		const char *path = mod_tree_dep_next(&line, &len);
		r = take_dependency(target, tree, arena, path, len, &at[i]);
	}
	*out = at;
	*count = n;
	return r;
}

int mod_target_copy(struct mod_target *out, const struct mod_target *target,
		    struct mod_arena *arena)
{
	const char *name = target->name, *path = target->path,
		   *alias = target->alias;

	*out = *target;
	out->arena = arena;
	out->name = mod_arena_strn(arena, name, strlen(name));
	if (path)
		out->path = mod_arena_strn(arena, path, strlen(path));
	if (alias)
		out->alias = mod_arena_strn(arena, alias, strlen(alias));
	return out->name && !path == !out->path && !alias == !out->alias
		? 0
		: -ENOMEM;
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

const char *mod_target_alias(const struct mod_target *target)
{
	return target->alias;
}

const struct mod_rule *mod_target_rule(const struct mod_target *target)
{
	return target->rule;
}

enum mod_route mod_target_route(const struct mod_target *target)
{
	return target->route;
}

/* The caller's target stays as it is: what is looked up is in a copy, and in
 * the arena of the target's list.
 */
static int find_path(const struct mod_target *target, const char **path)
{
	struct mod_target own = *target;
	int r = mod_target_resolve(&own);

	if (r == 0 && own.path)
		*path = own.path;
	return r < 0 ? r : !own.path;
}

static int is_builtin(const struct mod_target *target)
{
	struct mod_target own = *target;
	int r = mod_target_resolve(&own);

	return r < 0 ? r : own.builtin;
}

int mod_target_path(const struct mod_target *target, const char **path)
{
	mod_error_clear(target->ctx);
	return mod_error_end(target->ctx, find_path(target, path));
}

int mod_target_is_builtin(const struct mod_target *target)
{
	mod_error_clear(target->ctx);
	return mod_error_end(target->ctx, is_builtin(target));
}

int mod_target_is_loaded(const struct mod_target *target)
{
	mod_error_clear(target->ctx);
	int r = is_builtin(target);
	if (r == 0)
		r = mod_loaded_is_live(target->ctx, target->name);
	return mod_error_end(target->ctx, r);
}
