/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/load/find.h"

#include "libmod/base/match.h"
#include "libmod/base/name.h"
#include "libmod/base/path.h"
#include "libmod/ctx/error.h"
#include "libmod/live/loaded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One look-up under way. */
struct finding {
	struct mod_ctx *ctx;
	struct mod_tree *tree;
	const char *query; /* normalised, in the list's arena */
	struct mod_targets *out;
};

static int add(struct finding *f, const struct mod_target *target)
{
	struct mod_targets *t = f->out;

	struct mod_target *at =
		mod_arena_grow(t->arena, t->at, &t->cap, t->n + 1, sizeof *at);

	if (!at)
		return -ENOMEM;
	t->at = at;
	t->at[t->n] = *target;
	t->at[t->n].ctx = f->ctx;
	t->at[t->n].arena = t->arena;
	t->n++;
	return 0;
}

/* ---- where modules are looked for, in order; each 0, 1 for none, -errno */

static int in_config_aliases(struct finding *f)
{
	const struct mod_rule *rule;
	int r = mod_config_rules(f->ctx, MOD_LINE_ALIAS, &rule);
	int none = 1;

	for (; r == 0 && rule; rule = rule->next) {
		if (!mod_match(rule->name, f->query))
			continue;
		none = 0;
		r = add(f,
			&(struct mod_target){ .name = rule->text,
					      .alias = rule->name,
					      .rule = rule,
					      .route =
						      MOD_ROUTE_CONFIG_ALIAS });
	}
	return r < 0 ? r : none;
}

static int in_names(struct finding *f)
{
	const char *line;

	if (strchr(f->query, ':'))
		return 1;
	int r = mod_tree_dep(f->tree, f->query, &line);
	return r != 0 ? r
		      : add(f,
			    &(struct mod_target){ .name = f->query,
						  .route = MOD_ROUTE_NAME });
}

static int in_index(struct finding *f, enum mod_tree_index which,
		    enum mod_route route)
{
	struct mod_index_hits hits = { 0 };
	int r = mod_tree_search(f->tree, which, f->query, &hits);
	int none = hits.n == 0;

	for (size_t i = 0; r == 0 && i < hits.n; i++)
		r = add(f,
			&(struct mod_target){
				.name = hits.at[i].value,
				.alias = f->query,
				.route = route,
				.builtin = route == MOD_ROUTE_BUILTIN_ALIAS });
	mod_index_hits_fini(&hits);
	return r < 0 ? r : none;
}

static int in_symbols(struct finding *f)
{
	if (strncmp(f->query, "symbol:", strlen("symbol:")) != 0)
		return 1;
	return in_index(f, MOD_TREE_SYMBOL, MOD_ROUTE_SYMBOL);
}

static int in_commands(struct finding *f)
{
	static const enum mod_line_kind kinds[] = { MOD_LINE_INSTALL,
						    MOD_LINE_REMOVE };
	const struct mod_rule *rule = NULL;

	for (size_t i = 0; i < 2; i++) {
		int r = mod_config_rules(f->ctx, kinds[i], &rule);
		if (r < 0)
			return r;
		while (rule && strcmp(rule->name, f->query) != 0)
			rule = rule->next;
		if (rule)
			break;
	}
	if (!rule)
		return 1;
	/* It is made a module's name, and those end at a dot. */
	const char *name =
		mod_arena_strn(f->out->arena, f->query, strcspn(f->query, "."));
	if (!name)
		return -ENOMEM;
	return add(f,
		   &(struct mod_target){ .name = name,
					 .rule = rule,
					 .route = MOD_ROUTE_COMMAND });
}

static int in_aliases(struct finding *f)
{
	return in_index(f, MOD_TREE_ALIAS, MOD_ROUTE_ALIAS);
}

static int in_builtins(struct finding *f)
{
	int r = mod_tree_is_builtin(f->tree, f->query);

	if (r <= 0)
		return r < 0 ? r : 1;
	return add(f,
		   &(struct mod_target){ .name = f->query,
					 .route = MOD_ROUTE_BUILTIN,
					 .builtin = true });
}

static int in_builtin_aliases(struct finding *f)
{
	return in_index(f, MOD_TREE_BUILTIN_ALIAS, MOD_ROUTE_BUILTIN_ALIAS);
}

/* The first place with an answer gives all of it. */
static const struct {
	int (*look)(struct finding *f);
	enum mod_find_scope widest; /* asked in this scope and wider ones */
} places[] = {
	{ in_config_aliases, MOD_FIND_ALL },   { in_names, MOD_FIND_NAME },
	{ in_symbols, MOD_FIND_INDEXED },      { in_commands, MOD_FIND_ALL },
	{ in_aliases, MOD_FIND_INDEXED },      { in_builtins, MOD_FIND_NAME },
	{ in_builtin_aliases, MOD_FIND_NAME },
};

int mod_find_in(struct mod_ctx *ctx, enum mod_find_scope scope,
		const char *query, struct mod_targets *out)
{
	struct finding f = { .ctx = ctx, .out = out };
	char name[MOD_NAME_MAX];

	int r = scope == MOD_FIND_NAME
		? mod_name_of(name, sizeof name, query)
		: mod_name_query(name, sizeof name, query);
	if (r == -ENAMETOOLONG)
		return 1; /* nothing can have it */
	if (r == 0)
		r = mod_tree_get(ctx, &f.tree);
	f.query = name;
	for (size_t i = 0; r >= 0 && i < sizeof places / sizeof *places; i++) {
		size_t had = out->n;
		if (places[i].widest < scope)
			continue;
		r = places[i].look(&f);
		if (r != 0)
			continue;
		/* What was found outlives the buffer. */
		const char *kept =
			mod_arena_strn(out->arena, name, strlen(name));
		if (!kept)
			return -ENOMEM;
		for (; had < out->n; had++) {
			struct mod_target *t = &out->at[had];
			t->name = t->name == name ? kept : t->name;
			t->alias = t->alias == name ? kept : t->alias;
		}
		return 0;
	}
	return r < 0 ? r : 1;
}

/* ---- the public face */

int mod_find_keep(const struct mod_targets *found, struct mod_targets **out)
{
	struct {
		struct mod_targets targets;
		struct mod_arena arena;
	} *kept = mod_arena_raw(found->arena, sizeof *kept);

	if (!kept)
		return -ENOMEM;
	kept->targets = *found;
	kept->targets.arena = &kept->arena;
	for (size_t i = 0; i < found->n; i++)
		found->at[i].arena = &kept->arena;
	kept->arena = *found->arena;
	*out = &kept->targets;
	return 0;
}

static int find(struct mod_ctx *ctx, enum mod_find_scope scope,
		const char *query, struct mod_targets **out)
{
	struct mod_arena arena = { 0 };
	struct mod_targets found = { .arena = &arena };

	int r = mod_find_in(ctx, scope, query, &found);
	if (r == 0)
		r = mod_find_keep(&found, out);
	if (r != 0)
		mod_arena_fini(&arena);
	if (r == -EINVAL)
		mod_error_set(ctx, MOD_ORIGIN_CALLER, r, query,
			      "%s: brackets do not pair", query);
	return r;
}

int mod_find(struct mod_ctx *ctx, const char *query, struct mod_targets **out)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, find(ctx, MOD_FIND_ALL, query, out));
}

int mod_find_name(struct mod_ctx *ctx, const char *name,
		  struct mod_targets **out)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, find(ctx, MOD_FIND_NAME, name, out));
}

int mod_find_indexed(struct mod_ctx *ctx, const char *query,
		     struct mod_targets **out)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, find(ctx, MOD_FIND_INDEXED, query, out));
}

static int find_one(struct mod_ctx *ctx, const struct mod_target *target,
		    struct mod_targets **out)
{
	struct mod_arena arena = { 0 };
	struct mod_targets found = { .arena = &arena };
	struct finding f = { .ctx = ctx, .out = &found };
	struct mod_target copy;

	if (mod_target_copy(&copy, target, &arena) == 0 &&
	    add(&f, &copy) == 0 && mod_find_keep(&found, out) == 0)
		return 0;
	mod_arena_fini(&arena);
	return -ENOMEM;
}

static int find_loaded(struct mod_ctx *ctx, const char *query,
		       struct mod_targets **out)
{
	char name[MOD_NAME_MAX];
	enum mod_state state;

	int r = find(ctx, MOD_FIND_ALL, query, out);
	if (r != 1 || mod_name_of(name, sizeof name, query) < 0)
		return r;
	/* A built-in may have a directory there, but no state. */
	r = mod_loaded_read_state(ctx, name, &state);
	if (r < 0 || (state != MOD_STATE_LIVE && state != MOD_STATE_GOING))
		return r < 0 ? r : 1;
	return find_one(
		ctx,
		&(struct mod_target){ .name = name, .route = MOD_ROUTE_NAME },
		out);
}

int mod_find_loaded(struct mod_ctx *ctx, const char *query,
		    struct mod_targets **out)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, find_loaded(ctx, query, out));
}

static int find_path(struct mod_ctx *ctx, const char *path,
		     struct mod_targets **out)
{
	char name[MOD_NAME_MAX];
	_cleanup_(mod_arena_fini) struct mod_arena arena = { 0 };
	_free_ char *cwd = NULL;

	int r = access(path, F_OK) < 0
		? -errno
		: mod_name_of_path(name, sizeof name, path);
	if (r < 0)
		return mod_error_set(ctx, MOD_ORIGIN_FILE, r, path, "%s: %s",
				     path, strerror(-r));
	if (*path != '/') {
		cwd = getcwd(NULL, 0);
		if (!cwd)
			return -errno;
		path = mod_path_join(&arena, cwd, path);
		if (!path)
			return -ENOMEM;
	}
	return find_one(ctx,
			&(struct mod_target){ .name = name,
					      .path = path,
					      .route = MOD_ROUTE_PATH },
			out);
}

int mod_find_path(struct mod_ctx *ctx, const char *path,
		  struct mod_targets **out)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, find_path(ctx, path, out));
}

int mod_is_builtin(struct mod_ctx *ctx, const char *name)
{
	struct mod_tree *tree;

	mod_error_clear(ctx);
	int r = mod_tree_get(ctx, &tree);
	if (r == 0)
		r = mod_tree_is_builtin(tree, name);
	return mod_error_end(ctx, r);
}
