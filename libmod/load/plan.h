/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plan.h - the ordered steps that load one module, or several.
 *
 * Made in three passes: relations.h collects modules, verdicts.h applies the
 * policy, plan.c orders the steps.  A plan only decides; it asks neither /sys
 * nor /proc.  Every module is planned once, at the first place where it is
 * needed.
 */
#pragma once

#include "libmod/load/step.h"

struct mod_plan {
	struct mod_step *at;
	size_t n, cap;
	struct mod_target *targets; /* without those that a blacklist stops */
	size_t target_count;
	const struct mod_rule *blacklisted; /* the first such line, or NULL */
	struct mod_arena arena;             /* for all of it, itself too */
};

/* mod_plan_load() for the library itself, without options of the user. */
_check_ int mod_plan_make(struct mod_ctx *ctx, const struct mod_target *target,
			  unsigned flags, struct mod_plan **out);
