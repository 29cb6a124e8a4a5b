/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctx.h - one user's view of a system: its places, the receiver of messages and
 * the last error.
 *
 * The public calls that make and set up a context are in libmod/libmod.h.
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

/* Why a call failed; all empty when none did. */
struct mod_error {
	int code; /* negative errno, or 0: then the rest means nothing */
	enum mod_origin origin;
	char *subject, *message; /* owned; or NULL */
	const char *advice;      /* constant; or NULL */
};

struct mod_ctx {
	const char *root;    /* in front of the module directory; "" */
	const char *release; /* NULL: the running kernel's */
	const char *proc, *sys;
	const char *config_root; /* in front of default directories; "" */
	const char *tree_dir;    /* made by mod_ctx_find_tree_dir() */
	struct mod_source_path
		*sources; /* in place of the default directories */

	mod_log_fn *log;
	void *log_data;
	int log_level; /* least urgent syslog level that is still wanted */

	struct mod_error error; /* of the last public call */

	struct mod_arena arena; /* for what lives as long as the context */
	struct mod_slot tree, config;
};

/* mod_ctx_tree_dir() for the library itself. */
_check_ int mod_ctx_find_tree_dir(struct mod_ctx *ctx, const char **dir);
