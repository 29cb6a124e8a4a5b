/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/utf8.h"

#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct {
	const char *bytes;
	size_t n, sound;
	const char *escaped;
} cases[] = {
	{ TEXT(""), 0, "" },
	{ TEXT("plain"), 5, "plain" },
	{ TEXT("a\xc3\xa9z"), 4, "a\xc3\xa9z" },
	{ TEXT("\xe2\x82\xac"), 3, "\xe2\x82\xac" },
	{ TEXT("\xf0\x9f\x90\xa7!"), 5, "\xf0\x9f\x90\xa7!" },
	{ TEXT("\xf4\x8f\xbf\xbf"), 4, "\xf4\x8f\xbf\xbf" }, /* the last */
	{ TEXT("a\xff z"), 1, "a\\xff z" },
	{ TEXT("\x80"), 0, "\\x80" },
	{ TEXT("ab\xc3"), 2, "ab\\xc3" },               /* cut */
	{ TEXT("\xe2\x82"), 0, "\\xe2\\x82" },          /* cut */
	{ TEXT("\xf0\x9f\x90"), 0, "\\xf0\\x9f\\x90" }, /* cut */
	{ TEXT("\xc3z"), 0, "\\xc3z" },                 /* nothing follows */
	{ TEXT("\xe2\x82z"), 0, "\\xe2\\x82z" },        /* one too few */
	{ TEXT("\xc0\x80"), 0, "\\xc0\\x80" },          /* too long */
	{ TEXT("\xe0\x9f\xbf"), 0, "\\xe0\\x9f\\xbf" }, /* too long */
	{ TEXT("\xf0\x8f\xbf\xbf"), 0, "\\xf0\\x8f\\xbf\\xbf" },
	{ TEXT("\xed\xa0\x80"), 0, "\\xed\\xa0\\x80" }, /* a surrogate */
	{ TEXT("\xed\x9f\xbf"), 3, "\xed\x9f\xbf" },    /* just before them */
	{ TEXT("\xf4\x90\x80\x80"), 0, "\\xf4\\x90\\x80\\x80" },
	{ TEXT("\xf5\x80\x80\x80"), 0, "\\xf5\\x80\\x80\\x80" },
	{ TEXT("\\xff"), 4, "\\xff" }, /* what looks alike stays */
};

START_TEST(tells_and_escapes)
{
	size_t len;

	ck_assert_uint_eq(utf8_prefix(cases[_i].bytes, cases[_i].n),
			  cases[_i].sound);
	char *text = utf8_escape(cases[_i].bytes, cases[_i].n, &len);
	ck_assert_ptr_nonnull(text);
	ck_assert_str_eq(text, cases[_i].escaped);
	ck_assert_uint_eq(len, strlen(cases[_i].escaped));
	ck_assert_uint_eq(utf8_prefix(text, len), len);
	free(text);
}
END_TEST

START_TEST(keeps_a_nul)
{
	size_t len;
	char *text = utf8_escape("a\0\xff", 3, &len);

	ck_assert_uint_eq(utf8_prefix("a\0b", 3), 3);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(len, 6);
	ck_assert_int_eq(memcmp(text, "a\0\\xff", 7), 0);
	free(text);
}
END_TEST

START_TEST(survives_no_memory)
{
	size_t len;

	fail_at(0);
	char *text = utf8_escape("\xff", 1, &len);
	ck_assert(fail_off());
	ck_assert_ptr_null(text);
	ck_assert_ptr_null(utf8_escape("\xff", (size_t)-1, &len));
}
END_TEST

/* What a terminal may obey is '^' in `tells`. */
START_TEST(knows_controls)
{
	static const struct {
		const char *bytes, *tells;
	} texts[] = {
		{ "a\t\x7f~\xa0\xff", ".^^..." },
		{ "\x80\x9f", "^^" },
		{ "\xc2\x9b\xc2\xa0", ".^.." },
		{ "\xc3\x9b\x9b", "..^" },
		{ "\xe2\x82\x9b\x9b", "...^" },
		{ "\xf0\x90\x80\x9b\x9b", "....^" },
		{ "\xf0\x1b\x9b", ".^^" },
		{ "\xf0\xc2\x9b", "..^" },
		{ "\xf5\x9b\xc1\x9b", ".^.^" },
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		unsigned inside = 0;
		for (size_t k = 0; k < strlen(texts[i].bytes); k++)
			ck_assert_msg(utf8_is_control(
					      (unsigned char)texts[i].bytes[k],
					      &inside) ==
					      (texts[i].tells[k] == '^'),
				      "text %zu, byte %zu", i, k);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("utf8");
	TCase *tcase = tcase_create("utf8");

	tcase_add_loop_test(tcase, tells_and_escapes, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_test(tcase, keeps_a_nul);
	tcase_add_test(tcase, knows_controls);
	tcase_add_test(tcase, survives_no_memory);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
