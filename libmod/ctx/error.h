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

/* Describes r, the error of an internal function that just failed. */
const char *mod_error_text(const struct mod_ctx *ctx, int r);

/* Adds what the user can do about the error that was just set: one sentence, a
 * constant.  Returns the error's code.
 */
int mod_error_advise(struct mod_ctx *ctx, const char *advice);

/* Did a limit of this process or of the system keep something from being read?
 * The file may exist all the same, so nothing may be decided without it.
 */
static inline bool mod_error_is_limit(int r)
{
	return r == -ENOMEM || r == -EMFILE || r == -ENFILE;
}

/* mod_error_set() for such an error about a file or directory. */
int mod_error_set_limit(struct mod_ctx *ctx, int code, const char *path);

/* Around the body of each public call that can fail, and nowhere else:
 * mod_error_clear() removes the error of an earlier call; mod_error_end()
 * returns r, removes errors that did not make the call fail, and describes a
 * failure that nothing else described by strerror(3).
 *
 * The library never calls its own public functions that can fail: they would
 * clear the error of the call that is under way.
 */
static inline void mod_error_clear(struct mod_ctx *ctx)
{
	ctx->error.code = 0;
}

int mod_error_end(struct mod_ctx *ctx, int r);
