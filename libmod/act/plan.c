/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/act/plan.h"

#include "libmod/act/rules.h"
#include "libmod/base/name.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Softdeps of softdeps: deeper chains are a mistake or an attack, and each
 * level takes stack.
 */
enum { DEPTH_MAX = 500 };

/* What planning knows of one module name. */
struct node {
	bool walked;
	bool required;
	bool planned; /* it has its step */
	bool done;    /* and so have its softdeps */
};

struct planning {
	struct mod_ctx *ctx;
	struct mod_plan *plan;
	const char *options;  /* the user's, for the target */
	struct mod_map nodes; /* name to struct node */
	unsigned depth;
};

/* Why a step is there. */
struct why {
	enum mod_route route;
	const char *asked_by;
	const struct mod_rule *rule;
	bool top, raw; /* raw: its command and softdeps are ignored */
};

static int walk(struct planning *p, struct mod_target *target,
		const struct why *why);

static int node_of(struct planning *p, const char *name, struct node **out)
{
	void **slot;
	int r = mod_map_put(&p->nodes, name, &slot);

	if (r < 0)
		return r;
	if (!*slot)
		*slot = mod_arena_get(&p->plan->arena, sizeof **out);
	*out = *slot;
	return *out ? 0 : -ENOMEM;
}

static const char *keep(struct planning *p, const char *text)
{
	return mod_arena_strn(&p->plan->arena, text, strlen(text));
}

static int grow(struct mod_plan *plan)
{
	if (plan->n < plan->cap)
		return 0;
	size_t cap = plan->cap ? plan->cap * 2 : 16;
	struct mod_step *at = reallocarray(plan->at, cap, sizeof *at);
	if (!at)
		return -ENOMEM;
	plan->at = at;
	plan->cap = cap;
	return 0;
}

static enum mod_action action_of(const struct mod_target *target,
				 const struct mod_rule *command)
{
	return command            ? MOD_ACTION_COMMAND
		: target->path    ? MOD_ACTION_LOAD
		: target->builtin ? MOD_ACTION_BUILTIN
				  : MOD_ACTION_NONE;
}

static int append(struct planning *p, const struct mod_target *target,
		  const struct why *why, struct node *node)
{
	bool top = strcmp(target->name, p->plan->target->name) == 0;
	const struct mod_rule *command = NULL, *given = NULL;
	const char *options;

	if (node->planned)
		return 0;
	int r = why->raw
		? 0
		: mod_rules_command(p->ctx, MOD_CONF_INSTALL, target, &command);
	if (r == 0)
		r = mod_rules_options(p->ctx, target, top ? p->options : "",
				      &p->plan->arena, &options, &given);
	if (r == 0)
		r = grow(p->plan);
	if (r < 0)
		return r;
	struct mod_step *step = &p->plan->at[p->plan->n];
	*step = (struct mod_step){
		.action = action_of(target, command),
		.name = keep(p, target->name),
		.path = target->path ? keep(p, target->path) : NULL,
		.options = options,
		.command = command ? command->text : NULL,
		.rules = { [MOD_RULE_ASKED] = why->rule,
			   [MOD_RULE_COMMAND] = command,
			   [MOD_RULE_OPTIONS] = given },
		.route = why->route,
		.asked_by = why->asked_by ? keep(p, why->asked_by) : NULL,
		.builtin = target->builtin,
		.required = node->required,
		.top = top,
	};
	if (!step->name || (target->path && !step->path) ||
	    (why->asked_by && !step->asked_by))
		return -ENOMEM;
	p->plan->n++;
	node->planned = true;
	return 0;
}

static int walk_all(struct planning *p, struct mod_targets *softdeps,
		    const char *asked_by)
{
	int r = 0;

	for (size_t i = 0; i < softdeps->n && r == 0; i++)
		r = walk(p, &softdeps->at[i],
			 &(struct why){ .route = MOD_ROUTE_SOFTDEP,
					.asked_by = asked_by,
					.rule = softdeps->at[i].softdep });
	return r;
}

/* The module between its softdeps.  One of them may need the module in turn:
 * then it takes its place there, with what is left of its softdeps around it.
 */
static int emit(struct planning *p, const struct mod_target *target,
		const struct why *why)
{
	struct mod_softdeps softdeps = { 0 };
	struct node *node;

	int r = node_of(p, target->name, &node);
	if (r < 0 || node->done)
		return r;
	if (why->raw)
		return append(p, target, why, node);
	r = mod_rules_softdeps(p->ctx, target->name, &softdeps);
	if (r == 0)
		r = walk_all(p, &softdeps.pre, target->name);
	if (r == 0)
		r = append(p, target, why, node);
	if (r == 0)
		r = walk_all(p, &softdeps.post, target->name);
	node->done = true;
	mod_softdeps_fini(&softdeps);
	return r;
}

/* The dependencies of a target, first to be loaded first. */
static int dependencies(struct planning *p, struct mod_target *target,
			struct mod_target **out, size_t *count)
{
	struct mod_tree *tree;
	const char *line, *path;
	size_t len, n = 0;

	int r = mod_target_resolve(target);
	if (r == 0)
		r = mod_tree_get(p->ctx, &tree);
	if (r < 0)
		return r;
	*count = 0;
	for (line = target->deps; line && mod_tree_dep_next(&line, &len);)
		n++;
	struct mod_target *at = mod_arena_get(&p->plan->arena, n * sizeof *at);
	if (!at)
		return -ENOMEM;
	line = target->deps;
	for (size_t i = n; i-- > 0;) {
		char text[MOD_NAME_MAX], name[MOD_NAME_MAX];
		path = mod_tree_dep_next(&line, &len);
		if (len >= sizeof text)
			return -ENAMETOOLONG;
		text[len] = '\0';
		memcpy(text, path, len);
		r = mod_name_of_path(name, sizeof name, text);
		if (r < 0)
			return r;
		at[i] = (struct mod_target){
			.ctx = p->ctx,
			.arena = &p->plan->arena,
			.name = keep(p, name),
			.path = mod_tree_path(tree, &p->plan->arena, path, len),
			.route = MOD_ROUTE_DEPENDENCY,
			.resolved = true, /* their line is part of this one */
		};
		if (!at[i].name || !at[i].path)
			return -ENOMEM;
	}
	*out = at;
	*count = n;
	return 0;
}

static int walk_parts(struct planning *p, struct mod_target *target,
		      const struct why *why)
{
	struct mod_target *deps = NULL;
	struct node *node;
	size_t n = 0;

	int r = dependencies(p, target, &deps, &n);
	for (size_t i = 0; i < n && r == 0 && why->top; i++) {
		r = node_of(p, deps[i].name, &node);
		if (r == 0)
			node->required = true;
	}
	for (size_t i = 0; i < n && r == 0; i++)
		r = emit(p, &deps[i],
			 &(struct why){ .route = MOD_ROUTE_DEPENDENCY,
					.asked_by = target->name });
	return r < 0 ? r : emit(p, target, why);
}

static int walk(struct planning *p, struct mod_target *target,
		const struct why *why)
{
	struct node *node;

	const char *name = keep(p, target->name); /* the map only lends keys */

	int r = name ? node_of(p, name, &node) : -ENOMEM;
	if (r < 0 || node->walked)
		return r;
	if (p->depth == DEPTH_MAX)
		return mod_fail(p->ctx, MOD_ORIGIN_CONFIG, -ELOOP, target->name,
				"softdeps of softdeps go deeper than %d",
				DEPTH_MAX);
	p->depth++;
	node->walked = true;
	node->required |= why->top;
	r = walk_parts(p, target, why);
	p->depth--;
	return r;
}

void mod_plan_free(struct mod_plan *plan)
{
	if (!plan)
		return;
	free(plan->at);
	mod_arena_fini(&plan->arena);
	free(plan);
}
MOD_CLEANUP(struct mod_plan *, mod_plan_free)

int mod_plan_load(struct mod_ctx *ctx, const struct mod_target *target,
		  const char *options, unsigned flags, struct mod_plan **out)
{
	_cleanup_(mod_plan_freep) struct mod_plan *plan =
		calloc(1, sizeof *plan);
	struct planning p = { .ctx = ctx, .plan = plan, .options = options };

	mod_begin(ctx);
	if (!plan)
		return mod_end(ctx, -ENOMEM);
	plan->target = target;
	int r = mod_rules_blacklist(ctx, target, flags & MOD_PLAN_BLACKLIST_ALL,
				    &plan->blacklisted);
	if (r == 0 && !plan->blacklisted)
		r = walk(&p, (struct mod_target *)target,
			 &(struct why){ .route = target->route,
					.asked_by = target->alias,
					.rule = target->rule,
					.top = true,
					.raw = flags &
						MOD_PLAN_IGNORE_COMMANDS });
	mod_map_fini(&p.nodes);
	if (r < 0)
		return mod_end(ctx, r);
	r = plan->blacklisted ? 1 : 0;
	*out = mod_take(plan);
	return mod_end(ctx, r);
}

size_t mod_plan_count(const struct mod_plan *plan)
{
	return plan->n;
}

const struct mod_step *mod_plan_at(const struct mod_plan *plan, size_t i)
{
	return i < plan->n ? &plan->at[i] : NULL;
}
