/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ordered-jobs.h - a job for each of many items, done by several threads and
 * printed in the order of the items.
 */
#pragma once

#include "src/tool.h"

/* Does the job for one item, with the context of the thread it runs in, and
 * returns an exit status.
 */
typedef int ordered_jobs_fn(void *data, struct mod_ctx *ctx, size_t item);

struct ordered_jobs {
	unsigned threads; /* 0: as many as pay off for n items */
	size_t n;
	ordered_jobs_fn *run;
	/* Configures a new context like the first one.  Returns 0, or a
	 * negative errno when memory is out.
	 */
	int (*set_up)(void *data, struct mod_ctx *ctx);
	void *data;
};

enum { ORDERED_JOBS_MAX = 256 }; /* threads */

/* Runs items 0 to n - 1, each once.  ctx, which is set up, serves the calling
 * thread; others get contexts of their own.  Returns the statuses of all items,
 * ORed.
 */
int ordered_jobs_run(const struct ordered_jobs *jobs, struct mod_ctx *ctx);
