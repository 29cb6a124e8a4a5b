/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* grow.h - arrays that grow: struct { T *at; size_t n, cap; }.
 *
 *	T *at = mod_grow(list->at, &list->cap, list->n + 1, sizeof *at);
 *	if (!at)
 *		return -ENOMEM;
 *	list->at = at;
 *	list->at[list->n++] = one;
 *
 * mod_arena_grow() does the same for an array in an arena.
 */
#pragma once

#include <stddef.h>

/* An array with room for n elements, at least one, not zeroed: `at` itself if
 * *cap is enough, else at least twice as large, and moved.  NULL when memory is
 * out; then at and *cap stay.
 */
__attribute__((warn_unused_result)) void *mod_grow(void *at, size_t *cap,
						   size_t n, size_t each);

/* The number of elements that an array of `cap` gets when it must hold n; 0
 * when that is not a number.
 */
size_t mod_grow_cap(size_t cap, size_t n);
