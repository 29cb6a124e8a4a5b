/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check-kmod.c - where kmod's modprobe would decide in another path. */
#include "libmod/load/check.h"
#include "libmod/load/command.h"
#include "libmod/load/rules.h"

#include <string.h>

/* A softdep that can be found makes kmod forget the install command. */
static int forgets_command(struct mod_ctx *ctx, const char *name, bool *forgets)
{
	struct mod_arena arena = { 0 };
	struct mod_softdeps softdeps;
	int r = mod_rules_softdeps(ctx, name, true, &arena, &softdeps);

	*forgets = softdeps.pre.n || softdeps.post.n;
	mod_arena_fini(&arena);
	return r;
}

/* Does a step end the plan without loading its module? */
static int fails(struct mod_ctx *ctx, const struct mod_step *step, bool *is)
{
	bool forgets;
	int status;

	*is = step->action == MOD_ACTION_NONE;
	if (step->action != MOD_ACTION_COMMAND ||
	    !mod_command_is_void(step->command, &status))
		return 0;
	int r = forgets_command(ctx, step->name, &forgets);
	*is = r == 0 && !forgets && status != 0;
	return r;
}

static int loads_itself(struct mod_ctx *ctx, const struct mod_step *step,
			bool *is)
{
	bool forgets;
	int status;

	*is = step->action == MOD_ACTION_LOAD;
	if (step->action != MOD_ACTION_COMMAND)
		return 0;
	*is = !mod_command_is_void(step->command, &status);
	if (*is)
		return 0;
	int r = forgets_command(ctx, step->name, &forgets);
	*is = r == 0 && forgets && step->path;
	return r;
}

int mod_check_plan_as_kmod(struct mod_ctx *ctx, const struct mod_plan *plan,
			   const char *name, bool *loads)
{
	*loads = false;
	for (size_t i = 0; i < plan->n; i++) {
		const struct mod_step *step = &plan->at[i];
		bool is;

		if (strcmp(step->name, name) == 0)
			return loads_itself(ctx, step, loads);
		int r = fails(ctx, step, &is);
		if (r < 0)
			return r;
		if (is && step->required_by && !mod_step_is_loaded(ctx, step))
			return 0;
	}
	return 0;
}
