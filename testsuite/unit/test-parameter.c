/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/config/parameter.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
	const char *text, *want; /* NAME=VALUE@OFFSET, NAME@OFFSET */
} texts[] = {
	{ "", "" },
	{ "  ", "" },
	{ "a=1 b", "[a=1@0][b@4]" },
	{ " a=1\tb=2\n", "[a=1@1][b=2@5]" },
	{ "a=\"x y\" b=1", "[a=x y@0][b=1@8]" },
	{ "\"a=x y\" b=1", "[a=x y@0][b=1@8]" },
	{ "a=x\" \"y", "[a=x\" \"y@0]" },
	{ "a=\"x", "[a=x@0]" },
	{ "a=1=2", "[a=1=2@0]" },
	{ "a= b", "[a=@0][b@3]" },
	{ "=1 b", "[=1@0][b@3]" },
	{ "a -- b", "[a@0]" },
	{ "a --=1 b", "[a@0][--=1@2][b@7]" },
	{ "a-b=1", "[a-b=1@0]" },
};

START_TEST(divides_as_the_kernel_does)
{
	char *text = strdup(texts[_i].text), *rest = text;
	char got[256] = "";
	struct mod_parameter param;

	while (mod_parameter_next(&rest, text, &param))
		snprintf(got + strlen(got), sizeof got - strlen(got),
			 "[%s%s%s@%zu]", param.name, param.value ? "=" : "",
			 param.value ? param.value : "", param.at);
	ck_assert_str_eq(got, texts[_i].want);
	free(text);
}
END_TEST

static const struct {
	const char *type, *value;
	bool fits;
} values[] = {
	{ "int", "0", true },
	{ "int", "-1", true },
	{ "int", "+1", true },
	{ "int", "0x7fffffff", true },
	{ "int", "2147483647", true },
	{ "int", "2147483648", false },
	{ "int", "-2147483648", true },
	{ "int", "-2147483649", false },
	{ "int", "010", true },
	{ "int", "08", false },
	{ "int", "", false },
	{ "int", "-", false },
	{ "int", "--1", false },
	{ "int", "1x", false },
	{ "int", " 1", false },
	{ "int", "x", false },
	{ "int", NULL, false },
	{ "uint", "4294967295", true },
	{ "uint", "4294967296", false },
	{ "uint", "-1", false },
	{ "byte", "255", true },
	{ "byte", "256", false },
	{ "short", "-32768", true },
	{ "short", "32768", false },
	{ "ushort", "65536", false },
	{ "hexint", "0xffffffff", true },
	{ "ulong", "18446744073709551615", true },
	{ "ulong", "18446744073709551616", false },
	{ "long", "-9223372036854775808", true },
	{ "ullong", "1", true },
	{ "bool", NULL, true },
	{ "bool", "y", true },
	{ "bool", "No", true },
	{ "bool", "on", true },
	{ "bool", "off", true },
	{ "bool", "oops", false },
	{ "bool", "o", false },
	{ "bool", "2", false },
	{ "bool", "", false },
	{ "bint", NULL, true },
	{ "invbool", "1", true },
	{ "invbool", NULL, false },
	{ "charp", "anything at all", true },
	{ "charp", "", true },
	{ "charp", NULL, false },
	{ "string", NULL, false },
	{ "array of int", "1,2,-3", true },
	{ "array of int", "1,,3", false },
	{ "array of int", "1,2,", false },
	{ "array of int", "1,x", false },
	{ "array of int", NULL, false },
	{ "array of charp", "a,b,", true },
	{ "array of bool", "y,n,1", true },
	{ "array of axis", "up", true },
	{ "portnr", "anything", true },
	{ "portnr", NULL, true },
	{ "", "x", true },
	{ "", NULL, true },
};

START_TEST(knows_what_fits)
{
	const char *type = values[_i].type, *value = values[_i].value;

	ck_assert_msg(mod_parameter_fits(type, strlen(type), value) ==
			      values[_i].fits,
		      "%s: %s", type, value ? value : "none");
}
END_TEST

START_TEST(measures_how_far_names_are)
{
	ck_assert_uint_eq(mod_parameter_distance("abc", "abc", 3, 9), 0);
	ck_assert_uint_eq(mod_parameter_distance("a-c", "a_c", 3, 9), 0);
	ck_assert_uint_eq(mod_parameter_distance("aBc", "AbC", 3, 9), 0);
	ck_assert_uint_eq(mod_parameter_distance("abc", "abcd", 4, 9), 1);
	ck_assert_uint_eq(mod_parameter_distance("bca", "abc", 3, 9), 2);
	ck_assert_uint_eq(mod_parameter_distance("", "abc", 3, 9), 3);
	ck_assert_uint_eq(mod_parameter_distance("xyz", "abc", 3, 1), 2);

	char name[100];
	memset(name, 'a', sizeof name);
	name[99] = '\0';
	ck_assert_uint_eq(mod_parameter_distance(name, name, 99, 3), 4);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("params");
	TCase *tcase = tcase_create("params");

	tcase_add_loop_test(tcase, divides_as_the_kernel_does, 0, COUNT(texts));
	tcase_add_loop_test(tcase, knows_what_fits, 0, COUNT(values));
	tcase_add_test(tcase, measures_how_far_names_are);
	suite_add_tcase(suite, tcase);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
