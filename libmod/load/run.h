/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* run.h - does a plan; see mod_plan_run(). */
#pragma once

#include "libmod/load/plan.h"

/* Called before and after each step is checked and taken.  The step of the
 * target is also entered before the first.
 */
struct mod_gate {
	void (*enter)(const struct mod_gate *gate, size_t step);
	void (*leave)(const struct mod_gate *gate, size_t step);
};

_check_ int mod_run_gated(struct mod_ctx *ctx, const struct mod_plan *plan,
			  unsigned flags, mod_step_fn *show, void *data,
			  const struct mod_gate *gate);
