/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* depmod.h - the parts of depmod. */
#pragma once

#include "libmod/depmod/depmod.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/utsname.h>
#include <time.h>

struct depmod {
	struct mod_ctx *ctx;
	struct mod_depmod run;
	const char *root, *out_root, *module_dir;
	const char *cache; /* the user's file, or NULL */
	bool all, show, json, errexit, no_cache, own_module_dir;
	unsigned verbose;
	char dir[PATH_MAX], out_dir[PATH_MAX];
	char release[sizeof((struct utsname *)NULL)->release];
	char cache_dir[PATH_MAX], cache_name[NAME_MAX];
	struct timespec start;
	long shown_at; /* ms from start; 0: no progress was shown */
};

/* Options into d.  Returns TOOL_GOES_ON, with optind at the operands, or the
 * exit status.
 */
MOD_CHECK int depmod_parse(struct depmod *d, int argc, char **argv);

/* As mod_depmod's graph: prints it as JSON, see kmod-json(5). */
int depmod_json(void *data, const struct mod_graph *graph);
