/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* run.c - does a plan. */
#include "libmod/load/run.h"

#include "libmod/base/sized.h"
#include "libmod/base/str.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/live/loaded.h"
#include "libmod/load/command.h"
#include "libmod/load/insert.h"
#include "libmod/load/policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

/* A dry run of more steps than this reads /proc/modules once.  Others look at
 * /sys for each module, as modules may come and go meanwhile.
 */
enum { FEW_STEPS = 4 };

struct running {
	struct mod_ctx *ctx;
	const struct mod_plan *plan;
	const struct mod_run_opts *opts;
	struct mod_arena arena;
	bool *live;     /* by step, as known beforehand, in arena; or NULL */
	bool begun;     /* something was done that may have changed it */
	size_t missing; /* the step of the first target that was not loaded */
	const struct mod_gate *gate; /* or NULL */
};

/* Before anything is asked about a step, or done for it. */
static void enter(const struct running *run, size_t i)
{
	if (run->gate)
		run->gate->enter(run->gate, i);
}

static void leave(const struct running *run, size_t i)
{
	if (run->gate)
		run->gate->leave(run->gate, i);
}

static int mark_live(void *data, const struct mod_loaded *mod)
{
	const struct running *run = data;
	const char *name = mod_loaded_name(mod);

	if (strcmp(mod_loaded_state(mod), "Live") != 0)
		return 0;
	for (size_t i = 0; i < run->plan->n; i++)
		run->live[i] |= strcmp(run->plan->at[i].name, name) == 0;
	return 0;
}

/* What a dry run asks for, all at once, where that is to be had. */
static void look_ahead(struct running *run)
{
	bool many = run->plan->n > FEW_STEPS;

	if (!many || !(run->opts->flags & MOD_RUN_DRY) ||
	    run->opts->flags & MOD_RUN_IGNORE_LOADED)
		return;
	run->live =
		mod_arena_get(&run->arena, run->plan->n * sizeof *run->live);
	if (run->live && mod_loaded_walk(run->ctx, mark_live, run) < 0) {
		run->live = NULL;
		mod_error_clear(run->ctx);
	}
}

static bool is_done(const struct running *run, size_t i)
{
	const struct mod_step *step = &run->plan->at[i];

	if (run->opts->flags & MOD_RUN_IGNORE_LOADED)
		return false;
	if (run->live)
		return step->builtin || run->live[i];
	return mod_step_is_loaded(run->ctx, step);
}

static int already(struct mod_ctx *ctx, const char *name)
{
	return mod_error_set(ctx, MOD_ORIGIN_STATE, -EEXIST, name,
			     "%s is in the kernel already", name);
}

/* Looks for a target that is not loaded before anything is done.  Returns 0; 1
 * when all are loaded; an error for the first one that must not be.
 */
static int look_for_missing_target(struct running *run)
{
	const struct mod_plan *plan = run->plan;

	run->missing = plan->n;
	for (size_t i = 0; i < plan->n; i++) {
		if (!plan->at[i].is_target)
			continue;
		enter(run, i);
		bool loaded = is_done(run, i);
		if (loaded && run->opts->flags & MOD_RUN_FIRST_TIME)
			return already(run->ctx, plan->at[i].name);
		if (!loaded && run->missing == plan->n)
			run->missing = i;
	}
	return run->missing == plan->n;
}

static int no_file(struct mod_ctx *ctx, const struct mod_step *step)
{
	mod_error_set(ctx, MOD_ORIGIN_LOOKUP, -ENOENT, step->name,
		      "%s: no file has this name", step->name);
	return mod_error_advise(
		ctx, "run depmod if its file was added to the module tree");
}

/* "X is masked (FILE:LINE)"; NULL when memory is out. */
static char *refusal(const struct mod_step *step)
{
	const struct mod_rule *rule = step->rules[MOD_RULE_POLICY];
	struct mod_str text = { 0 };

	mod_str_add(&text, step->policy_subject);
	mod_str_add(&text,
		    step->verdict == MOD_VERDICT_MASKED ? " is masked ("
							: " is not allowed (");
	mod_str_add(&text, rule->file);
	if (rule->line)
		mod_str_addf(&text, ":%u", rule->line);
	mod_str_add(&text, ")");
	return mod_str_take(&text);
}

static const char *policy_advice(enum mod_verdict verdict)
{
	return verdict == MOD_VERDICT_MASKED
		? "remove the mask line, or load it once with --ignore-mask"
		: "add an allow line for it if it is wanted";
}

static int refuse(struct mod_ctx *ctx, const struct mod_step *step)
{
	_free_ char *text = refusal(step);

	if (!text)
		return -ENOMEM;
	if (step->is_target)
		mod_error_set(ctx, MOD_ORIGIN_POLICY, -EPERM, step->name, "%s",
			      text);
	else
		mod_error_set(ctx, MOD_ORIGIN_POLICY, -EPERM, step->name,
			      "%s needs %s: %s", step->required_by, step->name,
			      text);
	return mod_error_advise(ctx, policy_advice(step->verdict));
}

/* Nothing is begun that a rule would end half-way. */
static int look_for_refusals(const struct running *run)
{
	for (size_t i = 0; i < run->plan->n; i++) {
		const struct mod_step *step = &run->plan->at[i];
		if (step->action == MOD_ACTION_REFUSED && step->required_by &&
		    !is_done(run, i))
			return refuse(run->ctx, step);
	}
	return 0;
}

static void log_left_out(struct mod_ctx *ctx, const struct mod_step *step)
{
	_free_ char *text = refusal(step);

	if (text)
		mod_log(ctx, LOG_INFO, "softdep %s is left out: %s", step->name,
			text);
}

static int do_step(struct mod_ctx *ctx, const struct mod_step *step,
		   const struct mod_run_opts *opts)
{
	if (opts->flags & MOD_RUN_DRY)
		return 0;
	switch (step->action) {
	case MOD_ACTION_LOAD:
		return mod_insert_checked(ctx, step->path, step->own_name,
					  step->options, opts->flags);
	case MOD_ACTION_COMMAND:
		return mod_command_run(ctx, opts, step);
	case MOD_ACTION_NONE:
		return no_file(ctx, step);
	default:
		return 0;
	}
}

/* Returns -EEXIST for a module that is loaded already. */
static int take_step(struct running *run, size_t i)
{
	const struct mod_step *step = &run->plan->at[i];
	const struct mod_run_opts *opts = run->opts;

	/* The state of the missing target is known until something is done. */
	if ((run->begun || i != run->missing) && is_done(run, i))
		return -EEXIST;
	run->begun = true;
	if (step->action == MOD_ACTION_REFUSED) {
		log_left_out(run->ctx, step);
		if (opts->show && opts->flags & MOD_RUN_DRY)
			opts->show(opts->data, step);
		return 0;
	}
	if (opts->show)
		opts->show(opts->data, step);
	return do_step(run->ctx, step, opts);
}

/* The result of a step; not 0 when the steps after it are not to be taken. */
static int result_of(const struct running *run, const struct mod_step *step,
		     int r)
{
	if (r == -EEXIST)
		return step->is_target && run->opts->flags & MOD_RUN_FIRST_TIME
			? already(run->ctx, step->name)
			: 0;
	if (r == 0 || step->required_by)
		return r;
	mod_run_skip(run->ctx, run->opts, step, r);
	return 0;
}

static int take_steps(struct running *run)
{
	int r = look_for_missing_target(run);

	if (r != 0)
		return r < 0 ? r : 0;
	r = look_for_refusals(run);
	for (size_t i = 0; i < run->plan->n && r == 0; i++) {
		enter(run, i);
		r = take_step(run, i);
		leave(run, i);
		r = result_of(run, &run->plan->at[i], r);
	}
	return r;
}

int mod_run_gated(struct mod_ctx *ctx, const struct mod_plan *plan,
		  const struct mod_run_opts *opts, const struct mod_gate *gate)
{
	struct running run = {
		.ctx = ctx, .plan = plan, .opts = opts, .gate = gate
	};

	look_ahead(&run);
	int r = take_steps(&run);
	mod_arena_fini(&run.arena);
	return r;
}

void mod_run_skip(struct mod_ctx *ctx, const struct mod_run_opts *opts,
		  const struct mod_step *step, int r)
{
	if (ctx->error.code != r)
		mod_error_set(ctx, MOD_ORIGIN_SYSTEM, r, NULL, "%s",
			      strerror(-r));
	if (opts->skipped)
		opts->skipped(opts->data, step, mod_ctx_error(ctx));
	else
		mod_log(ctx, LOG_INFO, "%s is skipped: %s", step->name,
			mod_error_message(mod_ctx_error(ctx)));
	mod_error_clear(ctx);
}

int mod_run_take_opts(struct mod_ctx *ctx, const struct mod_run_opts *given,
		      struct mod_run_opts *own)
{
	*own = (struct mod_run_opts){ 0 };
	int r = given ? mod_sized_copy(own, sizeof *own, given) : 0;

	return r < 0 ? mod_error_set(ctx, MOD_ORIGIN_CALLER, r, NULL,
				     "the size of the options is invalid")
		     : 0;
}

int mod_plan_run(struct mod_ctx *ctx, const struct mod_plan *plan,
		 const struct mod_run_opts *opts)
{
	struct mod_run_opts own;

	mod_error_clear(ctx);
	int r = mod_run_take_opts(ctx, opts, &own);
	if (r == 0)
		r = mod_run_gated(ctx, plan, &own, NULL);
	return mod_error_end(ctx, r);
}
