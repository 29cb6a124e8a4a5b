/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/load/check.h"

#include "libmod/base/name.h"
#include "libmod/ctx/error.h"
#include "libmod/live/loaded.h"
#include "libmod/load/policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* modprobe NAME: an alias line may make something else of it. */
static int add_own_name(struct mod_check *check, struct mod_targets *found)
{
	size_t had = check->n;

	for (size_t i = 0; i < found->n; i++) {
		int r = mod_check_try(check, &found->at[i], MOD_ROUTE_NAME,
				      NULL);
		if (r < 0)
			return r;
	}
	if (check->n > had)
		return 0;
	return mod_check_add(
		check,
		&(struct mod_check_path){ .route = MOD_ROUTE_NAME,
					  .outcome = MOD_PATH_CLOSED,
					  .barrier = MOD_BARRIER_ALIAS,
					  .rule = found->at[0].rule,
					  .module = found->at[0].name });
}

/* A name that nothing has may be masked all the same. */
static int add_mask(struct mod_check *check)
{
	const struct mod_rule *rule;
	int r = mod_policy_mask(check->ctx, check->name, 0, &rule);

	if (r < 0 || !rule)
		return r;
	check->known = true;
	return mod_check_add(
		check,
		&(struct mod_check_path){ .route = MOD_ROUTE_NAME,
					  .outcome = MOD_PATH_CLOSED,
					  .barrier = MOD_BARRIER_MASK,
					  .rule = rule,
					  .module = check->name });
}

static int add_paths(struct mod_check *check)
{
	struct mod_arena arena = { 0 };
	struct mod_targets found = { .arena = &arena };
	int r = mod_find_in(check->ctx, MOD_FIND_ALL, check->name, &found);

	if (r == -EINVAL)
		r = 1; /* brackets that do not pair: nothing has that name */
	check->known = r == 0;
	if (r == 0)
		r = add_own_name(check, &found);
	else if (r == 1)
		r = add_mask(check);
	mod_arena_fini(&arena);
	return r < 0 ? r : mod_check_add_paths(check);
}

static int is_loaded(struct mod_check *check)
{
	enum mod_state state;
	int r = mod_loaded_read_state(check->ctx, check->name, &state);

	/* A built-in may have a directory there, but no state. */
	return r < 0 ? r
		     : state == MOD_STATE_LIVE || state == MOD_STATE_GOING ||
			(state == MOD_STATE_COMING && check->known);
}

static int decide(struct mod_check *check)
{
	struct mod_tree *tree;
	int r = mod_tree_get(check->ctx, &tree);

	if (r == 0)
		r = mod_tree_is_builtin(tree, check->name);

	check->state = MOD_CHECK_BUILTIN;
	if (r != 0)
		return r < 0 ? r : 0;
	r = add_paths(check);
	if (r == 0)
		r = is_loaded(check);
	check->state = MOD_CHECK_LOADED;
	if (r != 0)
		return r < 0 ? r : 0;
	check->state = check->known ? MOD_CHECK_BLOCKED : MOD_CHECK_UNKNOWN;
	for (size_t i = 0; i < check->n; i++)
		if (check->at[i].outcome != MOD_PATH_CLOSED)
			check->state = MOD_CHECK_LOADABLE;
	return 0;
}

void mod_check_free(struct mod_check *check)
{
	if (!check)
		return;
	free(check->at);
	mod_arena_fini(&check->arena);
	free(check);
}
MOD_CLEANUP(struct mod_check *, mod_check_free)

static int make_check(struct mod_ctx *ctx, const char *name,
		      struct mod_check **out)
{
	_cleanup_(mod_check_freep) struct mod_check *check =
		calloc(1, sizeof *check);
	char buf[MOD_NAME_MAX];

	if (!check)
		return -ENOMEM;
	check->ctx = ctx;
	int r = mod_name_of(buf, sizeof buf, name);
	if (r < 0)
		return r;
	check->name = mod_arena_strn(&check->arena, buf, strlen(buf));
	r = check->name ? decide(check) : -ENOMEM;
	if (r < 0)
		return r;
	*out = mod_take(check);
	return 0;
}

int mod_check_new(struct mod_ctx *ctx, const char *name, struct mod_check **out)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, make_check(ctx, name, out));
}

const char *mod_check_name(const struct mod_check *check)
{
	return check->name;
}

enum mod_check_state mod_check_state(const struct mod_check *check)
{
	return check->state;
}

int mod_check_kmod_loads(const struct mod_check *check)
{
	for (size_t i = 0; i < check->n; i++)
		if (check->at[i].kmod_loads)
			return 1;
	return 0;
}

size_t mod_check_count(const struct mod_check *check)
{
	return check->n;
}

const struct mod_check_path *mod_check_at(const struct mod_check *check,
					  size_t i)
{
	return i < check->n ? &check->at[i] : NULL;
}

enum mod_route mod_check_path_route(const struct mod_check_path *path)
{
	return path->route;
}

const char *mod_check_path_via(const struct mod_check_path *path)
{
	return path->via;
}

enum mod_check_path_outcome
mod_check_path_outcome(const struct mod_check_path *path)
{
	return path->outcome;
}

enum mod_barrier mod_check_path_barrier(const struct mod_check_path *path)
{
	return path->barrier;
}

const struct mod_rule *mod_check_path_rule(const struct mod_check_path *path)
{
	return path->rule;
}

const char *mod_check_path_module(const struct mod_check_path *path)
{
	return path->module;
}

const char *mod_check_path_command(const struct mod_check_path *path)
{
	return path->command;
}

int mod_check_path_kmod_loads(const struct mod_check_path *path)
{
	return path->kmod_loads;
}
