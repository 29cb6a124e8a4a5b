/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-plan.c - the plan for a target, and how its steps are printed. */
#include "src/modprobe.h"

#include "src/log.h"
#include "src/output.h"

#include <string.h>

static int loaded_already(const struct modprobe *o,
			  const struct mod_target *target)
{
	unsigned strict = o->run_flags & MOD_RUN_FIRST_TIME;
	unsigned blind = o->run_flags & MOD_RUN_IGNORE_LOADED;

	return strict && !blind && mod_target_is_loaded(target) == 1;
}

int modprobe_plan(const struct modprobe *o, const struct mod_target *target,
		  const char *options, struct mod_plan **plan,
		  enum modprobe_outcome *outcome)
{
	int r = mod_plan_load(o->ctx, target, options, o->plan_flags, plan);

	if (r == 0 && modprobe_check_parms(o, *plan) == 0)
		return 0;
	*outcome = MODPROBE_FAILED;
	if (r == 0)
		log_error("could not insert '%s': Invalid argument",
			  mod_target_name(target));
	else if (r < 0)
		modprobe_complain(o, *plan, target, mod_ctx_error(o->ctx));
	else if (loaded_already(o, target))
		log_error("could not insert '%s': %s", mod_target_name(target),
			  "Module already in kernel");
	else
		*outcome = MODPROBE_SKIPPED;
	return 1;
}

/* A remove command gets no options, so the word for them is not shown. */
static void show_remove(const char *command)
{
	static const char word[] = "$CMDLINE_OPTS";
	const char *at;

	output_text("remove ");
	for (; (at = strstr(command, word)); command = at + strlen(word))
		output_bytes(command, (size_t)(at - command));
	output_text(command);
	output_text("\n");
}

static void show_line(const char *verb, const char *what, const char *options)
{
	output_text(verb);
	output_text(what);
	if (options) {
		output_text(" "); /* also before nothing: scripts match it */
		output_text(options);
	}
	output_text("\n");
}

static void print_step(const struct mod_step *step)
{
	switch (mod_step_action(step)) {
	case MOD_ACTION_LOAD:
		show_line("insmod ", mod_step_path(step),
			  mod_step_options(step));
		break;
	case MOD_ACTION_COMMAND:
		show_line("install ", mod_step_command(step),
			  mod_step_options(step));
		break;
	case MOD_ACTION_BUILTIN:
		show_line("builtin ", mod_step_name(step), NULL);
		break;
	case MOD_ACTION_UNLOAD:
		show_line("rmmod ", mod_step_name(step), NULL);
		break;
	case MOD_ACTION_REMOVE_COMMAND:
		show_remove(mod_step_command(step));
		break;
	case MOD_ACTION_NONE:
	case MOD_ACTION_REFUSED:
		break;
	}
}

void modprobe_show_step(void *data, const struct mod_step *step)
{
	const struct modprobe *o = data;

	if (o->shows)
		print_step(step);
	if (o->run_flags & MOD_RUN_DRY)
		return;
	if (mod_step_verdict(step) == MOD_VERDICT_AUDITED)
		modprobe_audit(o, step);
	/* Our output comes before that of a command and of the kernel. */
	output_flush();
}
