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
#include "libmod/base/fds.h"
#include "libmod/libmod.h"

#include <errno.h>
#include <stdbool.h>

/* What a higher floor keeps with a context: it sets `at` and `free`, and
 * mod_ctx_free() calls them, last slot first.
 */
struct mod_slot {
	void *at;
	void (*free)(void *at);
};

/* A modprobe.d file or folder that the user named. */
struct mod_source_path {
	struct mod_source_path *next;
	const char *path;
};

struct mod_ctx {
	const char *root;    /* in front of the module directory; "" */
	const char *release; /* NULL: the running kernel's */
	const char *proc, *sys;
	const char *config_root;         /* in front of default folders; "" */
	const char *tree_dir;            /* made by mod_ctx_tree_dir() */
	struct mod_source_path *sources; /* in place of the default folders */
	bool lent;                       /* its memory is the caller's */

	mod_log_fn *log;
	void *log_data;
	int log_level; /* least urgent syslog level that is still wanted */

	int error; /* of the last failed call; the four belong together */
	enum mod_origin origin;
	char *subject, *sentence;

	struct mod_arena arena; /* for what lives as long as the context */
	/* The caller's memory, or nothing: for the arena; for what was found;
	 * for a plan.
	 */
	struct mod_loan own, targets, plan;
	struct mod_slot tree, config;
	struct mod_fds done; /* of files that were read */
};

/* Remembers why a call failed, in place of what was remembered before, and
 * returns code.  subject is the file, module or rule concerned, or NULL.
 */
int mod_fail(struct mod_ctx *ctx, enum mod_origin origin, int code,
	     const char *subject, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Did a limit of this process or of the system keep something from being read?
 * That says nothing about what is there, so nothing may be decided without it.
 */
static inline bool mod_is_short(int r)
{
	return r == -ENOMEM || r == -EMFILE || r == -ENFILE;
}

/* mod_fail() for such an error about a file or folder. */
int mod_fail_short(struct mod_ctx *ctx, int code, const char *path);

/* A message to whoever listens; level is one of syslog's LOG_*.  Free of cost
 * when nobody wants that level.
 */
void mod_say(struct mod_ctx *ctx, int level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Around the body of each public call that can fail, so that mod_error_*()
 * always speak of it: mod_begin() forgets what failed before; mod_end() returns
 * r, and gives a failure that nobody explained the system's own words.
 */
static inline void mod_begin(struct mod_ctx *ctx)
{
	ctx->error = 0;
}

int mod_end(struct mod_ctx *ctx, int r);
