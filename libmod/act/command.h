/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* command.h - install and remove commands. */
#pragma once

#include "libmod/base/ctx.h"

/* Runs command for module, $CMDLINE_OPTS replaced by options, MODPROBE_MODULE
 * set to the module.  Returns 0; -EINVAL when it failed or was killed, the
 * sentence then names it.
 */
_check_ int mod_command_run(struct mod_ctx *ctx, const char *kind,
			    const char *command, const char *module,
			    const char *options);
