/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modules-load.h - which modules are to be loaded at boot.
 *
 * Source: modules-load.d(5), systemd-modules-load.service(8).
 */
#pragma once

#include "libmod/ctx/ctx.h"

/* Called for each name; it lives as long as the context.  Returns 0 or -ENOMEM,
 * which ends the walk.
 */
typedef int mod_wanted_fn(void *data, const char *name);

/* Names that the kernel command line lists, then those in the default folders'
 * files; with a path only those in that file, or in the files of that folder.
 * Returns 0 or why the path cannot be read.
 */
_check_ int mod_modules_load_each(struct mod_ctx *ctx, const char *path,
				  mod_wanted_fn *fn, void *data);
