/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/path.h"

#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

START_TEST(parts_are_put_together_as_they_are)
{
	struct mod_arena arena = { 0 };
	char buf[8];

	ck_assert(mod_path_concat(buf, sizeof buf, "/a/", "", "/b", NULL));
	ck_assert_str_eq(buf, "/a//b");
	ck_assert(mod_path_concat(buf, sizeof buf, NULL));
	ck_assert_str_eq(buf, "");
	ck_assert_str_eq(mod_path_new(&arena, "a", "/b", "c", NULL), "a/bc");
	ck_assert_str_eq(mod_path_new(&arena, NULL), "");
	ck_assert_str_eq(mod_path_join(&arena, "/a", "b"), "/a/b");
	ck_assert_str_eq(mod_path_join(&arena, "", ""), "/");
	mod_arena_fini(&arena);
}
END_TEST

START_TEST(too_long_paths_are_empty)
{
	char *buf = malloc(8); /* exact, for ASan */

	ck_assert(mod_path_concat(buf, 8, "1234", "567", NULL));
	ck_assert_str_eq(buf, "1234567");
	ck_assert(!mod_path_concat(buf, 8, "1234", "5678", NULL));
	ck_assert_str_eq(buf, "");
	ck_assert(!mod_path_concat(buf, 8, "12345678", NULL));
	ck_assert(!mod_path_concat(buf, 8, "1234567", "8", NULL));
	ck_assert(mod_path_concat(buf, 8, "1234567", "", NULL));
	free(buf);
}
END_TEST

START_TEST(reports_no_memory)
{
	struct mod_arena arena = { 0 };

	fail_at(0);
	char *path = mod_path_join(&arena, "a", "b");
	ck_assert(fail_off());
	ck_assert_ptr_null(path);
	mod_arena_fini(&arena);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("path");
	TCase *tc = tcase_create("path");

	tcase_add_test(tc, parts_are_put_together_as_they_are);
	tcase_add_test(tc, too_long_paths_are_empty);
	tcase_add_test(tc, reports_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
