/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/arena.h"

#include "libmod/base/grow.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct mod_chunk {
	struct mod_chunk *next;
	alignas(max_align_t) unsigned char at[];
};

/* In bytes.  Chunks double, as most arenas stay small and some grow large. */
enum { FIRST_CHUNK = 512, LARGEST_CHUNK = 256 * 1024, KEPT_CHUNK = 1 << 20 };

static int add_chunk(struct mod_arena *arena, size_t n)
{
	size_t cap = arena->cap * 2;

	cap = cap < FIRST_CHUNK ? FIRST_CHUNK : cap;
	cap = cap > LARGEST_CHUNK ? LARGEST_CHUNK : cap;
	cap = cap < n ? n : cap;
	struct mod_chunk *chunk = malloc(sizeof *chunk + cap);
	if (!chunk)
		return -ENOMEM;
	*chunk = (struct mod_chunk){ .next = arena->chunks };
	arena->chunks = chunk;
	arena->used = 0;
	arena->cap = cap;
	return 0;
}

void *mod_arena_raw(struct mod_arena *arena, size_t n)
{
	const size_t step = alignof(max_align_t);

	if (n > SIZE_MAX / 2)
		return NULL;
	n = (n + step - 1) / step * step;
	if ((!arena->chunks || n > arena->cap - arena->used) &&
	    add_chunk(arena, n) < 0)
		return NULL;
	void *p = arena->chunks->at + arena->used;
	arena->used += n;
	return p;
}

void *mod_arena_get(struct mod_arena *arena, size_t n)
{
	void *p = mod_arena_raw(arena, n);

	return p ? memset(p, 0, n) : NULL;
}

char *mod_arena_strn(struct mod_arena *arena, const char *text, size_t n)
{
	char *p = n < SIZE_MAX / 2 ? mod_arena_raw(arena, n + 1) : NULL;

	if (!p)
		return NULL;
	p[n] = '\0';
	return memcpy(p, text, n);
}

void *mod_arena_grow(struct mod_arena *arena, const void *at, size_t *cap,
		     size_t n, size_t each)
{
	size_t more, size;

	if (n <= *cap)
		return (void *)at;
	more = mod_grow_cap(*cap, n);
	if (!more || __builtin_mul_overflow(more, each, &size))
		return NULL;
	void *moved = mod_arena_raw(arena, size);
	if (!moved)
		return NULL;
	if (*cap)
		memcpy(moved, at, *cap * each);
	*cap = more;
	return moved;
}

void mod_arena_clear(struct mod_arena *arena)
{
	struct mod_chunk *kept = arena->chunks;
	size_t cap = arena->cap;

	if (!kept || cap > KEPT_CHUNK) {
		mod_arena_fini(arena);
		return;
	}
	arena->chunks = kept->next;
	mod_arena_fini(arena);
	kept->next = NULL;
	*arena = (struct mod_arena){ .chunks = kept, .cap = cap };
}

void mod_arena_fini(struct mod_arena *arena)
{
	while (arena->chunks) {
		struct mod_chunk *next = arena->chunks->next;
		free(arena->chunks);
		arena->chunks = next;
	}
	*arena = (struct mod_arena){ 0 };
}
