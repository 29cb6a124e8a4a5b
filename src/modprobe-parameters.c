/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-parameters.c - warns about parameters that a module does not have,
 * or not with such values.
 */
#include "src/modprobe.h"

#include "src/log.h"

#include <stdio.h>

/* The state while one step is checked. */
struct step_check {
	const char *module;
	int level;
	size_t faults;
};

static int warn(void *data, const struct mod_parameter_fault *fault)
{
	struct step_check *check = data;
	const struct mod_rule *rule = fault->rule;
	char place[512] = "", more[128] = "";

	check->faults++;
	if (rule && mod_rule_line(rule))
		snprintf(place, sizeof place, " (%s:%u)", mod_rule_file(rule),
			 mod_rule_line(rule));
	else if (rule)
		snprintf(place, sizeof place, " (%s)", mod_rule_file(rule));
	if (fault->nearest)
		snprintf(more, sizeof more, ", the nearest is '%s'",
			 fault->nearest);
	if (!fault->type)
		log_at(check->level, "%s has no parameter '%s'%s%s",
		       check->module, fault->name, more, place);
	else if (fault->value)
		log_at(check->level,
		       "%s: parameter '%s' is of type %s, '%s' is "
		       "not%s",
		       check->module, fault->name, fault->type, fault->value,
		       place);
	else
		log_at(check->level,
		       "%s: parameter '%s' of type %s needs a value%s",
		       check->module, fault->name, fault->type, place);
	return 0;
}

static bool is_loaded(const struct modprobe *o, const struct mod_step *step)
{
	enum mod_state state;

	return mod_step_action(step) == MOD_ACTION_LOAD &&
		!(o->run_flags & MOD_RUN_IGNORE_LOADED) &&
		mod_loaded_state_of(o->ctx, mod_step_name(step), &state) == 0 &&
		state == MOD_STATE_LIVE;
}

int modprobe_check_parms(const struct modprobe *o, const struct mod_plan *plan)
{
	struct step_check check = { .level =
					    o->strict ? LOG_ERR : LOG_WARNING };
	bool shows_all = o->run_flags & MOD_RUN_IGNORE_LOADED;

	/* -D prints the steps, and must not open their files. */
	if (!o->strict && (shows_all || !log_wants(LOG_WARNING)))
		return 0;
	for (size_t i = 0; i < mod_plan_count(plan); i++) {
		const struct mod_step *step = mod_plan_at(plan, i);
		enum mod_action action = mod_step_action(step);
		if (!*mod_step_options(step) ||
		    (action != MOD_ACTION_LOAD &&
		     action != MOD_ACTION_BUILTIN) ||
		    is_loaded(o, step))
			continue;
		check.module = mod_step_name(step);
		if (mod_step_faults_each(o->ctx, step, warn, &check) < 0)
			log_error("out of memory");
	}
	return o->strict && check.faults;
}
