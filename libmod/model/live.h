/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* live.h - what the kernel has loaded now. */
#pragma once

#include "libmod/base/ctx.h"
#include "libmod/format/procmods.h"
#include "libmod/format/unpack.h"

struct mod_loaded {
	struct mod_procmod line;
};

/* True when the module is there and live: nothing is left to do for it. */
_check_ int mod_live_is_loaded(struct mod_ctx *ctx, const char *name);

/* Users of a module.  Returns 0; -ENOENT when it is not there or the kernel
 * keeps no count.
 */
_check_ int mod_live_refcount(struct mod_ctx *ctx, const char *name,
			      long *count);

/* The modules that use it, as names in arena, NULL-terminated. */
_check_ int mod_live_holders(struct mod_ctx *ctx, const char *name,
			     struct mod_arena *arena, const char ***names);

/* Which compressed files the kernel unpacks by itself; NONE for none. */
enum mod_codec mod_live_codec(struct mod_ctx *ctx);
