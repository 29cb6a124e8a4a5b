/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* step.c - what a step tells about itself; documented in libmod/libmod.h. */
#include "libmod/act/plan.h"

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

const char *mod_step_rule_file(const struct mod_step *step)
{
	return step->rule ? step->rule->file : NULL;
}

unsigned mod_step_rule_line(const struct mod_step *step)
{
	return step->rule ? step->rule->line : 0;
}
