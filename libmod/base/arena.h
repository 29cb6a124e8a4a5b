/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* arena.h - many small things that all go at once. */
#pragma once

#include <stddef.h>

struct mod_arena {
	struct mod_chunk *chunks; /* newest first */
	size_t used, cap;         /* bytes, in the newest chunk */
};

/* n bytes, zeroed, aligned for any type; NULL when memory is out.
 * They stay where they are until mod_arena_fini().
 */
void *mod_arena_get(struct mod_arena *arena, size_t n);

/* The same, not zeroed. */
void *mod_arena_raw(struct mod_arena *arena, size_t n);

/* A copy of n bytes of text, NUL added; NULL when memory is out. */
char *mod_arena_strn(struct mod_arena *arena, const char *text, size_t n);

/* mod_grow() for an array in the arena, where the old array stays, too. */
void *mod_arena_grow(struct mod_arena *arena, const void *at, size_t *cap,
		     size_t n, size_t each);

/* Gives all back, but keeps some memory for what comes next. */
void mod_arena_clear(struct mod_arena *arena);

void mod_arena_fini(struct mod_arena *arena);
