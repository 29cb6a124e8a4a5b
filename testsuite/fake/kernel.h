/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kernel.h - a kernel for unit tests: a /sys/module in a directory, and the
 * calls of libmod/sys/kernel.h that change it.
 *
 * It keeps reference counts and holders as the real one does, and writes down
 * its arguments.  Linked in place of libmod/sys/kernel.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A kernel without modules, its /sys below root (which is "ROOT/sys"). */
void fake_start(const char *root);
void fake_end(void);

/* Once module is loaded, it holds a reference to needed. */
void fake_depends(const char *module, const char *needed);

/* Loads a module without any call; with so many users that are no modules. */
void fake_load(const char *module, int users);

/* The next call for this module fails with -error; 0: as it would. */
void fake_fail(const char *module, int error);

/* Busy for so many milliseconds of the fake clock, which only sleeps move. */
void fake_busy(const char *module, unsigned long ms);

/* The time, in seconds since 1970; 0: that of the clock. */
void fake_today(int64_t today);

/* From now on no module is loaded before so many are being loaded at the same
 * time; after 20 seconds it fails with -ETIME.
 */
void fake_meet(int count);

/* What was asked so far, a line each: "finit NAME OPTIONS FLAGS", "init BYTES
 * OPTIONS", "delete NAME [force]", "sh COMMAND {ENVIRONMENT}...
 * [SETTING]...", "sleep MOMENT".
 */
const char *fake_log(void);
void fake_forget(void);

/* What the shell is to answer, as wait(2) gives it. */
void fake_shell_status(int status);

bool fake_is_loaded(const char *module);
