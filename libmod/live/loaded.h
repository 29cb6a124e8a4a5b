/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* loaded.h - what the kernel has loaded now. */
#pragma once

#include "libmod/compress/decompress.h"
#include "libmod/ctx/ctx.h"
#include "libmod/live/proc-modules.h"
#include "libmod/sys/directory.h"

struct mod_loaded {
	struct mod_procmod line;
};

/* Is it live?  Asks less than mod_loaded_state_of(). */
bool mod_live_is(struct mod_ctx *ctx, const char *name);

/* Users of a module.  Returns 0; -ENOENT when it is not there or the kernel
 * keeps no count; -EINVAL when that is no number.
 */
_check_ int mod_live_refcount(struct mod_ctx *ctx, const char *name,
			      long *count);

/* The modules that use it, by name, in arena.  -ENOENT when it is not there;
 * any other error is told.
 */
_check_ int mod_live_holders(struct mod_ctx *ctx, const char *name,
			     struct mod_arena *arena, struct mod_dir *holders);

/* Is it locked down, so that root, too, may not change it? */
bool mod_live_is_locked_down(struct mod_ctx *ctx);

/* Which compressed files the kernel unpacks by itself; NONE for none. */
enum mod_codec mod_live_codec(struct mod_ctx *ctx);
