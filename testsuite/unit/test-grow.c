/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/grow.h"

#include "libmod/base/arena.h"

#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>

START_TEST(keeps_elements)
{
	enum { N = 1000 };
	struct mod_arena arena = { 0 };
	size_t cap = 0, arena_cap = 0, moves = 0;
	size_t *at = NULL, *in_arena = NULL;

	for (size_t i = 0; i < N; i++) {
		size_t had = cap;
		at = mod_grow(at, &cap, i + 1, sizeof *at);
		in_arena = mod_arena_grow(&arena, in_arena, &arena_cap, i + 1,
					  sizeof *in_arena);
		ck_assert_ptr_nonnull(at);
		ck_assert_ptr_nonnull(in_arena);
		at[i] = in_arena[i] = i;
		moves += cap != had;
	}
	ck_assert_uint_ge(cap, N);
	ck_assert_uint_ge(arena_cap, N);
	ck_assert_uint_lt(moves, 10);
	for (size_t i = 0; i < N; i++) {
		ck_assert_uint_eq(at[i], i);
		ck_assert_uint_eq(in_arena[i], i);
	}
	free(at);
	mod_arena_fini(&arena);
}
END_TEST

START_TEST(grows_to_a_large_number_at_once)
{
	size_t cap = 0;
	char *at = mod_grow(NULL, &cap, 12345, 1);

	ck_assert_ptr_nonnull(at);
	ck_assert_uint_eq(cap, 12345);
	ck_assert_ptr_eq(mod_grow(at, &cap, 12345, 1), at);
	free(at);
}
END_TEST

static const struct {
	size_t cap, n, each;
} impossible[] = {
	{ 0, SIZE_MAX, 1 },
	{ 0, SIZE_MAX / 8 + 1, 8 },
	{ SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 2, 1 },
	{ 0, 17, SIZE_MAX / 16 },
};

START_TEST(refuses_impossible_sizes)
{
	struct mod_arena arena = { 0 };
	size_t cap = impossible[_i].cap;

	ck_assert_ptr_null(
		mod_grow(NULL, &cap, impossible[_i].n, impossible[_i].each));
	ck_assert_ptr_null(mod_arena_grow(&arena, NULL, &cap, impossible[_i].n,
					  impossible[_i].each));
	ck_assert_uint_eq(cap, impossible[_i].cap);
	mod_arena_fini(&arena);
}
END_TEST

START_TEST(an_array_stays_without_memory)
{
	size_t cap = 0;
	char *at = mod_grow(NULL, &cap, 1, 1);
	size_t had = cap;

	ck_assert_ptr_nonnull(at);
	at[0] = 'x';
	fail_from(0);
	void *none = mod_grow(at, &cap, cap + 1, 1);
	ck_assert(fail_off());
	ck_assert_ptr_null(none);
	ck_assert_uint_eq(cap, had);
	ck_assert_int_eq(at[0], 'x');
	free(at);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("grow");
	TCase *tc = tcase_create("grow");

	tcase_add_test(tc, keeps_elements);
	tcase_add_test(tc, grows_to_a_large_number_at_once);
	tcase_add_loop_test(tc, refuses_impossible_sizes, 0,
			    sizeof impossible / sizeof *impossible);
	tcase_add_test(tc, an_array_stays_without_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
