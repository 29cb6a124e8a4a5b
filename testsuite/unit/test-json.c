/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/json.h"

#include "src/log.h"
#include "src/output.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What was printed and said, in place of src/output.c and src/log.c. */
static char printed[1024], said[256];

void output_text(const char *text)
{
	output_bytes(text, strlen(text));
}

void output_bytes(const void *bytes, size_t n)
{
	size_t len = strlen(printed);

	ck_assert_uint_lt(n, sizeof printed - len);
	memcpy(printed + len, bytes, n);
	printed[len + n] = '\0';
}

int log_at(int level, const char *fmt, ...)
{
	va_list args;

	(void)level;
	va_start(args, fmt);
	vsnprintf(said, sizeof said, fmt, args);
	va_end(args);
	return 1;
}

#ifdef HAVE_JANSSON

START_TEST(prints_values_in_order)
{
	ck_assert_int_eq(js_start(), 0);
	struct js *root = js_object(), *list = js_array();

	js_put(root, "z", js_number(LLONG_MAX));
	js_put(root, "a", list);
	js_add(list, js_bool(true));
	js_add(list, js_bool(false));
	js_add(list, js_text(NULL));
	js_add(list, js_null());
	js_put(root, "z", js_number(-1));
	ck_assert_ptr_eq(js_get(root, "a"), list);
	ck_assert_ptr_null(js_get(root, "b"));
	ck_assert_int_eq(js_end(root), 0);
	ck_assert_str_eq(printed,
			 "{\n"
			 "  \"z\": -1,\n"
			 "  \"a\": [\n"
			 "    true,\n"
			 "    false,\n"
			 "    null,\n"
			 "    null\n"
			 "  ]\n"
			 "}\n");
}
END_TEST

START_TEST(takes_any_bytes)
{
	ck_assert_int_eq(js_start(), 0);
	struct js *root = js_object();

	js_put(root, "k\xff", js_text("\xc3\xa9 \"\\\n\x01\x7f"));
	js_put(root, "b", js_bytes("a\0\x80", 3));
	js_put(root, "", js_text(""));
	ck_assert_int_eq(js_end(root), 0);
	ck_assert_str_eq(printed,
			 "{\n"
			 "  \"k\\\\xff\": \"\xc3\xa9 \\\"\\\\\\n"
			 "\\u0001\x7f\",\n"
			 "  \"b\": \"a\\u0000\\\\x80\",\n"
			 "  \"\": \"\"\n"
			 "}\n");
}
END_TEST

/* What was lost on the way is reported at the end, and nothing is printed. */
START_TEST(tells_what_was_lost)
{
	ck_assert_int_eq(js_start(), 0);
	struct js *root = js_array();

	js_add(root, NULL);
	js_add(root, js_number(1));
	ck_assert_int_eq(js_end(root), 1);
	ck_assert_str_eq(printed, "");
	ck_assert_str_eq(said, "out of memory");
}
END_TEST

#else

START_TEST(says_that_it_cannot)
{
	ck_assert_int_eq(js_start(), 1);
	ck_assert_ptr_nonnull(strstr(said, "jansson"));
}
END_TEST

#endif

int main(void)
{
	Suite *suite = suite_create("json");
	TCase *tcase = tcase_create("json");

#ifdef HAVE_JANSSON
	tcase_add_test(tcase, prints_values_in_order);
	tcase_add_test(tcase, takes_any_bytes);
	tcase_add_test(tcase, tells_what_was_lost);
#else
	tcase_add_test(tcase, says_that_it_cannot);
#endif
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
