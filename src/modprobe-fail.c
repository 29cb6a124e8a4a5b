/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-fail.c - why a module could not be loaded, and by whose rule. */
#include "src/modprobe.h"

#include "src/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Other programs match it. */
#define NO_MODULE "could not find module by name='%s'"

static void insertion_skipped(const struct mod_step *step,
			      const struct mod_error *error)
{
	const char *name = mod_step_name(step);

	if (mod_error_origin(error) == MOD_ORIGIN_LOOKUP)
		log_info("Failed to insert module '%s': " NO_MODULE, name,
			 mod_error_subject(error));
	else
		log_info("Failed to insert module '%s': %s", name,
			 mod_error_message(error));
}

/* Other programs match these texts. */
const char *modprobe_state_text(int error)
{
	return error == -EPERM    ? "builtin."
		: error == -EBUSY ? "in use."
				  : "not in kernel.";
}

static void removal_skipped(const struct mod_step *step,
			    const struct mod_error *error)
{
	const char *asked_by = mod_step_asked_by(step);
	int r = mod_error_code(error);

	if (mod_step_route(step) != MOD_ROUTE_SOFTDEP)
		log_error("could not remove '%s': %s", mod_step_name(step),
			  strerror(-r));
	else if (mod_error_origin(error) == MOD_ORIGIN_STATE)
		log_info("softdep of %s stays loaded: Module %s is %s",
			 asked_by, mod_error_subject(error),
			 modprobe_state_text(r));
	else
		log_info("softdep of %s stays loaded: %s", asked_by,
			 mod_error_message(error));
}

void modprobe_skipped(void *data, const struct mod_step *step,
		      const struct mod_error *error)
{
	(void)data;
	if (mod_step_action(step) == MOD_ACTION_UNLOAD)
		removal_skipped(step, error);
	else
		insertion_skipped(step, error);
}

const char *modprobe_message(const struct modprobe *o, int r)
{
	const struct mod_error *error = mod_ctx_error(o->ctx);

	return mod_error_code(error) == r ? mod_error_message(error)
					  : strerror(-r);
}

/* Other programs match these texts. */
static const char *reason(const struct mod_error *error)
{
	int r = mod_error_code(error);

	switch (mod_error_origin(error)) {
	case MOD_ORIGIN_STATE:
		if (r == -EEXIST)
			return "Module already in kernel";
		break;
	case MOD_ORIGIN_KERNEL:
		if (r == -ENOENT)
			return "Unknown symbol in module, or unknown parameter "
			       "(see dmesg)";
		break;
	case MOD_ORIGIN_LOOKUP:
		return "No such module";
	default:
		break;
	}
	return tool_strerror(error, r);
}

/* Is the reason alone the complete message? */
static bool is_plain(const struct mod_plan *plan,
		     const struct mod_target *target,
		     const struct mod_error *error)
{
	const char *name = mod_target_name(target);
	const struct mod_step *step = plan ? mod_plan_step(plan, name) : NULL;
	const char *path = step ? mod_step_path(step) : NULL;

	switch (mod_error_origin(error)) {
	case MOD_ORIGIN_STATE:
		return true;
	case MOD_ORIGIN_KERNEL:
		return path && strcmp(mod_error_subject(error), path) == 0;
	default:
		return false;
	}
}

/* A command failed: which line of the configuration brought it in. */
static void log_command(const struct mod_plan *plan,
			const struct mod_target *target,
			const struct mod_error *error)
{
	const char *name = mod_error_subject(error);
	const struct mod_step *step = mod_plan_step(plan, name);
	const char *command = step ? mod_step_command(step) : NULL;
	const char *top = mod_target_name(target);

	if (!command)
		return;
	bool forbids = mod_step_forbids(step);
	const struct mod_rule *rule = mod_step_rule(step, MOD_RULE_COMMAND);
	const char *what = forbids ? "is forbidden by an install line"
				   : "has an install command that failed";
	if (strcmp(name, top) == 0)
		log_error("%s %s (%s:%u)", name, what, mod_rule_file(rule),
			  mod_rule_line(rule));
	else
		log_error("%s needs %s, which %s (%s:%u)", top, name, what,
			  mod_rule_file(rule), mod_rule_line(rule));
}

/* To syslog, even with -q, because its readers look for refused attempts. */
static void log_policy(const struct modprobe *o, const char *text,
		       const char *asked_by)
{
	if (asked_by)
		log_syslog(LOG_NOTICE,
			   "policy: %s; softdep of %s, asked for: %s", text,
			   asked_by, o->asked ? o->asked : "");
	else
		log_syslog(LOG_NOTICE, "policy: %s; asked for: %s", text,
			   o->asked ? o->asked : "");
}

void modprobe_audit(const struct modprobe *o, const struct mod_step *step)
{
	bool softdep = mod_step_route(step) == MOD_ROUTE_SOFTDEP;
	char *text = NULL;
	const struct mod_rule *rule = mod_step_rule(step, MOD_RULE_POLICY);

	if (asprintf(&text, "%s would not be allowed (%s:%u)",
		     mod_step_name(step), mod_rule_file(rule),
		     mod_rule_line(rule)) < 0)
		return;
	log_policy(o, text, softdep ? mod_step_asked_by(step) : NULL);
	free(text);
}

/* One line reports a module that a rule refuses; a second one follows when the
 * user asked for another module.
 */
void modprobe_complain(const struct modprobe *o, const struct mod_plan *plan,
		       const struct mod_target *target,
		       const struct mod_error *error)
{
	enum mod_origin origin = mod_error_origin(error);
	const char *name = mod_target_name(target);

	if (origin == MOD_ORIGIN_LOOKUP)
		log_error(NO_MODULE, mod_error_subject(error));
	else if (!is_plain(plan, target, error))
		log_error("%s", mod_error_message(error));
	if (origin == MOD_ORIGIN_COMMAND && plan)
		log_command(plan, target, error);
	if (origin == MOD_ORIGIN_POLICY && !(o->run_flags & MOD_RUN_DRY))
		log_policy(o, mod_error_message(error), NULL);
	if (origin == MOD_ORIGIN_POLICY &&
	    strcmp(mod_error_subject(error), name) == 0)
		return;
	log_error("could not insert '%s': %s", name, reason(error));
}
