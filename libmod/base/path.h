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
#define mod_path_concat(buf, size, ...)                                        \
	mod_path_concat_parts(buf, size, (const char *const[]){ __VA_ARGS__ })
bool mod_path_concat_parts(char *buf, size_t size, const char *const *parts);

/* In arena; NULL when memory is out. */
#define mod_path_new(arena, ...)                                               \
	mod_path_new_parts(arena, (const char *const[]){ __VA_ARGS__ })
char *mod_path_new_parts(struct mod_arena *arena, const char *const *parts);

/* The path of a name in a directory, in arena; NULL when memory is out. */
char *mod_path_join(struct mod_arena *arena, const char *dir, const char *name);
