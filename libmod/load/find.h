/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* find.h - from a name or alias to modules. */
#pragma once

#include "libmod/load/target.h"

/* Which sources a look-up asks, see mod_find(). */
enum mod_find_scope { MOD_FIND_ALL, MOD_FIND_INDEXED, MOD_FIND_NAME };

/* Appends to *out.  Returns 0, 1 when nothing has that name, -EINVAL, ... */
_check_ int mod_find_in(struct mod_ctx *ctx, enum mod_find_scope scope,
			const char *query, struct mod_targets *out);

/* Moves a list and the arena that it lies in into an object of their own, to be
 * freed by mod_targets_free().  0 or -ENOMEM, and then nothing was moved.
 */
_check_ int mod_find_keep(const struct mod_targets *found,
			  struct mod_targets **out);
