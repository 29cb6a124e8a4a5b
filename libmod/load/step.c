/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* step.c - the fields of a step; documented in libmod/libmod.h. */
#include "libmod/load/step.h"

#include "libmod/live/loaded.h"

enum mod_action mod_step_action(const struct mod_step *step)
{
	return step->action;
}

const char *mod_step_name(const struct mod_step *step)
{
	return step->name;
}

const char *mod_step_path(const struct mod_step *step)
{
	return step->path;
}

const char *mod_step_options(const struct mod_step *step)
{
	return step->options;
}

const char *mod_step_command(const struct mod_step *step)
{
	return step->command;
}

enum mod_route mod_step_route(const struct mod_step *step)
{
	return step->route;
}

const char *mod_step_asked_by(const struct mod_step *step)
{
	return step->asked_by;
}

const struct mod_rule *mod_step_rule(const struct mod_step *step,
				     enum mod_rule_role role)
{
	bool known = role >= MOD_RULE_ASKED && role <= MOD_RULE_POLICY;

	return known ? step->rules[role] : NULL;
}

enum mod_verdict mod_step_verdict(const struct mod_step *step)
{
	return step->verdict;
}

const char *mod_step_policy_subject(const struct mod_step *step)
{
	return step->policy_subject;
}

bool mod_step_is_loaded(struct mod_ctx *ctx, const struct mod_step *step)
{
	return step->builtin || mod_loaded_is_live(ctx, step->name);
}
