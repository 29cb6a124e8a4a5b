/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fail.h - makes the Nth allocation from here fail.
 *
 * Unit tests are linked with -Wl,--wrap=malloc and its like, so every
 * allocation of the code under test passes here; those inside libc do not.
 * Check allocates too: assert only after fail_off().
 *
 *	for (size_t n = 0;; n++) {
 *		fail_at(n);
 *		int r = mod_tree_open(&tree, path);
 *		bool hit = fail_off();
 *		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
 *		if (!hit)
 *			break;
 *	}
 *
 * runs the call with its first allocation failing, then its second, until
 * none is left to fail.  AddressSanitizer tells what leaked on the way.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The next n allocations work, the one after them fails, later ones work. */
void fail_at(size_t n);

/* The same, but then all fail: memory is gone for good. */
void fail_from(size_t n);

/* All work again.  Returns whether an allocation was made to fail. */
bool fail_off(void);
