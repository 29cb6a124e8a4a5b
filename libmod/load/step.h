/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* step.h - one step of a plan: the action for one module, and its reason. */
#pragma once

#include "libmod/load/find.h"

struct mod_step {
	enum mod_action action;
	const char *name;
	const char *path;
	const char *options;
	const char *command;
	const struct mod_rule
		*rules[MOD_RULE_POLICY + 1]; /* by role; or NULL */
	enum mod_verdict verdict;
	const char *policy_subject; /* the module that the verdict is about */
	const char *own_name;       /* as in struct mod_policy_result */
	enum mod_route route;
	const char *asked_by; /* module or alias, or NULL */
	const char *alias;    /* it was found by, or NULL */
	bool builtin;         /* nothing is to be done outside of a dry run */
	const char *required_by; /* the target that fails without it: then the
				  * rest is not done; NULL: none */
	bool is_target;          /* the caller asked for it */
};

/* In the kernel already: a plan passes it over. */
bool mod_step_is_loaded(struct mod_ctx *ctx, const struct mod_step *step);
