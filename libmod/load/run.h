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
			  const struct mod_run_opts *opts,
			  const struct mod_gate *gate);

/* Reports that the run goes on without a step, for the error r, and clears the
 * error.
 */
void mod_run_skip(struct mod_ctx *ctx, const struct mod_run_opts *opts,
		  const struct mod_step *step, int r);

/* A copy of a caller's options, which may be NULL.  Returns 0, or the error as
 * mod_sized_copy().
 */
_check_ int mod_run_take_opts(struct mod_ctx *ctx,
			      const struct mod_run_opts *given,
			      struct mod_run_opts *own);
