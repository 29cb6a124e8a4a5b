/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-remove.c - modprobe -r. */
#include "src/modprobe.h"

#include "src/log.h"

#include <errno.h>
#include <string.h>

/* The result for one name: kmod ends at once when it prints FATAL, and goes on
 * when -q suppresses that message.
 */
enum outcome { REMOVED, FAILED, FATAL };

static enum outcome fatal(const struct modprobe *o)
{
	return !o->all && log_wants(LOG_CRIT) ? FATAL : FAILED;
}

static enum outcome complain(const struct modprobe *o,
			     const struct mod_target *target,
			     const struct mod_error *error)
{
	const char *subject = mod_error_subject(error);

	if (!*subject)
		subject = mod_target_name(target);
	switch (mod_error_origin(error)) {
	case MOD_ORIGIN_STATE:
		log_at(modprobe_level(o), "Module %s is %s", subject,
		       modprobe_state_text(mod_error_code(error)));
		return fatal(o);
	case MOD_ORIGIN_COMMAND:
		log_info("%s", mod_error_message(error));
		log_at(modprobe_level(o), "Error running remove command for %s",
		       subject);
		return fatal(o);
	default:
		log_error("could not remove '%s': %s", subject,
			  tool_strerror(error, mod_error_code(error)));
		return FAILED;
	}
}

static enum outcome remove_all(const struct modprobe *o, size_t i)
{
	const struct mod_run_opts run = modprobe_run_opts(o);
	const struct mod_unload_opts opts = {
		.size = sizeof opts,
		.plan_flags = o->plan_flags,
		.wait_ms = o->wait_ms,
		.run = &run,
	};
	_targets_ struct mod_targets *targets = NULL;

	if (modprobe_find(o, i, &targets) != 0)
		return fatal(o);
	for (size_t t = 0; t < mod_targets_count(targets); t++) {
		const struct mod_target *target = mod_targets_at(targets, t);
		if (mod_unload(o->ctx, target, &opts) < 0)
			return complain(o, target, mod_ctx_error(o->ctx));
	}
	return REMOVED;
}

int modprobe_remove(const struct modprobe *o)
{
	enum outcome worst = REMOVED;

	for (size_t i = 0; i < o->word_count && worst != FATAL; i++) {
		enum outcome outcome = remove_all(o, i);
		worst = outcome > worst ? outcome : worst;
	}
	return worst != REMOVED;
}
