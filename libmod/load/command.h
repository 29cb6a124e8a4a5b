/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* command.h - install and remove commands. */
#pragma once

#include "libmod/ctx/ctx.h"

#include <stdbool.h>

/* A command that does nothing, and how it ends, as wait(2) would tell it: true,
 * false (also in /bin, /usr/bin), ":", "exit N", and nothing else.
 */
bool mod_command_is_void(const char *command, int *status);

/* Runs the command of an install or remove line (kind: that word) for a module.
 * The shell expands $CMDLINE_OPTS, as a variable: its text is divided at blanks
 * and never read as shell language.  MODPROBE_MODULE names the module.
 * One that does nothing starts nothing.
 * Returns 0; -EINVAL when it failed or was killed, or could not be run, also
 * because commands and modprobe run each other ($MODPROBE_DEPTH counts).
 */
_check_ int mod_command_run(struct mod_ctx *ctx, const char *kind,
			    const char *command, const char *module,
			    const char *options);
