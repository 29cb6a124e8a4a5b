/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* command.h - install and remove commands. */
#pragma once

#include "libmod/load/step.h"

#include <stdbool.h>

/* A command that does nothing, and how it ends, as wait(2) reports it: true,
 * false (also in /bin, /usr/bin), ":", "exit N", and nothing else.
 */
bool mod_command_is_void(const char *command, int *status);

/* Runs the command of a step, by the shell or by the caller's hook.  The shell
 * expands $CMDLINE_OPTS, as a variable: its text is divided at spaces and never
 * read as shell language.  MODPROBE_MODULE names the module, MODPROBE_DEPTH
 * counts.  One that does nothing starts nothing.
 * Returns 0; -EINVAL when it failed or was killed, or could not be run, also
 * because it is MOD_RUN_DEPTH_MAX deep; the result of the hook.
 */
_check_ int mod_command_run(struct mod_ctx *ctx,
			    const struct mod_run_opts *opts,
			    const struct mod_step *step);
