/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check.h - whether a module can be loaded, by each path to it.
 *
 * A plan is made for every path and read: which of its steps would keep the
 * module out, and by which rule.
 */
#pragma once

#include "libmod/load/plan.h"

struct mod_check_path {
	enum mod_route route;
	const char *via; /* alias, or module that needs it; NULL: its name */
	enum mod_check_path_outcome outcome;
	enum mod_barrier barrier;
	const struct mod_rule *rule; /* of the barrier, or NULL */
	const char *module;          /* whom the rule is about; or NULL */
	const char *command;         /* of an install line, or NULL */
	bool kmod_loads;
};

struct mod_check {
	struct mod_ctx *ctx;
	const char *name;
	enum mod_check_state state;
	bool known; /* the tree or a command has it */
	struct mod_check_path *at;
	size_t n, cap;
	struct mod_arena arena;
};

/* Adds the paths to check->name, but for that by its own name. */
_check_ int mod_check_add_paths(struct mod_check *check);

/* Plans a target and adds the path to it, if the plan contains the module.
 * Returns 0; 1 when it does not.
 */
_check_ int mod_check_try(struct mod_check *check, struct mod_target *target,
			  enum mod_route route, const char *via);

/* Adds a path unchanged, with its strings kept. */
_check_ int mod_check_add(struct mod_check *check,
			  const struct mod_check_path *path);

/* Sets everything of a path that a plan decides.  Returns 0; 1 when the module
 * is not in the plan.
 */
_check_ int mod_check_read_plan(struct mod_ctx *ctx,
				const struct mod_plan *plan, const char *name,
				struct mod_check_path *path);

/* Would kmod's modprobe come to load the module?  plan is one made
 * with MOD_PLAN_NO_POLICY and MOD_PLAN_AS_KMOD.  *loads is set.
 */
_check_ int mod_check_plan_as_kmod(struct mod_ctx *ctx,
				   const struct mod_plan *plan,
				   const char *name, bool *loads);
