/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/load/plan.h"

#include "libmod/base/name.h"
#include "libmod/ctx/error.h"
#include "libmod/load/policy.h"
#include "libmod/load/rules.h"

#include <errno.h>
#include <stdalign.h>
#include <stddef.h>
#include <string.h>

/* Softdeps of softdeps: deeper chains are a mistake or an attack, and each
 * level takes stack.
 */
enum { DEPTH_MAX = 500 };

/* Most plans are made with so much on the stack. */
enum { NAMES_ROOM = 64, SOFTDEPS_ROOM = 2048 }; /* slots of a map; bytes */

/* What planning knows of one module name. */
struct node {
	bool walked;
	bool required;
	bool planned; /* it has its step */
	bool refused; /* it has a step, as a softdep that is left out */
	bool done;    /* and so have its softdeps */
};

struct planning {
	struct mod_ctx *ctx;
	struct mod_plan *plan;
	const char *options; /* the user's, for the target */
	unsigned flags;
	struct mod_policy_result judged; /* the target, however it is reached */
	struct mod_map nodes;            /* name to struct node */
	struct mod_loan room;            /* for the softdeps of one module */
	unsigned depth;
};

/* Why a step is there. */
struct why {
	enum mod_route route;
	const char *asked_by;
	const struct mod_rule *rule;
	bool top, raw; /* raw: its command and softdeps are ignored */
	struct mod_policy_result judged;
	const char *judged_name; /* whom that is about; NULL: the module */
};

static int walk(struct planning *p, struct mod_target *target, struct why *why);

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
	struct mod_step *at = mod_arena_raw(&plan->arena, cap * sizeof *at);
	if (!at)
		return -ENOMEM;
	if (plan->n)
		memcpy(at, plan->at, plan->n * sizeof *at);
	plan->at = at;
	plan->cap = cap;
	return 0;
}

static enum mod_action action_of(const struct mod_target *target,
				 const struct mod_rule *command,
				 enum mod_verdict verdict)
{
	return mod_policy_refuses(verdict) ? MOD_ACTION_REFUSED
		: command                  ? MOD_ACTION_COMMAND
		: target->path             ? MOD_ACTION_LOAD
		: target->builtin          ? MOD_ACTION_BUILTIN
					   : MOD_ACTION_NONE;
}

/* Adds a step, whatever is planned already. */
static int append(struct planning *p, const struct mod_target *target,
		  const struct why *why, const struct node *node)
{
	bool top = strcmp(target->name, p->plan->target->name) == 0;
	const struct mod_rule *command = NULL, *given = NULL;
	const char *options;

	/* Whoever needs it needs the file that the user gave. */
	if (top && p->plan->target->route == MOD_ROUTE_PATH)
		target = p->plan->target;
	const struct mod_policy_result *judged =
		top ? &p->judged : &why->judged;
	const char *inside =
		target->route == MOD_ROUTE_PATH ? judged->inside : NULL;
	int r = why->raw
		? 0
		: mod_rules_command(p->ctx, MOD_LINE_INSTALL, target, &command);
	if (r == 0)
		r = mod_rules_options(p->ctx, target, top ? p->options : "",
				      &p->plan->arena, &options, &given);
	if (r == 0)
		r = grow(p->plan);
	if (r < 0)
		return r;
	struct mod_step *step = &p->plan->at[p->plan->n];
	*step = (struct mod_step){
		.action = action_of(target, command, judged->verdict),
		.name = keep(p, target->name),
		.path = target->path ? keep(p, target->path) : NULL,
		.options = options,
		.command = command ? command->text : NULL,
		.rules = { [MOD_RULE_ASKED] = why->rule,
			   [MOD_RULE_COMMAND] = command,
			   [MOD_RULE_OPTIONS] = given,
			   [MOD_RULE_POLICY] = judged->rule },
		.verdict = judged->verdict,
		.inside = inside ? keep(p, inside) : NULL,
		.route = why->route,
		.asked_by = why->asked_by ? keep(p, why->asked_by) : NULL,
		.alias = given && target->alias ? keep(p, target->alias) : NULL,
		.builtin = target->builtin,
		.required = node->required,
		.top = top,
	};
	if (!step->name || (target->path && !step->path) ||
	    (why->asked_by && !step->asked_by) || (inside && !step->inside))
		return -ENOMEM;
	step->judged = why->judged_name && !top ? why->judged_name : step->name;
	p->plan->n++;
	return 0;
}

static int append_once(struct planning *p, const struct mod_target *target,
		       const struct why *why, struct node *node)
{
	if (node->planned)
		return 0;
	node->planned = true;
	return append(p, target, why, node);
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
	struct mod_arena arena = { .loan = &p->room };
	struct mod_softdeps softdeps = { 0 };
	struct node *node;

	int r = node_of(p, target->name, &node);
	if (r < 0 || node->done)
		return r;
	if (why->raw)
		return append_once(p, target, why, node);
	r = mod_rules_softdeps(p->ctx, target->name,
			       p->flags & MOD_PLAN_AS_KMOD, &arena, &softdeps);
	if (r == 0)
		r = walk_all(p, &softdeps.pre, target->name);
	if (r == 0)
		r = append_once(p, target, why, node);
	if (r == 0)
		r = walk_all(p, &softdeps.post, target->name);
	node->done = true;
	mod_arena_fini(&arena);
	return r;
}

/* Why it is planned, with what masks say. */
static int judge_dependency(struct planning *p, const struct mod_target *dep,
			    const struct mod_target *target, struct why *why)
{
	*why = (struct why){ .route = MOD_ROUTE_DEPENDENCY,
			     .asked_by = target->name };
	int r = mod_policy_mask(p->ctx, dep->name, dep->path, p->flags,
				&why->judged.rule);
	if (why->judged.rule)
		why->judged.verdict = MOD_VERDICT_MASKED;
	return r;
}

/* The module asked for needs all of these, masked or not. */
static int require(struct planning *p, const struct mod_target *deps, size_t n)
{
	struct node *node;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		r = node_of(p, deps[i].name, &node);
		if (r == 0)
			node->required = true;
	}
	return r;
}

/* What a rule refuses, or a dependency of which, is left out as a softdep. */
static int look_for_refusal(struct planning *p, const struct mod_target *target,
			    const struct mod_target *deps, size_t n,
			    struct why *why)
{
	struct why dep;
	int r = 0;

	for (size_t i = 0;
	     i < n && r == 0 && !mod_policy_refuses(why->judged.verdict); i++) {
		r = judge_dependency(p, &deps[i], target, &dep);
		if (r == 0 && mod_policy_refuses(dep.judged.verdict)) {
			why->judged = dep.judged;
			why->judged_name = deps[i].name;
		}
	}
	return r;
}

static int leave_out(struct planning *p, const struct mod_target *target,
		     const struct why *why)
{
	struct node *node;
	int r = node_of(p, target->name, &node);

	if (r < 0 || node->planned || node->refused || node->required)
		return r;
	node->refused = true;
	return append(p, target, why, node);
}

/* The list is about what is asked for.  What the module asked for depends on
 * comes with it, also when it is a softdep of something on the way.
 */
static int judge_target(struct planning *p, struct mod_target *target,
			struct why *why)
{
	struct node *node;
	int r = node_of(p, target->name, &node);

	if (r == 0)
		r = mod_policy_check(p->ctx, target, p->flags, &why->judged);
	if (why->top)
		p->judged = why->judged;
	else if (r == 0 && node->required &&
		 why->judged.verdict != MOD_VERDICT_MASKED)
		why->judged = (struct mod_policy_result){ 0 };
	return r;
}

static int walk_parts(struct planning *p, struct mod_target *target,
		      struct why *why)
{
	struct mod_target *deps = NULL;
	struct why dep;
	size_t n = 0;

	int r = mod_target_dependencies(target, &p->plan->arena, &deps, &n);
	if (r == 0)
		r = judge_target(p, target, why);
	if (r == 0 && !why->top)
		r = look_for_refusal(p, target, deps, n, why);
	if (r < 0)
		return r;
	if (!why->top && mod_policy_refuses(why->judged.verdict))
		return leave_out(p, target, why);
	if (why->top)
		r = require(p, deps, n);
	for (size_t i = 0; i < n && r == 0; i++) {
		r = judge_dependency(p, &deps[i], target, &dep);
		if (r == 0)
			r = emit(p, &deps[i], &dep);
	}
	return r < 0 ? r : emit(p, target, why);
}

static int walk(struct planning *p, struct mod_target *target, struct why *why)
{
	struct node *node;

	const char *name = keep(p, target->name); /* the map only lends keys */

	int r = name ? node_of(p, name, &node) : -ENOMEM;
	if (r < 0 || node->walked)
		return r;
	if (p->depth == DEPTH_MAX)
		return mod_error_set(
			p->ctx, MOD_ORIGIN_CONFIG, -ELOOP, target->name,
			"softdeps of softdeps go deeper than %d", DEPTH_MAX);
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
	struct mod_arena arena = plan->arena; /* the plan lies in it */
	mod_arena_fini(&arena);
}
MOD_CLEANUP(struct mod_plan *, mod_plan_free)

static struct mod_plan *new_plan(struct mod_ctx *ctx,
				 const struct mod_target *target)
{
	struct mod_arena arena = { .loan = &ctx->plan };
	struct mod_plan *plan = mod_arena_raw(&arena, sizeof *plan);

	if (plan)
		*plan = (struct mod_plan){ .target = target, .arena = arena };
	return plan;
}

/* A mask goes before: it is not silent. */
static int look_for_blacklist(struct planning *p,
			      const struct mod_target *target)
{
	struct mod_plan *plan = p->plan;
	struct mod_policy_result judged;

	int r = mod_rules_blacklist(
		p->ctx, target, p->flags & MOD_PLAN_BLACKLIST_ALL,
		p->flags & MOD_PLAN_AS_KMOD, &plan->blacklisted);
	if (r < 0 || !plan->blacklisted)
		return r;
	r = mod_policy_check(p->ctx, (struct mod_target *)target, p->flags,
			     &judged);
	if (judged.verdict == MOD_VERDICT_MASKED)
		plan->blacklisted = NULL;
	return r;
}

/* The caller may free the target before the plan. */
static int keep_target(struct mod_plan *plan)
{
	struct mod_target *own = mod_arena_raw(&plan->arena, sizeof *own);

	if (!own || mod_target_copy(own, plan->target, &plan->arena) < 0)
		return -ENOMEM;
	plan->target = own;
	return 0;
}

int mod_plan_load(struct mod_ctx *ctx, const struct mod_target *target,
		  const char *options, unsigned flags, struct mod_plan **out)
{
	_cleanup_(mod_plan_freep) struct mod_plan *plan = new_plan(ctx, target);
	struct mod_map_slot names[NAMES_ROOM] = { 0 };
	alignas(max_align_t) char room[SOFTDEPS_ROOM];
	struct planning p = { .ctx = ctx,
			      .plan = plan,
			      .options = options,
			      .flags = flags,
			      .room = { .at = room, .n = sizeof room } };

	mod_error_clear(ctx);
	if (!plan)
		return mod_error_end(ctx, -ENOMEM);
	mod_map_lend(&p.nodes, names, NAMES_ROOM);
	int r = look_for_blacklist(&p, target);
	if (r == 0 && !plan->blacklisted)
		r = walk(&p, (struct mod_target *)target,
			 &(struct why){ .route = target->route,
					.asked_by = target->alias,
					.rule = target->rule,
					.top = true,
					.raw = flags &
						MOD_PLAN_IGNORE_COMMANDS });
	if (r == 0)
		r = keep_target(plan);
	mod_map_fini(&p.nodes);
	if (r < 0)
		return mod_error_end(ctx, r);
	r = plan->blacklisted ? 1 : 0;
	*out = mod_take(plan);
	return mod_error_end(ctx, r);
}

size_t mod_plan_count(const struct mod_plan *plan)
{
	return plan->n;
}

const struct mod_step *mod_plan_step(const struct mod_plan *plan,
				     const char *name)
{
	for (size_t i = 0; i < plan->n; i++)
		if (strcmp(plan->at[i].name, name) == 0)
			return &plan->at[i];
	return NULL;
}

const struct mod_step *mod_plan_at(const struct mod_plan *plan, size_t i)
{
	return i < plan->n ? &plan->at[i] : NULL;
}

const char *mod_plan_blacklist(const struct mod_plan *plan, unsigned *line)
{
	const struct mod_rule *rule = plan->blacklisted;

	if (line)
		*line = rule ? rule->line : 0;
	return rule ? rule->file : NULL;
}
