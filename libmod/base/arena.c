/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct mod_chunk {
	struct mod_chunk *next;
	bool lent; /* not ours to free */
	alignas(max_align_t) unsigned char at[];
};

enum { CHUNK = 16 * 1024 }; /* bytes */

void mod_arena_lend(struct mod_arena *arena, void *memory, size_t n)
{
	struct mod_chunk *chunk = memory;

	if (n <= sizeof *chunk)
		return;
	*chunk = (struct mod_chunk){ .next = arena->chunks, .lent = true };
	*arena =
		(struct mod_arena){ .chunks = chunk, .cap = n - sizeof *chunk };
}

void *mod_arena_get(struct mod_arena *arena, size_t n)
{
	const size_t step = alignof(max_align_t);

	if (n > SIZE_MAX / 2)
		return NULL;
	n = (n + step - 1) / step * step;
	if (!arena->chunks || n > arena->cap - arena->used) {
		size_t cap = n > CHUNK ? n : CHUNK;
		struct mod_chunk *chunk = calloc(1, sizeof *chunk + cap);
		if (!chunk)
			return NULL;
		chunk->next = arena->chunks;
		*arena = (struct mod_arena){ .chunks = chunk, .cap = cap };
	}
	void *p = arena->chunks->at + arena->used;
	arena->used += n;
	return p;
}

char *mod_arena_strn(struct mod_arena *arena, const char *text, size_t n)
{
	char *p = n < SIZE_MAX / 2 ? mod_arena_get(arena, n + 1) : NULL;

	return p ? memcpy(p, text, n) : NULL;
}

void mod_arena_fini(struct mod_arena *arena)
{
	while (arena->chunks) {
		struct mod_chunk *next = arena->chunks->next;
		if (!arena->chunks->lent)
			free(arena->chunks);
		arena->chunks = next;
	}
	*arena = (struct mod_arena){ 0 };
}
