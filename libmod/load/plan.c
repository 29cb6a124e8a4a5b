/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plan.c - the steps in their order: the last of the three passes of planning.
 */
#include "libmod/load/plan.h"

#include "libmod/ctx/error.h"
#include "libmod/load/rules.h"
#include "libmod/load/verdicts.h"

#include <errno.h>
#include <string.h>

/* Softdeps of softdeps: deeper chains are a mistake or an attack, and each
 * level takes stack.
 */
enum { DEPTH_MAX = 500 };

struct planning {
	struct mod_ctx *ctx;
	struct mod_plan *plan;
	const char **options; /* one for each target of the plan */
	unsigned flags;       /* enum mod_plan_flags */
	unsigned depth;       /* of softdeps of softdeps */
};

static int visit(struct planning *p, const struct mod_relation *relation);

static int grow(struct mod_plan *plan)
{
	struct mod_step *at = mod_arena_grow(&plan->arena, plan->at, &plan->cap,
					     plan->n + 1, sizeof *at);

	if (!at)
		return -ENOMEM;
	plan->at = at;
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

/* Its install command, and its softdeps unless it is a dependency. */
static bool ignores_commands(const struct planning *p,
			     const struct mod_node *node)
{
	return node->is_target && p->flags & MOD_PLAN_IGNORE_COMMANDS;
}

/* Adds a step, even if the module has one. */
static int append(struct planning *p, const struct mod_relation *relation)
{
	const struct mod_node *node = relation->node;
	bool is_dependency = relation->route == MOD_ROUTE_DEPENDENCY;
	const struct mod_policy_result *policy =
		is_dependency && !node->is_target ? &node->mask : &node->policy;
	/* A target is loaded as the caller found it, whoever needs it first. */
	const struct mod_target *target =
		node->is_target ? node->found : relation->target;
	const struct mod_rule *command = NULL, *options_rule;
	const char *options;

	int r = ignores_commands(p, node)
		? 0
		: mod_rules_command(p->ctx, MOD_LINE_INSTALL, target, &command);
	if (r == 0)
		r = mod_rules_options(p->ctx, target, node->options,
				      &p->plan->arena, &options, &options_rule);
	if (r == 0)
		r = grow(p->plan);
	if (r < 0)
		return r;
	p->plan->at[p->plan->n++] = (struct mod_step){
		.action = action_of(target, command, policy->verdict),
		.name = node->name,
		.path = target->path,
		.options = options,
		.command = command ? command->text : NULL,
		.rules = { [MOD_RULE_ASKED] = relation->rule,
			   [MOD_RULE_COMMAND] = command,
			   [MOD_RULE_OPTIONS] = options_rule,
			   [MOD_RULE_POLICY] = policy->rule },
		.verdict = policy->verdict,
		.policy_subject = policy->subject,
		.own_name = policy->own_name,
		.route = relation->route,
		.asked_by = relation->asked_by,
		.alias = target->alias,
		.builtin = target->builtin,
		.required_by = node->required_by,
		.is_target = node->is_target,
	};
	return 0;
}

static int append_once(struct planning *p, const struct mod_relation *relation)
{
	struct mod_node *node = relation->node;

	if (node->planned)
		return 0;
	node->planned = true;
	return append(p, relation);
}

static int visit_all(struct planning *p, const struct mod_relation_list *list)
{
	int r = 0;

	for (size_t i = 0; i < list->n && r == 0; i++)
		r = visit(p, &list->at[i]);
	return r;
}

/* The module between its softdeps.  One of them may depend on the module: then
 * the module is placed there, with the rest of its softdeps around it.
 */
static int place(struct planning *p, const struct mod_relation *relation)
{
	const struct mod_node *node = relation->node;
	int r = visit_all(p, &node->pre);
	if (r == 0)
		r = append_once(p, relation);
	if (r == 0)
		r = visit_all(p, &node->post);
	return r;
}

/* A softdep that is refused is left out, with a step that shows it. */
static int leave_out(struct planning *p, const struct mod_relation *relation)
{
	const struct mod_node *node = relation->node;

	return node->planned || node->required_by ? 0 : append(p, relation);
}

static int place_with_dependencies(struct planning *p,
				   const struct mod_relation *relation)
{
	const struct mod_node *node = relation->node;
	int r = 0;

	for (size_t i = 0; i < node->dependencies.n && r == 0; i++)
		r = place(p, &node->dependencies.at[i]);
	if (r < 0)
		return r;
	return ignores_commands(p, node) ? append_once(p, relation)
					 : place(p, relation);
}

/* A target or a softdep, once. */
static int visit(struct planning *p, const struct mod_relation *relation)
{
	struct mod_node *node = relation->node;

	if (node->visited)
		return 0;
	if (p->depth == DEPTH_MAX)
		return mod_error_set(
			p->ctx, MOD_ORIGIN_CONFIG, -ELOOP, node->name,
			"softdeps of softdeps go deeper than %d", DEPTH_MAX);
	p->depth++;
	node->visited = true;
	bool is_left_out =
		!node->is_target && mod_policy_refuses(node->policy.verdict);
	int r = is_left_out ? leave_out(p, relation)
			    : place_with_dependencies(p, relation);
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

static struct mod_plan *new_plan(void)
{
	struct mod_arena arena = { 0 };
	struct mod_plan *plan = mod_arena_raw(&arena, sizeof *plan);

	if (plan)
		*plan = (struct mod_plan){ .arena = arena };
	return plan;
}

/* Copies the targets, as the caller may free them before the plan; those that a
 * blacklist stops are left out.
 */
static int take_targets(struct planning *p,
			const struct mod_target *const *targets,
			const char *const *options, size_t n)
{
	struct mod_plan *plan = p->plan;
	const struct mod_rule *blacklisted = NULL;

	plan->targets = mod_arena_raw(&plan->arena, n * sizeof *plan->targets);
	p->options = mod_arena_raw(&plan->arena, n * sizeof *p->options);
	if (!plan->targets || !p->options)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct mod_target *target = &plan->targets[plan->target_count];
		int r = mod_target_copy(target, targets[i], &plan->arena);
		if (r == 0)
			r = mod_policy_blacklist(p->ctx, target, p->flags,
						 &blacklisted);
		if (r < 0)
			return r;
		if (!blacklisted)
			p->options[plan->target_count++] =
				options && options[i] ? options[i] : "";
		else if (!plan->blacklisted)
			plan->blacklisted = blacklisted;
	}
	return 0;
}

/* The three passes. */
static int plan_targets(struct planning *p)
{
	struct mod_relations relations = { .ctx = p->ctx,
					   .arena = &p->plan->arena,
					   .flags = p->flags };

	int r = mod_relations_collect(&relations, p->plan->targets, p->options,
				      p->plan->target_count);
	if (r == 0)
		r = mod_verdicts_mark(&relations);
	if (r == 0)
		r = visit_all(p, &relations.targets);
	mod_relations_fini(&relations);
	return r;
}

static int load_all(struct mod_ctx *ctx,
		    const struct mod_target *const *targets,
		    const char *const *options, size_t n, unsigned flags,
		    struct mod_plan **out)
{
	_cleanup_(mod_plan_freep) struct mod_plan *plan = new_plan();
	struct planning p = { .ctx = ctx, .plan = plan, .flags = flags };

	if (!plan)
		return -ENOMEM;
	int r = take_targets(&p, targets, options, n);
	if (r == 0)
		r = plan_targets(&p);
	if (r < 0)
		return r;
	r = plan->blacklisted && !plan->target_count;
	*out = mod_take(plan);
	return r;
}

int mod_plan_make(struct mod_ctx *ctx, const struct mod_target *target,
		  unsigned flags, struct mod_plan **out)
{
	return load_all(ctx, &target, NULL, 1, flags, out);
}

int mod_plan_load(struct mod_ctx *ctx, const struct mod_target *target,
		  const char *options, unsigned flags, struct mod_plan **out)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx,
			     load_all(ctx, &target, &options, 1, flags, out));
}

int mod_plan_load_all(struct mod_ctx *ctx,
		      const struct mod_target *const *targets,
		      const char *const *options, size_t n, unsigned flags,
		      struct mod_plan **out)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx,
			     load_all(ctx, targets, options, n, flags, out));
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

const struct mod_rule *mod_plan_blacklist(const struct mod_plan *plan)
{
	return plan->blacklisted;
}
