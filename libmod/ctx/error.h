/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* error.h - why the last call on a context failed. */
#pragma once

#include "libmod/ctx/ctx.h"

#include <errno.h>

/* Stores why a call failed, in place of an earlier error, and
 * returns code.  subject is the file, module or rule concerned, or NULL.
 */
int mod_error_set(struct mod_ctx *ctx, enum mod_origin origin, int code,
		  const char *subject, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Did a limit of this process or of the system keep something from being read?
 * The file may exist all the same, so nothing may be decided without it.
 */
static inline bool mod_error_is_limit(int r)
{
	return r == -ENOMEM || r == -EMFILE || r == -ENFILE;
}

/* mod_error_set() for such an error about a file or directory. */
int mod_error_set_limit(struct mod_ctx *ctx, int code, const char *path);

/* Around the body of each public call that can fail, so that mod_error_*()
 * always speak of it: mod_error_clear() forgets what failed before;
 * mod_error_end() returns r, and gives a failure that nobody explained the
 * system's own words.
 */
static inline void mod_error_clear(struct mod_ctx *ctx)
{
	ctx->error = 0;
}

int mod_error_end(struct mod_ctx *ctx, int r);
