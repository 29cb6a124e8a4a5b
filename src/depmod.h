/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* depmod.h - the parts of depmod. */
#pragma once

#include "src/tool.h"

#include <stdbool.h>
#include <time.h>

struct depmod {
	struct mod_ctx *ctx;
	struct mod_depmod_opts opts;
	bool all, show, json, errexit, no_cache;
	unsigned verbose;
	struct js *modules; /* with json: printed at the end */
	struct timespec start;
	long shown_at; /* ms from start; 0: no progress was shown */
};

/* Options into d.  Returns TOOL_GOES_ON, with optind at the operands, or the
 * exit status.
 */
MOD_MUST_CHECK int depmod_parse(struct depmod *d, int argc, char **argv);

/* Prints the modules that a run of d finds as JSON, see kmod-json(5).  Returns
 * what the run returned, 1 when it cannot be printed (logged already).
 */
MOD_MUST_CHECK int depmod_json(struct depmod *d,
			       struct mod_depmod_result *result);
