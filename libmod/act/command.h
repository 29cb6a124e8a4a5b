/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* command.h - install and remove commands. */
#pragma once

#include "libmod/base/ctx.h"

/* Runs the command of an install or remove line (kind: that word) for a module.
 * The shell expands $CMDLINE_OPTS, as a variable: its text is divided at blanks
 * and never read as shell language.  MODPROBE_MODULE names the module.
 * /bin/true and /bin/false start nothing.
 * Returns 0; -EINVAL when it failed or was killed, or could not be run.
 */
_check_ int mod_command_run(struct mod_ctx *ctx, const char *kind,
			    const char *command, const char *module,
			    const char *options);
