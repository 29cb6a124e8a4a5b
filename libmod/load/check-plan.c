/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check-plan.c - the result of a plan for one of its modules. */
#include "libmod/load/check.h"
#include "libmod/load/command.h"

static int closed(struct mod_check_path *path, enum mod_barrier barrier,
		  const struct mod_rule *rule, const char *module)
{
	path->outcome = MOD_PATH_CLOSED;
	path->barrier = barrier;
	path->rule = rule;
	path->module = module;
	return 0;
}

static int closed_by_verdict(struct mod_check_path *path,
			     const struct mod_step *step)
{
	return closed(path,
		      step->verdict == MOD_VERDICT_MASKED
			      ? MOD_BARRIER_MASK
			      : MOD_BARRIER_UNLISTED,
		      step->rules[MOD_RULE_POLICY], step->policy_subject);
}

static int closed_by_command(struct mod_check_path *path,
			     const struct mod_step *step)
{
	path->command = step->command;
	return closed(path, MOD_BARRIER_COMMAND, step->rules[MOD_RULE_COMMAND],
		      step->name);
}

/* The step of the module itself. */
static int read_own(struct mod_check_path *path, const struct mod_step *step)
{
	switch (step->action) {
	case MOD_ACTION_REFUSED:
		return closed_by_verdict(path, step);
	case MOD_ACTION_COMMAND:
		if (mod_step_forbids(step))
			return closed_by_command(path, step);
		path->outcome = MOD_PATH_COMMAND;
		path->command = step->command;
		path->rule = step->rules[MOD_RULE_COMMAND];
		path->module = step->name;
		return 0;
	case MOD_ACTION_LOAD:
		path->outcome = MOD_PATH_OPEN;
		path->rule = step->rules[MOD_RULE_POLICY];
		return 0;
	default:
		return closed(path, MOD_BARRIER_ABSENT, NULL, step->name);
	}
}

/* A step before that of the module: does the plan end there? */
static bool ends_at(struct mod_check_path *path, const struct mod_step *step)
{
	int status;

	if (step->action == MOD_ACTION_NONE)
		return closed(path, MOD_BARRIER_ABSENT, NULL, step->name) == 0;
	return step->action == MOD_ACTION_COMMAND &&
		mod_command_is_void(step->command, &status) && status != 0 &&
		closed_by_command(path, step) == 0;
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
			const char *name, struct mod_check_path *path)
{
	const struct mod_step *own = mod_plan_step(plan, name);

	if (plan->blacklisted)
		return closed(path, MOD_BARRIER_BLACKLIST, plan->blacklisted,
			      plan->blacklisted->name);
	if (!own)
		return 1;
	if (mod_step_forbids(own))
		return read_own(path, own);
	const struct mod_step *refused = find_refusal(ctx, plan);
	if (refused)
		return closed_by_verdict(path, refused);
	for (const struct mod_step *step = plan->at; step < own; step++)
		if (step->required_by && !mod_step_is_loaded(ctx, step) &&
		    ends_at(path, step))
			return 0;
	return read_own(path, own);
}
