/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/map.h"

#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>

enum { N = 3000 };
static char keys[N][16];

static void make_keys(void)
{
	for (int i = 0; i < N; i++)
		snprintf(keys[i], sizeof keys[i], "k%d", i);
}

START_TEST(empty_has_nothing)
{
	struct mod_map map = { 0 };

	ck_assert_ptr_null(mod_map_get(&map, "key"));
	ck_assert_ptr_null(mod_map_get(&map, ""));
	mod_map_fini(&map);
}
END_TEST

START_TEST(finds_all_that_was_put)
{
	struct mod_map map = { 0 };
	void **slot;

	make_keys();
	for (int i = 0; i < N; i++) {
		ck_assert_int_eq(mod_map_put(&map, keys[i], &slot), 0);
		ck_assert_ptr_null(*slot);
		*slot = keys[i];
	}
	ck_assert_uint_eq(map.count, N);
	ck_assert_uint_le(map.count * 2, map.cap);
	for (int i = 0; i < N; i++)
		ck_assert_ptr_eq(mod_map_get(&map, keys[i]), keys[i]);
	ck_assert_ptr_null(mod_map_get(&map, "k"));
	ck_assert_ptr_null(mod_map_get(&map, "k3000"));
	ck_assert_ptr_null(mod_map_get(&map, ""));
	mod_map_fini(&map);
	ck_assert_ptr_null(mod_map_get(&map, keys[0]));
}
END_TEST

START_TEST(equal_keys_share_a_slot)
{
	struct mod_map map = { 0 };
	char same[] = "key";
	void **slot;

	ck_assert_int_eq(mod_map_put(&map, "key", &slot), 0);
	*slot = same;
	ck_assert_int_eq(mod_map_put(&map, same, &slot), 0);
	ck_assert_ptr_eq(*slot, same);
	ck_assert_uint_eq(map.count, 1);
	ck_assert_int_eq(mod_map_put(&map, "", &slot), 0);
	ck_assert_ptr_null(*slot);
	ck_assert_uint_eq(map.count, 2);
	mod_map_fini(&map);
}
END_TEST

START_TEST(keeps_all_when_memory_ends)
{
	struct mod_map map = { 0 };
	void **slot;
	int i, r;

	make_keys();
	for (i = 0;; i++) {
		fail_at(i == 0 || i > 100 ? 0 : 1);
		r = mod_map_put(&map, keys[i], &slot);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (hit && i > 0)
			break;
		if (hit) {
			ck_assert_int_eq(mod_map_put(&map, keys[i], &slot), 0);
			r = 0;
		}
		*slot = keys[i];
	}
	ck_assert_int_gt(i, 100);
	for (int j = 0; j < i; j++)
		ck_assert_ptr_eq(mod_map_get(&map, keys[j]), keys[j]);
	ck_assert_ptr_null(mod_map_get(&map, keys[i]));
	ck_assert_int_eq(mod_map_put(&map, keys[i], &slot), 0);
	mod_map_fini(&map);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("map");
	TCase *tc = tcase_create("map");

	tcase_add_test(tc, empty_has_nothing);
	tcase_add_test(tc, finds_all_that_was_put);
	tcase_add_test(tc, equal_keys_share_a_slot);
	tcase_add_test(tc, keeps_all_when_memory_ends);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
