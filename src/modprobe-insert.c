/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-insert.c - modprobe NAME, and what a name means (-R). */
#include "src/modprobe.h"

#include "src/out.h"
#include "src/say.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What became of one of the modules that a name means. */
enum outcome { LOADED, SKIPPED, FAILED };

/* Other programs match these texts. */
static const char *reason(const struct modprobe *o, int error)
{
	switch (mod_error_code(o->ctx) == error ? mod_error_origin(o->ctx)
						: MOD_ORIGIN_NONE) {
	case MOD_ORIGIN_STATE:
		if (error == -EEXIST)
			return "Module already in kernel";
		break;
	case MOD_ORIGIN_KERNEL:
		if (error == -ENOENT)
			return "Unknown symbol in module, or unknown parameter "
			       "(see dmesg)";
		break;
	case MOD_ORIGIN_LOOKUP:
		return "No such module";
	default:
		break;
	}
	return tool_strerror(o->ctx, error);
}

/* Is everything said with the reason alone? */
static bool is_plain(const struct modprobe *o, const struct mod_target *target,
		     int error)
{
	const char *path = mod_target_path(target);

	if (mod_error_code(o->ctx) != error)
		return true;
	switch (mod_error_origin(o->ctx)) {
	case MOD_ORIGIN_STATE:
		return true;
	case MOD_ORIGIN_KERNEL:
		return path && strcmp(mod_error_subject(o->ctx), path) == 0;
	default:
		return false;
	}
}

static enum outcome complain(const struct modprobe *o,
			     const struct mod_target *target, int error)
{
	if (!is_plain(o, target, error))
		say_error("%s", mod_error_sentence(o->ctx));
	say_error("could not insert '%s': %s", mod_target_name(target),
		  reason(o, error));
	return FAILED;
}

static int loaded_already(const struct modprobe *o,
			  const struct mod_target *target)
{
	unsigned strict = o->run_flags & MOD_RUN_FIRST_TIME;
	unsigned blind = o->run_flags & MOD_RUN_IGNORE_LOADED;

	return strict && !blind && mod_target_is_loaded(target);
}

static enum outcome insert_one(const struct modprobe *o,
			       const struct mod_target *target,
			       const char *options)
{
	_plan_ struct mod_plan *plan = NULL;

	int r = mod_plan_load(o->ctx, target, options, o->plan_flags, &plan);
	if (r == 1 && loaded_already(o, target))
		return say_error("could not insert '%s': %s",
				 mod_target_name(target),
				 "Module already in kernel"),
		       FAILED;
	if (r == 1)
		return SKIPPED;
	if (r == 0)
		r = mod_plan_run(o->ctx, plan, o->run_flags, modprobe_show_step,
				 (void *)o);
	return r < 0 ? complain(o, target, r) : LOADED;
}

/* All modules that a word means are tried.  One that fails matters only when
 * none is loaded then: an alias often names modules for other machines too.
 */
static int insert_all(const struct modprobe *o, size_t i, const char *options)
{
	_targets_ struct mod_targets *targets = NULL;
	int seen[] = { [LOADED] = 0, [SKIPPED] = 0, [FAILED] = 0 };

	if (modprobe_find(o, i, &targets) != 0)
		return 1;
	for (size_t t = 0; t < mod_targets_count(targets); t++)
		seen[insert_one(o, mod_targets_at(targets, t), options)]++;
	return seen[FAILED] && !seen[LOADED];
}

int modprobe_insert(const struct modprobe *o)
{
	int failed = 0;

	if (o->all) {
		for (size_t i = 0; i < o->word_count; i++)
			failed |= insert_all(o, i, "");
		return failed;
	}
	if (o->word_count == 1) /* as the kernel calls: nothing to allocate */
		return insert_all(o, 0, "");
	char *options = tool_join_params(o->words + 1);
	if (!options)
		return say_error("out of memory");
	failed = insert_all(o, 0, options);
	free(options);
	return failed;
}

static int show_all(const struct modprobe *o, size_t i)
{
	_targets_ struct mod_targets *targets = NULL;

	if (modprobe_find(o, i, &targets) != 0)
		return 1;
	for (size_t t = 0; t < mod_targets_count(targets); t++) {
		out_text(mod_target_name(mod_targets_at(targets, t)));
		out_text("\n");
	}
	return 0;
}

int modprobe_show_alias(const struct modprobe *o)
{
	size_t n = o->all ? o->word_count : 1;
	int failed = 0;

	for (size_t i = 0; i < n; i++)
		failed |= show_all(o, i);
	return failed;
}
