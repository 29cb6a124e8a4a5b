/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kernel-info.h - features of the running kernel, as /sys shows them. */
#pragma once

#include "libmod/compress/codec.h"
#include "libmod/ctx/ctx.h"

#include <stdbool.h>

/* Is it locked down, so that root, too, may not change it? */
bool mod_kernel_info_is_locked_down(struct mod_ctx *ctx);

/* Which compressed files the kernel decompresses itself. */
enum mod_codec mod_kernel_info_codec(struct mod_ctx *ctx);
