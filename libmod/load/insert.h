/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* insert.h - a file that rules have judged, into the kernel. */
#pragma once

#include "libmod/ctx/ctx.h"

/* As mod_insert().  own_name is the name that the file must contain, see
 * mod_policy_own_name(); NULL: any.
 */
_check_ int mod_insert_checked(struct mod_ctx *ctx, const char *path,
			       const char *own_name, const char *options,
			       unsigned flags);
