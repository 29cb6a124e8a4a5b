/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* temporary.h - the name "NAME.tmp" of a file that will replace NAME, which is
 * also the lock of the replacement.
 *
 * A run holds the name while the file of that name is its own and locked; it
 * gives it up by a rename, by removing it, or at its end.  Locking needs the
 * right to write the file, and nobody may even read it before it is complete,
 * so that only those that may replace NAME can make others wait.
 */
#pragma once

#include "libmod/base/cleanup.h"

#include <limits.h>
#include <stdbool.h>

/* False when it would be too long. */
bool mod_temporary_name(char buf[NAME_MAX + 1], const char *name);

/* Creates a file of that name and mode 0600, or takes over one that an
 * interrupted run left, as soon as no other run holds the name.  Returns a
 * descriptor, which keeps the name, or -errno.
 */
_check_ int mod_temporary_hold(int dir, const char *temp);

/* The same for a file that is open and has no name.  Returns 0 or -errno. */
_check_ int mod_temporary_hold_as(int dir, const char *temp, int fd);

/* Does the descriptor's file have that name? */
bool mod_temporary_is_there(int dir, const char *temp, int fd);

/* 0, also when there is none, or -errno. */
int mod_temporary_remove(int dir, const char *temp);
