/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kernel.h - the calls that load and unload modules, and the shell.
 *
 * Small enough to be replaced in tests: testsuite/fake/kernel.c.
 * Each returns 0 or the kernel's -errno, unchanged.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"

/* Flags of finit_module(2); source: include/uapi/linux/module.h. */
enum {
	MOD_KERNEL_IGNORE_MODVERSIONS = 1,
	MOD_KERNEL_IGNORE_VERMAGIC = 2,
	MOD_KERNEL_COMPRESSED_FILE = 4,
};

_check_ int mod_kernel_finit(int fd, const char *options, unsigned flags);
_check_ int mod_kernel_init(struct mod_bytes image, const char *options);
/* Never waits; force adds O_TRUNC. */
_check_ int mod_kernel_delete(const char *name, bool force);

/* Runs a command by /bin/sh and waits.  Its environment is `environment` (NULL:
 * empty), in which settings replace variables of their names.  Both hold
 * "NAME=value" and end with NULL.  *status is as wait(2) gives it.  Returns 0
 * or -errno when it could not be run.
 */
_check_ int mod_kernel_shell(const char *command, char *const *environment,
			     char *const *settings, int *status);

/* Seconds since 1970, by the clock of the machine. */
int64_t mod_kernel_today(void);

/* Milliseconds since some fixed point, and a sleep until such a moment. */
uint64_t mod_kernel_now(void);
void mod_kernel_sleep_until(uint64_t moment);
