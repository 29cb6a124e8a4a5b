/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* path.h - paths made of parts.
 *
 * The parts end with NULL and are put together as they are: no '/' is added or
 * removed, because scripts compare the paths that we print.
 */
#pragma once

#include "libmod/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Into buf; false when size bytes are too few, and buf is empty then. */
bool mod_path_concat(char *buf, size_t size, ...) __attribute__((__sentinel__));

/* In arena; NULL when memory is out. */
char *mod_path_new(struct mod_arena *arena, ...) __attribute__((__sentinel__));

/* The path of a name in a directory, in arena; NULL when memory is out. */
char *mod_path_join(struct mod_arena *arena, const char *dir, const char *name);
