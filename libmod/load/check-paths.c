/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check-paths.c - all paths to a module: aliases, dependents, softdeps. */
#include "libmod/base/grow.h"
#include "libmod/base/map.h"
#include "libmod/base/match.h"
#include "libmod/base/name.h"
#include "libmod/load/check.h"
#include "libmod/load/policy.h"
#include "libmod/load/rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- paths, one by one */

int mod_check_add(struct mod_check *check, const struct mod_check_path *path)
{
	struct mod_arena *arena = &check->arena;

	struct mod_check_path *at =
		mod_grow(check->at, &check->cap, check->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	check->at = at;
	struct mod_check_path *to = &check->at[check->n];
	*to = *path;
	if (path->via)
		to->via = mod_arena_strn(arena, path->via, strlen(path->via));
	if (path->module)
		to->module = mod_arena_strn(arena, path->module,
					    strlen(path->module));
	if (!to->via != !path->via || !to->module != !path->module)
		return -ENOMEM;
	check->n++;
	return 0;
}

/* What kmod would do on the same path. */
static int check_kmod(struct mod_check *check, const struct mod_target *target,
		      struct mod_check_path *path)
{
	struct mod_plan *plan;

	int r = mod_plan_make(check->ctx, target,
			      MOD_PLAN_NO_POLICY | MOD_PLAN_AS_KMOD, &plan);
	if (r < 0)
		return r;
	r = r == 1 ? 0
		   : mod_check_plan_as_kmod(check->ctx, plan, check->name,
					    &path->kmod_loads);
	mod_plan_free(plan);
	return r;
}

int mod_check_try(struct mod_check *check, struct mod_target *target,
		  enum mod_route route, const char *via)
{
	struct mod_check_path path = { .route = route, .via = via };
	struct mod_plan *plan;

	target->ctx = check->ctx;
	target->arena = &check->arena;
	int r = mod_plan_make(check->ctx, target, 0, &plan);
	if (r < 0)
		return r;
	r = mod_check_read_plan(check->ctx, plan, check->name, &path);
	if (r == 0)
		r = check_kmod(check, target, &path);
	if (r == 0)
		r = mod_check_add(check, &path);
	mod_plan_free(plan);
	return r;
}

/* ---- aliases */

/* An alias without wildcards: its targets are looked up. */
static int try_plain(struct mod_check *check, enum mod_route route,
		     const char *alias)
{
	struct mod_arena arena = { 0 };
	struct mod_targets found = { .arena = &arena };
	bool there = false;
	int r = mod_find_in(check->ctx, MOD_FIND_ALL, alias, &found);

	for (size_t i = 0; r == 0 && i < found.n && !there; i++) {
		there = strcmp(found.at[i].name, check->name) == 0;
		if (there)
			r = mod_check_try(check, &found.at[i], route, alias);
	}
	if (r == 0 && !there && found.n)
		r = mod_check_add(
			check,
			&(struct mod_check_path){ .route = route,
						  .via = alias,
						  .barrier = MOD_BARRIER_ALIAS,
						  .outcome = MOD_PATH_CLOSED,
						  .rule = found.at[0].rule,
						  .module = found.at[0].name });
	mod_arena_fini(&arena);
	return r < 0 ? r : 0;
}

/* A pattern with wildcards: some name that it matches is asked for. */
static int try_pattern(struct mod_check *check, enum mod_route route,
		       const char *alias, const struct mod_rule *rule)
{
	int r = mod_check_try(check,
			      &(struct mod_target){ .name = check->name,
						    .alias = alias,
						    .rule = rule,
						    .route = route },
			      route, alias);

	return r < 0 ? r : 0;
}

static int try_alias(struct mod_check *check, enum mod_route route,
		     const char *alias)
{
	return mod_match_is_plain(alias)
		? try_plain(check, route, alias)
		: try_pattern(check, route, alias, NULL);
}

static int add_config_aliases(struct mod_check *check)
{
	const struct mod_rule *rule;
	int r = mod_config_rules(check->ctx, MOD_LINE_ALIAS, &rule);

	for (; r == 0 && rule; rule = rule->next)
		if (strcmp(rule->text, check->name) == 0)
			r = try_pattern(check, MOD_ROUTE_CONFIG_ALIAS,
					rule->name, rule);
	return r;
}

struct alias_walk {
	struct mod_check *check;
	enum mod_route route;
};

static int see_alias(void *data, const char *key, size_t key_len,
		     const char *value, size_t value_len)
{
	struct alias_walk *w = data;

	(void)key_len;
	(void)value_len;
	return strcmp(value, w->check->name) == 0
		? try_alias(w->check, w->route, key)
		: 0;
}

static int add_indexed(struct mod_check *check, struct mod_tree *tree,
		       enum mod_tree_index which, enum mod_route route)
{
	struct alias_walk w = { check, route };
	const struct mod_index *index;
	int r = mod_tree_index(tree, which, &index);

	return r < 0 || !index ? r : mod_index_walk(index, see_alias, &w);
}

/* ---- dependents */

static bool needs(const char *line, const char *name)
{
	char buf[MOD_NAME_MAX], file[MOD_NAME_MAX];
	const char *word;
	size_t len;

	mod_tree_dep_next(&line, &len); /* itself */
	while ((word = mod_tree_dep_next(&line, &len))) {
		if (len >= sizeof file)
			continue;
		memcpy(file, word, len);
		file[len] = '\0';
		if (mod_name_of_path(buf, sizeof buf, file) == 0 &&
		    strcmp(buf, name) == 0)
			return true;
	}
	return false;
}

static int see_dependent(void *data, const char *key, size_t key_len,
			 const char *value, size_t value_len)
{
	struct mod_check *check = data;

	(void)key_len;
	(void)value_len;
	if (!strchr(value, ':') || !needs(value, check->name))
		return 0;
	int r = mod_check_try(
		check,
		&(struct mod_target){ .name = key, .route = MOD_ROUTE_NAME },
		MOD_ROUTE_DEPENDENCY, key);
	return r < 0 ? r : 0;
}

/* ---- whose softdep it is */

struct softdep_walk {
	struct mod_check *check;
	struct mod_map seen; /* modules that were tried */
	const char *pattern;
};

static int names_module(struct mod_check *check, const struct mod_rule *rule)
{
	struct mod_arena arena = { 0 };
	struct mod_softdeps s;
	int r = mod_rules_softdep_words(check->ctx, rule, &arena, &s);
	bool found = false;

	for (size_t i = 0; i < s.pre.n; i++)
		found |= strcmp(s.pre.at[i].name, check->name) == 0;
	for (size_t i = 0; i < s.post.n; i++)
		found |= strcmp(s.post.at[i].name, check->name) == 0;
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
	struct mod_check *check = w->check;
	void **seen;
	const char *key = mod_arena_strn(&check->arena, module, strlen(module));

	if (strcmp(module, check->name) == 0)
		return 0;
	int r = key ? mod_map_put(&w->seen, key, &seen) : -ENOMEM;
	if (r < 0 || *seen)
		return r;
	*seen = check;
	r = is_known(check->ctx, module);
	if (r <= 0)
		return r;
	r = mod_check_try(
		check,
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
		r = names_module(w->check, rule);
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

static int add_softdeps(struct mod_check *check, struct mod_tree *tree)
{
	struct softdep_walk w = { .check = check };
	const struct mod_rule *own, *shipped;

	int r = mod_config_rules(check->ctx, MOD_LINE_SOFTDEP, &own);
	if (r == 0)
		r = mod_config_shipped(check->ctx, MOD_LINE_SOFTDEP, &shipped);
	if (r == 0)
		r = try_softdeps(&w, tree, own);
	if (r == 0)
		r = try_softdeps(&w, tree, shipped);
	mod_map_fini(&w.seen);
	return r;
}

int mod_check_add_paths(struct mod_check *check)
{
	struct mod_tree *tree;
	const struct mod_index *index;

	int r = mod_tree_get(check->ctx, &tree);
	if (r == 0)
		r = add_config_aliases(check);
	if (r == 0)
		r = add_indexed(check, tree, MOD_TREE_ALIAS, MOD_ROUTE_ALIAS);
	if (r == 0)
		r = add_indexed(check, tree, MOD_TREE_SYMBOL, MOD_ROUTE_SYMBOL);
	if (r == 0)
		r = mod_tree_index(tree, MOD_TREE_DEP, &index);
	if (r == 0 && index)
		r = mod_index_walk(index, see_dependent, check);
	return r == 0 ? add_softdeps(check, tree) : r;
}
