/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kernel-keys.h - the kernel image of a release: where it is, and the
 * certificates that it trusts.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/ctx/ctx.h"

/* The context's release; the running kernel's unless it was set. */
_check_ int mod_kernel_keys_release(struct mod_ctx *ctx, const char **release);

/* The certificates, one after the other, and the image's path, in arena.
 * Failures are as mod_keyring_add_builtin() has them, and explained.
 */
_check_ int mod_kernel_keys_certs(struct mod_ctx *ctx, struct mod_arena *arena,
				  const char **path, struct mod_bytes *list);
