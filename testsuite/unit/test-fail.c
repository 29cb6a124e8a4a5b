/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/cleanup.h"
#include "libmod/base/str.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Keeps the compiler from leaving out an allocation that nobody reads. */
static void *kept(void *p)
{
	__asm__ volatile("" : "+r"(p));
	return p;
}

START_TEST(only_the_nth_fails)
{
	fail_at(1);
	_free_ void *first = kept(malloc(1));
	_free_ void *second = kept(malloc(1));
	_free_ void *third = kept(malloc(1));

	ck_assert(fail_off());
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_null(second);
	ck_assert_ptr_nonnull(third);
}
END_TEST

START_TEST(all_fail_from_the_nth)
{
	fail_from(1);
	_free_ void *first = kept(malloc(1));
	_free_ void *second = kept(malloc(1));
	_free_ void *third = kept(malloc(1));

	ck_assert(fail_off());
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_null(second);
	ck_assert_ptr_null(third);
}
END_TEST

START_TEST(off_says_when_none_failed)
{
	fail_at(1);
	_free_ void *only = kept(malloc(1));

	ck_assert(!fail_off());
	ck_assert_ptr_nonnull(only);

	_free_ void *later = kept(malloc(1));
	ck_assert_ptr_nonnull(later);
}
END_TEST

/* Each way to allocate, so that a wrapper that is not linked is seen. */
static void *by_malloc(void)
{
	return malloc(8);
}
static void *by_calloc(void)
{
	return calloc(1, 8);
}
static void *by_realloc(void)
{
	return realloc(NULL, 8);
}
static void *by_reallocarray(void)
{
	return reallocarray(NULL, 1, 8);
}
static void *by_strdup(void)
{
	return strdup("text");
}
static void *by_strndup(void)
{
	return strndup("text", 2);
}

static int print(char **out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static int print(char **out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int n = vasprintf(out, fmt, args);
	va_end(args);
	return n;
}
static void *by_vasprintf(void)
{
	char *text;

	return print(&text, "%d", 1) < 0 ? NULL : text;
}
static void *by_asprintf(void)
{
	char *text;

	return asprintf(&text, "%d", 1) < 0 ? NULL : text;
}

static const struct {
	const char *name;
	void *(*allocate)(void);
} ways[] = {
	{ "malloc", by_malloc },       { "calloc", by_calloc },
	{ "realloc", by_realloc },     { "reallocarray", by_reallocarray },
	{ "strdup", by_strdup },       { "strndup", by_strndup },
	{ "vasprintf", by_vasprintf }, { "asprintf", by_asprintf },
};

START_TEST(every_way_fails)
{
	fail_at(0);
	errno = 0;
	_free_ void *none = kept(ways[_i].allocate());
	int error = errno;

	ck_assert_msg(fail_off(), "%s is not wrapped", ways[_i].name);
	ck_assert_ptr_null(none);
	ck_assert_int_eq(error, ENOMEM);

	_free_ void *some = kept(ways[_i].allocate());
	ck_assert_ptr_nonnull(some);
}
END_TEST

/* The loop of fail.h, on the library: it ends, and all rounds but the last
 * fail cleanly.
 */
START_TEST(rounds_reach_success)
{
	size_t n;

	for (n = 0; n < 100; n++) {
		_str_ struct mod_str s = { 0 };
		_free_ char *text = NULL;

		fail_at(n);
		for (int i = 0; i < 400; i++)
			mod_str_add(&s, "text ");
		text = mod_str_take(&s);
		bool hit = fail_off();

		ck_assert_int_eq(hit, text == NULL);
		if (!hit)
			break;
	}
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_lt(n, 100);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("fail");
	TCase *tc = tcase_create("fail");

	tcase_add_test(tc, only_the_nth_fails);
	tcase_add_test(tc, all_fail_from_the_nth);
	tcase_add_test(tc, off_says_when_none_failed);
	tcase_add_loop_test(tc, every_way_fails, 0, sizeof ways / sizeof *ways);
	tcase_add_test(tc, rounds_reach_success);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
