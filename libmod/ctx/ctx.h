/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctx.h - one user's view of a system: where things are, who hears messages,
 * and what went wrong last.
 *
 * The public calls that make and set up a context stand in libmod/libmod.h.
 * A context belongs to one thread at a time; any number may live side by side.
 */
#pragma once

#include "libmod/base/arena.h"
#include "libmod/base/cleanup.h"
#include "libmod/libmod.h"

#include <stdbool.h>

/* Data that a higher layer keeps with a context: it sets `at` and `free`, and
 * mod_ctx_free() calls them, last slot first.
 */
struct mod_slot {
	void *at;
	void (*free)(void *at);
};

/* A modprobe.d file or directory that the user named. */
struct mod_source_path {
	struct mod_source_path *next;
	const char *path;
};

struct mod_ctx {
	const char *root;    /* in front of the module directory; "" */
	const char *release; /* NULL: the running kernel's */
	const char *proc, *sys;
	const char *config_root; /* in front of default directories; "" */
	const char *tree_dir;    /* made by mod_ctx_tree_dir() */
	struct mod_source_path
		*sources; /* in place of the default directories */

	mod_log_fn *log;
	void *log_data;
	int log_level; /* least urgent syslog level that is still wanted */

	int error; /* of the last failed call; the four belong together */
	enum mod_origin origin;
	char *subject, *sentence;

	struct mod_arena arena; /* for what lives as long as the context */
	struct mod_slot tree, config;
};
