/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* insert.h - one file into the kernel.
 *
 * A plain file and one that the kernel unpacks go by finit_module(2).  What the
 * kernel cannot unpack, or refuses to for a reason of its decoder, is unpacked
 * here and goes by init_module(2), force flags then being applied to the copy.
 */
#pragma once

#include "libmod/base/ctx.h"

/* flags: MOD_RUN_FORCE_*.  0 or -errno; mod_error_origin() tells a bad file
 * from the kernel's refusal.
 */
_check_ int mod_insert_file(struct mod_ctx *ctx, const char *path,
			    const char *options, unsigned flags);
