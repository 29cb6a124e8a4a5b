/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/grow.h"

#include <stdint.h>
#include <stdlib.h>

enum { FIRST = 16 }; /* elements */

size_t mod_grow_cap(size_t cap, size_t n)
{
	size_t more;

	if (__builtin_mul_overflow(cap, 2, &more))
		return 0;
	more = more < FIRST ? FIRST : more;
	return more < n ? n : more;
}

void *mod_grow(void *at, size_t *cap, size_t n, size_t each)
{
	if (n <= *cap)
		return at;
	size_t more = mod_grow_cap(*cap, n);
	void *moved = more && more <= PTRDIFF_MAX / each
		? reallocarray(at, more, each)
		: NULL;
	if (moved)
		*cap = more;
	return moved;
}
