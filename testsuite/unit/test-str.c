/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/str.h"

#include "libmod/base/cleanup.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

START_TEST(appends)
{
	_str_ struct mod_str s = { 0 };

	mod_str_add(&s, "one");
	mod_str_add(&s, "");
	mod_str_addn(&s, " two", 2);
	mod_str_addf(&s, "%d%s", 3, "!");
	ck_assert_str_eq(s.at, "one t3!");
	ck_assert_uint_eq(s.len, 7);
	ck_assert(!s.bad);
}
END_TEST

START_TEST(holds_any_byte)
{
	_str_ struct mod_str s = { 0 };

	mod_str_addn(&s, "a\0b", 3);
	mod_str_add(&s, "c");
	ck_assert_uint_eq(s.len, 4);
	ck_assert_mem_eq(s.at, "a\0bc", 5);
}
END_TEST

/* Each length passes a doubling once. */
START_TEST(grows)
{
	_str_ struct mod_str s = { 0 };

	for (size_t n = 1; n <= 5000; n++) {
		if (n % 2)
			mod_str_addn(&s, "x", 1);
		else
			mod_str_addf(&s, "%c", 'x');
		ck_assert_uint_eq(s.len, n);
		ck_assert_uint_gt(s.cap, n);
		ck_assert_int_eq(s.at[n], '\0');
	}
	ck_assert_uint_eq(strlen(s.at), 5000);

	mod_str_addf(&s, "%5000s", "");
	ck_assert_uint_eq(strlen(s.at), 10000);
}
END_TEST

START_TEST(take_leaves_it_empty)
{
	_str_ struct mod_str s = { 0 };

	_free_ char *nothing = mod_str_take(&s);
	ck_assert_str_eq(nothing, "");
	mod_str_add(&s, "text");
	_free_ char *text = mod_str_take(&s);
	ck_assert_str_eq(text, "text");
	ck_assert_ptr_null(s.at);
	ck_assert_uint_eq(s.len, 0);
	mod_str_add(&s, "again");
	ck_assert_str_eq(s.at, "again");
}
END_TEST

START_TEST(survives_no_memory)
{
	for (size_t n = 0;; n++) {
		_str_ struct mod_str s = { 0 };

		fail_at(n); /* the next works again, the text stays bad */
		for (int i = 0; i < 100; i++)
			mod_str_addf(&s, "%d,", i);
		_free_ char *text = mod_str_take(&s);
		bool hit = fail_off();
		ck_assert_int_eq(hit, text == NULL);
		ck_assert_int_eq(hit, s.bad);
		if (!hit)
			break;
		ck_assert_uint_lt(n, 20);
	}
}
END_TEST

START_TEST(refuses_what_cannot_be)
{
	_str_ struct mod_str s = { 0 };

	mod_str_add(&s, "x");
	mod_str_addn(&s, "", SIZE_MAX);
	ck_assert(s.bad);
	ck_assert_ptr_null(mod_str_take(&s));
}
END_TEST

START_TEST(bad_format_is_bad)
{
	_str_ struct mod_str s = { 0 };

	mod_str_addf(&s, "%lc", (wint_t)0x10ffffff); /* EILSEQ */
	ck_assert(s.bad);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("str");
	TCase *tc = tcase_create("str");

	tcase_add_test(tc, appends);
	tcase_add_test(tc, holds_any_byte);
	tcase_add_test(tc, grows);
	tcase_add_test(tc, take_leaves_it_empty);
	tcase_add_test(tc, survives_no_memory);
	tcase_add_test(tc, refuses_what_cannot_be);
	tcase_add_test(tc, bad_format_is_bad);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
