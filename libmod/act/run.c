/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* run.c - does a plan. */
#include "libmod/act/command.h"
#include "libmod/act/plan.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>

static bool is_in_kernel(struct mod_ctx *ctx, const char *name, bool builtin)
{
	enum mod_state state;

	return builtin ||
		(mod_loaded_state_of(ctx, name, &state) == 0 &&
		 state == MOD_STATE_LIVE);
}

static int already(struct mod_ctx *ctx, const char *name)
{
	return mod_fail(ctx, MOD_ORIGIN_STATE, -EEXIST, name,
			"%s is in the kernel already", name);
}

static int no_file(struct mod_ctx *ctx, const struct mod_step *step)
{
	return mod_fail(ctx, MOD_ORIGIN_LOOKUP, -ENOENT, step->name,
			"could not find module by name='%s'", step->name);
}

static int do_step(struct mod_ctx *ctx, const struct mod_step *step,
		   unsigned flags)
{
	if (flags & MOD_RUN_DRY)
		return 0;
	switch (step->action) {
	case MOD_ACTION_LOAD:
		return mod_insert(ctx, step->path, step->options, flags);
	case MOD_ACTION_COMMAND:
		return mod_command_run(ctx, "install", step->command,
				       step->name, step->options);
	case MOD_ACTION_NONE:
		return no_file(ctx, step);
	default:
		return 0;
	}
}

/* Returns -EEXIST for what is in the kernel already. */
static int take_step(struct mod_ctx *ctx, const struct mod_step *step,
		     unsigned flags, mod_step_fn *show, void *data)
{
	if (!(flags & MOD_RUN_IGNORE_LOADED) &&
	    is_in_kernel(ctx, step->name, step->builtin))
		return -EEXIST;
	if (show)
		show(data, step);
	return do_step(ctx, step, flags);
}

int mod_plan_run(struct mod_ctx *ctx, const struct mod_plan *plan,
		 unsigned flags, mod_step_fn *show, void *data)
{
	const char *top = plan->target->name;
	bool first_time = flags & MOD_RUN_FIRST_TIME;

	mod_begin(ctx);
	if (!(flags & MOD_RUN_IGNORE_LOADED) &&
	    mod_target_is_loaded(plan->target))
		return mod_end(ctx, first_time ? already(ctx, top) : 0);
	for (size_t i = 0; i < plan->n; i++) {
		const struct mod_step *step = &plan->at[i];
		int r = take_step(ctx, step, flags, show, data);

		if (r == -EEXIST && step->top && first_time)
			return mod_end(ctx, already(ctx, top));
		if (r < 0 && r != -EEXIST && !step->required)
			mod_say(ctx, LOG_INFO,
				"Failed to insert module '%s': %s", step->name,
				mod_error_sentence(ctx));
		if (r < 0 && r != -EEXIST && step->required)
			return mod_end(ctx, r);
	}
	return 0;
}
