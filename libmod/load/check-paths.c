/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check-paths.c - all ways to a module: aliases, dependents, softdeps. */
#include "libmod/base/map.h"
#include "libmod/base/match.h"
#include "libmod/base/name.h"
#include "libmod/load/check.h"
#include "libmod/load/command.h"
#include "libmod/load/policy.h"
#include "libmod/load/rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a plan means for one of its modules */

static int closed(struct mod_check_path *way, enum mod_barrier barrier,
		  const struct mod_rule *rule, const char *module)
{
	way->outcome = MOD_PATH_CLOSED;
	way->barrier = barrier;
	way->rule = rule;
	way->module = module;
	return 0;
}

static int closed_by_verdict(struct mod_check_path *way,
			     const struct mod_step *step)
{
	return closed(way,
		      step->verdict == MOD_VERDICT_MASKED
			      ? MOD_BARRIER_MASK
			      : MOD_BARRIER_UNLISTED,
		      step->rules[MOD_RULE_POLICY], step->policy_subject);
}

static int closed_by_command(struct mod_check_path *way,
			     const struct mod_step *step)
{
	way->command = step->command;
	return closed(way, MOD_BARRIER_COMMAND, step->rules[MOD_RULE_COMMAND],
		      step->name);
}

/* The step of the module itself. */
static int read_own(struct mod_check_path *way, const struct mod_step *step)
{
	switch (step->action) {
	case MOD_ACTION_REFUSED:
		return closed_by_verdict(way, step);
	case MOD_ACTION_COMMAND:
		if (mod_step_forbids(step))
			return closed_by_command(way, step);
		way->outcome = MOD_PATH_COMMAND;
		way->command = step->command;
		way->rule = step->rules[MOD_RULE_COMMAND];
		way->module = step->name;
		return 0;
	case MOD_ACTION_LOAD:
		way->outcome = MOD_PATH_OPEN;
		way->rule = step->rules[MOD_RULE_POLICY];
		return 0;
	default:
		return closed(way, MOD_BARRIER_ABSENT, NULL, step->name);
	}
}

/* A step before that of the module: does the plan end there? */
static bool ends_at(struct mod_check_path *way, const struct mod_step *step)
{
	int status;

	if (step->action == MOD_ACTION_NONE)
		return closed(way, MOD_BARRIER_ABSENT, NULL, step->name) == 0;
	return step->action == MOD_ACTION_COMMAND &&
		mod_command_is_void(step->command, &status) && status != 0 &&
		closed_by_command(way, step) == 0;
}

static const struct mod_step *find_refusal(struct mod_ctx *ctx,
					   const struct mod_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->at[i].action == MOD_ACTION_REFUSED &&
		    plan->at[i].required_by &&
		    !mod_step_is_loaded(ctx, &plan->at[i]))
			return &plan->at[i];
	return NULL;
}

int mod_check_read_plan(struct mod_ctx *ctx, const struct mod_plan *plan,
			const char *name, struct mod_check_path *way)
{
	const struct mod_step *own = mod_plan_step(plan, name);

	if (plan->blacklisted)
		return closed(way, MOD_BARRIER_BLACKLIST, plan->blacklisted,
			      plan->blacklisted->name);
	if (!own)
		return 1;
	if (mod_step_forbids(own))
		return read_own(way, own);
	const struct mod_step *refused = find_refusal(ctx, plan);
	if (refused)
		return closed_by_verdict(way, refused);
	for (const struct mod_step *step = plan->at; step < own; step++)
		if (step->required_by && !mod_step_is_loaded(ctx, step) &&
		    ends_at(way, step))
			return 0;
	return read_own(way, own);
}

/* ---- ways, one by one */

int mod_check_add(struct mod_check *answer, const struct mod_check_path *way)
{
	struct mod_arena *arena = &answer->arena;

	if (answer->n == answer->cap) {
		size_t cap = answer->cap ? answer->cap * 2 : 16;
		struct mod_check_path *at =
			reallocarray(answer->at, cap, sizeof *at);
		if (!at)
			return -ENOMEM;
		answer->at = at;
		answer->cap = cap;
	}
	struct mod_check_path *to = &answer->at[answer->n];
	*to = *way;
	if (way->of)
		to->of = mod_arena_strn(arena, way->of, strlen(way->of));
	if (way->module)
		to->module =
			mod_arena_strn(arena, way->module, strlen(way->module));
	if (!to->of != !way->of || !to->module != !way->module)
		return -ENOMEM;
	answer->n++;
	return 0;
}

/* What kmod would do on the same way. */
static int ask_peer(struct mod_check *answer, const struct mod_target *target,
		    struct mod_check_path *way)
{
	struct mod_plan *plan;

	int r = mod_plan_make(answer->ctx, target,
			      MOD_PLAN_NO_POLICY | MOD_PLAN_AS_KMOD, &plan);
	if (r < 0)
		return r;
	r = r == 1 ? 0
		   : mod_check_plan_as_kmod(answer->ctx, plan, answer->name,
					    &way->kmod_loads);
	mod_plan_free(plan);
	return r;
}

int mod_check_try(struct mod_check *answer, struct mod_target *target,
		  enum mod_route route, const char *of)
{
	struct mod_check_path way = { .route = route, .of = of };
	struct mod_plan *plan;

	target->ctx = answer->ctx;
	target->arena = &answer->arena;
	int r = mod_plan_make(answer->ctx, target, 0, &plan);
	if (r < 0)
		return r;
	r = mod_check_read_plan(answer->ctx, plan, answer->name, &way);
	if (r == 0)
		r = ask_peer(answer, target, &way);
	if (r == 0)
		r = mod_check_add(answer, &way);
	mod_plan_free(plan);
	return r;
}

/* ---- aliases */

/* An alias without wildcards: its targets are looked up. */
static int try_plain(struct mod_check *answer, enum mod_route route,
		     const char *alias)
{
	struct mod_arena arena = { 0 };
	struct mod_targets found = { .arena = &arena };
	bool there = false;
	int r = mod_find_in(answer->ctx, MOD_FIND_ALL, alias, &found);

	for (size_t i = 0; r == 0 && i < found.n && !there; i++) {
		there = strcmp(found.at[i].name, answer->name) == 0;
		if (there)
			r = mod_check_try(answer, &found.at[i], route, alias);
	}
	if (r == 0 && !there && found.n)
		r = mod_check_add(
			answer,
			&(struct mod_check_path){ .route = route,
						  .of = alias,
						  .barrier = MOD_BARRIER_ALIAS,
						  .outcome = MOD_PATH_CLOSED,
						  .rule = found.at[0].rule,
						  .module = found.at[0].name });
	mod_arena_fini(&arena);
	return r < 0 ? r : 0;
}

/* A pattern with wildcards: some name that it matches is asked for. */
static int try_pattern(struct mod_check *answer, enum mod_route route,
		       const char *alias, const struct mod_rule *rule)
{
	int r = mod_check_try(answer,
			      &(struct mod_target){ .name = answer->name,
						    .alias = alias,
						    .rule = rule,
						    .route = route },
			      route, alias);

	return r < 0 ? r : 0;
}

static int try_alias(struct mod_check *answer, enum mod_route route,
		     const char *alias)
{
	return mod_match_is_plain(alias)
		? try_plain(answer, route, alias)
		: try_pattern(answer, route, alias, NULL);
}

static int add_config_aliases(struct mod_check *answer)
{
	const struct mod_rule *rule;
	int r = mod_config_rules(answer->ctx, MOD_LINE_ALIAS, &rule);

	for (; r == 0 && rule; rule = rule->next)
		if (strcmp(rule->text, answer->name) == 0)
			r = try_pattern(answer, MOD_ROUTE_CONFIG_ALIAS,
					rule->name, rule);
	return r;
}

struct alias_walk {
	struct mod_check *answer;
	enum mod_route route;
};

static int see_alias(void *data, const char *key, size_t key_len,
		     const char *value, size_t value_len)
{
	struct alias_walk *w = data;

	(void)key_len;
	(void)value_len;
	return strcmp(value, w->answer->name) == 0
		? try_alias(w->answer, w->route, key)
		: 0;
}

static int add_indexed(struct mod_check *answer, struct mod_tree *tree,
		       enum mod_tree_index which, enum mod_route route)
{
	struct alias_walk w = { answer, route };
	const struct mod_index *index;
	int r = mod_tree_index(tree, which, &index);

	return r < 0 || !index ? r : mod_index_walk(index, see_alias, &w);
}

/* ---- what depends on it */

static bool needs(const char *line, const char *name)
{
	char buf[MOD_NAME_MAX], path[MOD_NAME_MAX];
	const char *word;
	size_t len;

	mod_tree_dep_next(&line, &len); /* itself */
	while ((word = mod_tree_dep_next(&line, &len))) {
		if (len >= sizeof path)
			continue;
		memcpy(path, word, len);
		path[len] = '\0';
		if (mod_name_of_path(buf, sizeof buf, path) == 0 &&
		    strcmp(buf, name) == 0)
			return true;
	}
	return false;
}

static int see_dependent(void *data, const char *key, size_t key_len,
			 const char *value, size_t value_len)
{
	struct mod_check *answer = data;

	(void)key_len;
	(void)value_len;
	if (!strchr(value, ':') || !needs(value, answer->name))
		return 0;
	int r = mod_check_try(
		answer,
		&(struct mod_target){ .name = key, .route = MOD_ROUTE_NAME },
		MOD_ROUTE_DEPENDENCY, key);
	return r < 0 ? r : 0;
}

/* ---- whose softdep it is */

struct softdep_walk {
	struct mod_check *answer;
	struct mod_map seen; /* modules that were tried */
	const char *pattern;
};

static int means(struct mod_check *answer, const struct mod_rule *rule)
{
	struct mod_arena arena = { 0 };
	struct mod_softdeps s;
	int r = mod_rules_softdep_words(answer->ctx, rule, &arena, &s);
	bool found = false;

	for (size_t i = 0; i < s.pre.n; i++)
		found |= strcmp(s.pre.at[i].name, answer->name) == 0;
	for (size_t i = 0; i < s.post.n; i++)
		found |= strcmp(s.post.at[i].name, answer->name) == 0;
	mod_arena_fini(&arena);
	return r < 0 ? r : found;
}

/* Can a module be asked for at all, or is it the target of an alias?  What is
 * built in is not loaded, but as a softdep it brings its own.
 */
static int is_known(struct mod_ctx *ctx, const char *module)
{
	struct mod_arena arena = { 0 };
	struct mod_targets found = { .arena = &arena };
	const struct mod_rule *rule = NULL;
	int r = mod_find_in(ctx, MOD_FIND_ALL, module, &found);
	bool there = r == 0;

	mod_arena_fini(&arena);
	if (r == 1)
		r = mod_config_rules(ctx, MOD_LINE_ALIAS, &rule);
	for (; r == 0 && !there && rule; rule = rule->next)
		there = strcmp(rule->text, module) == 0;
	return r < 0 ? r : there;
}

static int try_softdep_of(struct softdep_walk *w, const char *module)
{
	struct mod_check *answer = w->answer;
	void **seen;
	const char *key =
		mod_arena_strn(&answer->arena, module, strlen(module));

	if (strcmp(module, answer->name) == 0)
		return 0;
	int r = key ? mod_map_put(&w->seen, key, &seen) : -ENOMEM;
	if (r < 0 || *seen)
		return r;
	*seen = answer;
	r = is_known(answer->ctx, module);
	if (r <= 0)
		return r;
	r = mod_check_try(
		answer,
		&(struct mod_target){ .name = key, .route = MOD_ROUTE_NAME },
		MOD_ROUTE_SOFTDEP, key);
	return r < 0 ? r : 0;
}

static int see_match(void *data, const char *key, size_t key_len,
		     const char *value, size_t value_len)
{
	struct softdep_walk *w = data;

	(void)key_len;
	(void)value;
	(void)value_len;
	return mod_match(w->pattern, key) ? try_softdep_of(w, key) : 0;
}

/* Each module that a softdep line for this one is about. */
static int try_softdeps(struct softdep_walk *w, struct mod_tree *tree,
			const struct mod_rule *rule)
{
	const struct mod_index *index;
	int r = 0;

	for (; rule && r >= 0; rule = rule->next) {
		r = means(w->answer, rule);
		if (r <= 0)
			continue;
		if (mod_match_is_plain(rule->name)) {
			r = try_softdep_of(w, rule->name);
			continue;
		}
		w->pattern = rule->name;
		r = mod_tree_index(tree, MOD_TREE_DEP, &index);
		if (r == 0 && index)
			r = mod_index_walk(index, see_match, w);
	}
	return r < 0 ? r : 0;
}

static int add_softdeps(struct mod_check *answer, struct mod_tree *tree)
{
	struct softdep_walk w = { .answer = answer };
	const struct mod_rule *own, *shipped;

	int r = mod_config_rules(answer->ctx, MOD_LINE_SOFTDEP, &own);
	if (r == 0)
		r = mod_config_shipped(answer->ctx, MOD_LINE_SOFTDEP, &shipped);
	if (r == 0)
		r = try_softdeps(&w, tree, own);
	if (r == 0)
		r = try_softdeps(&w, tree, shipped);
	mod_map_fini(&w.seen);
	return r;
}

int mod_check_add_paths(struct mod_check *answer)
{
	struct mod_tree *tree;
	const struct mod_index *index;

	int r = mod_tree_get(answer->ctx, &tree);
	if (r == 0)
		r = add_config_aliases(answer);
	if (r == 0)
		r = add_indexed(answer, tree, MOD_TREE_ALIAS, MOD_ROUTE_ALIAS);
	if (r == 0)
		r = add_indexed(answer, tree, MOD_TREE_SYMBOL,
				MOD_ROUTE_SYMBOL);
	if (r == 0)
		r = mod_tree_index(tree, MOD_TREE_DEP, &index);
	if (r == 0 && index)
		r = mod_index_walk(index, see_dependent, answer);
	return r == 0 ? add_softdeps(answer, tree) : r;
}
