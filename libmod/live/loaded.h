/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* loaded.h - the modules that the kernel has loaded. */
#pragma once

#include "libmod/ctx/ctx.h"
#include "libmod/live/proc-modules.h"
#include "libmod/sys/directory.h"

struct mod_loaded {
	struct mod_proc_module line;
};

/* mod_loaded_each() and mod_loaded_state_of() for the library itself. */
_check_ int mod_loaded_walk(struct mod_ctx *ctx, mod_loaded_fn *fn, void *data);
_check_ int mod_loaded_read_state(struct mod_ctx *ctx, const char *name,
				  enum mod_state *state);

/* Is it live?  Asks less than mod_loaded_read_state(). */
bool mod_loaded_is_live(struct mod_ctx *ctx, const char *name);

/* Users of a module.  Returns 0; -ENOENT when it is not there or the kernel
 * keeps no count; -EINVAL when that is no number.
 */
_check_ int mod_loaded_refcount(struct mod_ctx *ctx, const char *name,
				long *count);

/* The modules that use it, by name, in arena.  -ENOENT when it is not there;
 * any other error is logged.
 */
_check_ int mod_loaded_read_holders(struct mod_ctx *ctx, const char *name,
				    struct mod_arena *arena,
				    struct mod_directory *holders);
