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
static int add_own_name(struct mod_check *answer, struct mod_targets *found)
{
	size_t had = answer->n;

	for (size_t i = 0; i < found->n; i++) {
		int r = mod_check_try(answer, &found->at[i], MOD_ROUTE_NAME,
				      NULL);
		if (r < 0)
			return r;
	}
	if (answer->n > had)
		return 0;
	return mod_check_add(
		answer,
		&(struct mod_check_path){ .route = MOD_ROUTE_NAME,
					  .outcome = MOD_PATH_CLOSED,
					  .barrier = MOD_BARRIER_ALIAS,
					  .rule = found->at[0].rule,
					  .module = found->at[0].name });
}

/* A name that nothing has may be masked all the same. */
static int add_mask(struct mod_check *answer)
{
	const struct mod_rule *rule;
	int r = mod_policy_mask(answer->ctx, answer->name, 0, &rule);

	if (r < 0 || !rule)
		return r;
	answer->known = true;
	return mod_check_add(
		answer,
		&(struct mod_check_path){ .route = MOD_ROUTE_NAME,
					  .outcome = MOD_PATH_CLOSED,
					  .barrier = MOD_BARRIER_MASK,
					  .rule = rule,
					  .module = answer->name });
}

static int add_ways(struct mod_check *answer)
{
	struct mod_arena arena = { 0 };
	struct mod_targets found = { .arena = &arena };
	int r = mod_find_in(answer->ctx, MOD_FIND_ALL, answer->name, &found);

	if (r == -EINVAL)
		r = 1; /* brackets that do not pair: nothing has that name */
	answer->known = r == 0;
	if (r == 0)
		r = add_own_name(answer, &found);
	else if (r == 1)
		r = add_mask(answer);
	mod_arena_fini(&arena);
	return r < 0 ? r : mod_check_add_paths(answer);
}

static int is_loaded(struct mod_check *answer)
{
	enum mod_state state;
	int r = mod_loaded_read_state(answer->ctx, answer->name, &state);

	/* A built-in may have a directory there, but no state. */
	return r < 0 ? r
		     : state == MOD_STATE_LIVE || state == MOD_STATE_GOING ||
			(state == MOD_STATE_COMING && answer->known);
}

static int decide(struct mod_check *answer)
{
	struct mod_tree *tree;
	int r = mod_tree_get(answer->ctx, &tree);

	if (r == 0)
		r = mod_tree_is_builtin(tree, answer->name);

	answer->state = MOD_CHECK_BUILTIN;
	if (r != 0)
		return r < 0 ? r : 0;
	r = add_ways(answer);
	if (r == 0)
		r = is_loaded(answer);
	answer->state = MOD_CHECK_LOADED;
	if (r != 0)
		return r < 0 ? r : 0;
	answer->state = answer->known ? MOD_CHECK_BLOCKED : MOD_CHECK_UNKNOWN;
	for (size_t i = 0; i < answer->n; i++)
		if (answer->at[i].outcome != MOD_PATH_CLOSED)
			answer->state = MOD_CHECK_LOADABLE;
	return 0;
}

void mod_check_free(struct mod_check *answer)
{
	if (!answer)
		return;
	free(answer->at);
	mod_arena_fini(&answer->arena);
	free(answer);
}
MOD_CLEANUP(struct mod_check *, mod_check_free)

static int check(struct mod_ctx *ctx, const char *name, struct mod_check **out)
{
	_cleanup_(mod_check_freep) struct mod_check *answer =
		calloc(1, sizeof *answer);
	char buf[MOD_NAME_MAX];

	if (!answer)
		return -ENOMEM;
	answer->ctx = ctx;
	int r = mod_name_of(buf, sizeof buf, name);
	if (r < 0)
		return r;
	answer->name = mod_arena_strn(&answer->arena, buf, strlen(buf));
	r = answer->name ? decide(answer) : -ENOMEM;
	if (r < 0)
		return r;
	*out = mod_take(answer);
	return 0;
}

int mod_check_new(struct mod_ctx *ctx, const char *name, struct mod_check **out)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, check(ctx, name, out));
}

const char *mod_check_name(const struct mod_check *answer)
{
	return answer->name;
}

enum mod_check_state mod_check_state(const struct mod_check *answer)
{
	return answer->state;
}

int mod_check_kmod_loads(const struct mod_check *answer)
{
	for (size_t i = 0; i < answer->n; i++)
		if (answer->at[i].kmod_loads)
			return 1;
	return 0;
}

size_t mod_check_count(const struct mod_check *answer)
{
	return answer->n;
}

const struct mod_check_path *mod_check_at(const struct mod_check *answer,
					  size_t i)
{
	return i < answer->n ? &answer->at[i] : NULL;
}

enum mod_route mod_check_path_route(const struct mod_check_path *way)
{
	return way->route;
}

const char *mod_check_path_via(const struct mod_check_path *way)
{
	return way->of;
}

enum mod_check_path_outcome
mod_check_path_outcome(const struct mod_check_path *way)
{
	return way->outcome;
}

enum mod_barrier mod_check_path_barrier(const struct mod_check_path *way)
{
	return way->barrier;
}

const struct mod_rule *mod_check_path_rule(const struct mod_check_path *way)
{
	return way->rule;
}

const char *mod_check_path_module(const struct mod_check_path *way)
{
	return way->module;
}

const char *mod_check_path_command(const struct mod_check_path *way)
{
	return way->command;
}

int mod_check_path_kmod_loads(const struct mod_check_path *way)
{
	return way->kmod_loads;
}
