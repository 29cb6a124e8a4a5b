/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/exports.h"
#include "libmod/depmod/kmod-hash.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 50000, BUCKETS = 2048 };

static int add(struct mod_exports *exports, const char *name, uint32_t hash,
	       uint32_t owner)
{
	return mod_exports_add(
		exports, (struct mod_export){ name, owner * 2, hash, owner });
}

START_TEST(an_empty_one_has_nothing)
{
	struct mod_exports exports = { 0 };

	ck_assert_ptr_null(mod_exports_get(&exports, "a", 1));
	ck_assert_int_eq(mod_exports_sort(&exports), 0);
	ck_assert_ptr_null(mod_exports_get(&exports, "a", 1));
	mod_exports_fini(&exports);
}
END_TEST

START_TEST(the_last_of_a_name_stands)
{
	struct mod_exports exports = { 0 };
	const struct mod_export *b;

	ck_assert_int_eq(add(&exports, "b", 7, 1), 0);
	ck_assert_int_eq(add(&exports, "a", 7, 2), 0);
	ck_assert_int_eq(add(&exports, "b", 7, 3), 0);
	ck_assert_int_eq(add(&exports, "first", 6, 9), 0);
	ck_assert_int_eq(add(&exports, "b", 7, 0), 0);
	ck_assert_int_eq(mod_exports_sort(&exports), 0);
	ck_assert_uint_eq(exports.n, 3);
	ck_assert_str_eq(exports.at[0].name, "first");
	ck_assert_str_eq(exports.at[1].name, "a");
	ck_assert_ptr_nonnull(b = mod_exports_get(&exports, "b", 7));
	ck_assert_ptr_eq(b, &exports.at[2]);
	ck_assert_uint_eq(b->owner, 0);
	ck_assert_ptr_null(mod_exports_get(&exports, "c", 7));
	ck_assert_ptr_null(mod_exports_get(&exports, "b", 6));
	mod_exports_fini(&exports);
}
END_TEST

/* With hashes as they are, or all in one bucket, as an enemy would have it. */
START_TEST(finds_each_of_many)
{
	struct mod_exports exports = { 0 };
	char(*names)[16] = calloc(MANY, sizeof *names);
	const struct mod_export *got;

	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof names[i], "s%u", i);
		ck_assert_int_eq(add(&exports, names[i],
				     _i ? 5 : mod_kmod_hash(names[i]), i),
				 0);
	}
	ck_assert_int_eq(mod_exports_sort(&exports), 0);
	ck_assert_uint_eq(exports.n, MANY);
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t hash = _i ? 5 : mod_kmod_hash(names[i]);
		got = mod_exports_get(&exports, names[i], hash);
		ck_assert_ptr_nonnull(got);
		ck_assert_uint_eq(got->owner, i);
		ck_assert_uint_eq(got->crc, i * 2);
	}
	ck_assert_ptr_null(mod_exports_get(&exports, "s", 5));
	for (size_t i = 1; i < exports.n; i++) {
		const struct mod_export *a = &exports.at[i - 1], *b = a + 1;
		uint32_t x = a->hash % BUCKETS, y = b->hash % BUCKETS;
		ck_assert(x < y || (x == y && strcmp(a->name, b->name) < 0));
	}
	mod_exports_fini(&exports);
	free(names);
}
END_TEST

START_TEST(survives_no_memory)
{
	for (size_t n = 0;; n++) {
		struct mod_exports exports = { 0 };

		fail_at(n);
		int r = add(&exports, "a", 1, 1);
		if (r == 0)
			r = mod_exports_sort(&exports);
		bool hit = fail_off();
		mod_exports_fini(&exports);
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("exports");
	TCase *tc = tcase_create("exports");

	tcase_add_test(tc, an_empty_one_has_nothing);
	tcase_add_test(tc, the_last_of_a_name_stands);
	tcase_add_loop_test(tc, finds_each_of_many, 0, 2);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
