/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* remove.h - one module out of the kernel. */
#pragma once

#include "libmod/ctx/ctx.h"

/* mod_remove_wait() for the library itself. */
_check_ int mod_remove_module(struct mod_ctx *ctx, const char *name,
			      unsigned flags, unsigned long wait_ms);
