/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/arena.h"

#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Sizes around the chunk's, and none at all. */
static const size_t sizes[] = { 0,     1,     15,    16,    17,    4096,
				65520, 65535, 65536, 65537, 200000 };

START_TEST(gives_zeroed_aligned_bytes)
{
	struct mod_arena arena = { 0 };

	for (int i = 0; i < 3; i++) {
		uint8_t *p = mod_arena_get(&arena, sizes[_i]);
		ck_assert_ptr_nonnull(p);
		ck_assert_uint_eq((uintptr_t)p % alignof(max_align_t), 0);
		size_t n = 0;
		while (n < sizes[_i] && p[n] == 0)
			n++;
		ck_assert_uint_eq(n, sizes[_i]);
		memset(p, 0xff, sizes[_i]);
	}
	mod_arena_fini(&arena);
	ck_assert_ptr_null(arena.chunks);
}
END_TEST

START_TEST(things_stay_apart)
{
	enum { N = 5000 };
	static uint32_t *things[N];
	struct mod_arena arena = { 0 };

	for (uint32_t i = 0; i < N; i++) {
		things[i] = mod_arena_get(&arena, 4 + i % 50);
		*things[i] = i;
	}
	for (uint32_t i = 0; i < N; i++)
		ck_assert_uint_eq(*things[i], i);
	mod_arena_fini(&arena);
}
END_TEST

START_TEST(copies_text)
{
	struct mod_arena arena = { 0 };

	ck_assert_str_eq(mod_arena_strn(&arena, "text more", 4), "text");
	ck_assert_str_eq(mod_arena_strn(&arena, "text", 0), "");
	mod_arena_fini(&arena);
}
END_TEST

START_TEST(refuses_what_cannot_be)
{
	struct mod_arena arena = { 0 };

	ck_assert_ptr_null(mod_arena_get(&arena, SIZE_MAX));
	ck_assert_ptr_null(mod_arena_get(&arena, SIZE_MAX / 2 + 1));
	ck_assert_ptr_null(mod_arena_strn(&arena, "x", SIZE_MAX));
	ck_assert_ptr_null(mod_arena_strn(&arena, "x", SIZE_MAX / 2));
	ck_assert_ptr_nonnull(mod_arena_get(&arena, 8));
	mod_arena_fini(&arena);
}
END_TEST

START_TEST(what_is_cleared_serves_again)
{
	struct mod_arena arena = { 0 };

	mod_arena_clear(&arena);
	for (size_t n = 1; n < (8 << 20); n *= 3) {
		char *at = mod_arena_raw(&arena, n);
		ck_assert_ptr_nonnull(at);
		memset(at, 'x', n);
		at = mod_arena_raw(&arena, n);
		ck_assert_ptr_nonnull(at);
		memset(at, 'y', n);
		mod_arena_clear(&arena);
		/* The rest is enough, and it is limited. */
		fail_from(0);
		at = mod_arena_raw(&arena, n < 100000 ? n : 3 << 20);
		fail_off();
		ck_assert(n < 100000 ? at != NULL : at == NULL);
	}
	mod_arena_fini(&arena);
}
END_TEST

START_TEST(works_again_after_no_memory)
{
	struct mod_arena arena = { 0 };

	fail_at(0);
	void *none = mod_arena_get(&arena, 8);
	ck_assert(fail_off());
	ck_assert_ptr_null(none);

	char *kept = mod_arena_strn(&arena, "kept", 4);
	fail_at(0);
	none = mod_arena_get(&arena, 1 << 20);
	ck_assert(fail_off());
	ck_assert_ptr_null(none);
	ck_assert_ptr_nonnull(mod_arena_get(&arena, 8));
	ck_assert_str_eq(kept, "kept");
	mod_arena_fini(&arena);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("arena");
	TCase *tc = tcase_create("arena");

	tcase_add_loop_test(tc, gives_zeroed_aligned_bytes, 0,
			    sizeof sizes / sizeof *sizes);
	tcase_add_test(tc, things_stay_apart);
	tcase_add_test(tc, copies_text);
	tcase_add_test(tc, refuses_what_cannot_be);
	tcase_add_test(tc, what_is_cleared_serves_again);
	tcase_add_test(tc, works_again_after_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
