/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/parameter.h"

#include "testsuite/unit/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
	const char *text,
		*want; /* NAME=VALUE@OFFSET, NAME@OFFSET; ! unclosed */
} texts[] = {
	{ "", "" },
	{ "  ", "" },
	{ "a=1 b", "[a=1@0][b@4]" },
	{ " a=1\tb=2\n", "[a=1@1][b=2@5]" },
	{ "a=\"x y\" b=1", "[a=x y@0][b=1@8]" },
	{ "\"a=x y\" b=1", "[a=x y@0][b=1@8]" },
	{ "a=x\" \"y", "[a=x\" \"y@0]" },
	{ "a=\"x", "[a=x@0!]" },
	{ "a=\"", "[a=@0!]" },
	{ "a=\"\"", "[a=@0]" },
	{ "a=\"x\"y b", "[a=x\"y@0][b@7]" },
	{ "a=x\" b", "[a=x\" b@0!]" },
	{ "\"a=\"b c\" d", "[a=b@0][c\" d@6!]" },
	{ "\"a=x\"y b", "[a=x\"y@0][b@7]" },
	{ "\"a=\"\"b\"\" c", "[a=\"b\"\" c@0!]" },
	{ "\"a\"=b c", "[a\"=b@0][c@6]" },
	{ "\"a=", "[a=@0!]" },
	{ "\"a b\" c", "[a b@0][c@6]" },
	{ "\"", "[@0!]" },
	{ "\"\" b", "[@0][b@3]" },
	{ "a=1=2", "[a=1=2@0]" },
	{ "a= b", "[a=@0][b@3]" },
	{ "=1 b", "[=1@0][b@3]" },
	{ "=a=1", "[=a=1@0]" },
	{ "a -- b", "[a@0]" },
	{ "a \"--\" b", "[a@0]" },
	{ "a --=1 b", "[a@0][--=1@2][b@7]" },
	{ "a --- b", "[a@0][---@2][b@6]" },
	{ "a-b=1", "[a-b=1@0]" },
};

START_TEST(splits_as_the_kernel_does)
{
	size_t len = strlen(texts[_i].text);
	char *text = malloc(len + 1); /* exact, for ASan */
	const char *at = text;
	char got[256] = "";
	struct mod_parameter p;

	memcpy(text, texts[_i].text, len);
	while (mod_parameter_next(&at, text + len, &p))
		snprintf(got + strlen(got), sizeof got - strlen(got),
			 "[%.*s%s%.*s@%zu%s]", (int)p.name_len, p.name,
			 p.value ? "=" : "", (int)p.value_len,
			 p.value ? p.value : "", (size_t)(p.start - text),
			 p.unclosed ? "!" : "");
	ck_assert_str_eq(got, texts[_i].want);
	free(text);
}
END_TEST

START_TEST(arguments_go_on_after_the_end_of_parameters)
{
	static const char text[] = "a -- b";
	const char *at = text, *end = text + strlen(text);
	struct mod_parameter p;
	size_t n = 0;

	while (mod_parameter_next_argument(&at, end, &p))
		n++;
	ck_assert_uint_eq(n, 3);
	ck_assert_ptr_eq(at, end);
}
END_TEST

START_TEST(names_are_equal_with_either_dash)
{
	ck_assert(mod_parameter_is_name("a-b_c", 5, "a_b-c", 5));
	ck_assert(mod_parameter_is_name("abc", 2, "abd", 2));
	ck_assert(mod_parameter_is_name("", 0, "a", 0));
	ck_assert(!mod_parameter_is_name("abc", 3, "ab", 2));
	ck_assert(!mod_parameter_is_name("a b", 3, "a_b", 3));
	ck_assert(!mod_parameter_is_name("A", 1, "a", 1));
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
	{ "int", "+", false },
	{ "int", "-+1", false },
	{ "int", "-0", true },
	{ "int", "1\n", true },
	{ "int", "1\n\n", false },
	{ "int", "\n", false },
	{ "int", "0x", false },
	{ "int", "0X1f", true },
	{ "int", "0xg", false },
	{ "int", "0b1", false },
	{ "int", "-0x80000000", true },
	{ "int", "037777777777", false },
	{ "int", "1,2", false },
	{ "int", "1e1", false },
	{ "int",
	  "00000000000000000000000000000000000000000000000000000000000"
	  "00000000000000000000001",
	  true },
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
	{ "byte", "-0", false },
	{ "short", "-32768", true },
	{ "short", "-32769", false },
	{ "short", "32768", false },
	{ "ushort", "65536", false },
	{ "hexint", "0xffffffff", true },
	{ "ulong", "18446744073709551615", true },
	{ "ulong", "18446744073709551616", false },
	{ "ulong", "0xffffffffffffffff", true },
	{ "ulong", "0x10000000000000000", false },
	{ "ulong", "99999999999999999999999", false },
	{ "long", "-9223372036854775808", true },
	{ "long", "-9223372036854775809", false },
	{ "long", "9223372036854775807", true },
	{ "long", "9223372036854775808", false },
	{ "ullong", "1", true },
	{ "bool", NULL, true },
	{ "bool", "y", true },
	{ "bool", "No", true },
	{ "bool", "on", true },
	{ "bool", "off", true },
	{ "bool", "of", true },
	{ "bool", "OF", true },
	{ "bool", "N", true },
	{ "bool", "true", true },
	{ "bool", "e", true },
	{ "bool", "Disable", true },
	{ "bool", "\x11", false },
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

	ck_assert_msg(mod_parameter_fits(type, strlen(type), value,
					 value ? strlen(value) : 0) ==
			      values[_i].fits,
		      "%s: %s", type, value ? value : "none");
}
END_TEST

static const struct {
	const char *type, *set, *shown;
	bool differs;
} shown[] = {
	{ "ulong", "5", "7", true },
	{ "ulong", "5", "5", false },
	{ "ulong", "18446744073709551615", "18446744073709551615", false },
	{ "ulong", "18446744073709551615", "18446744073709551614", true },
	{ "ullong", "0x10", "16", false },
	{ "long", "-1", "1", true },
	{ "long", "-1", "-1", false },
	{ "int", "-0", "0", false },
	{ "int", "+010", "8", false },
	{ "int", "9999999999", "7", false }, /* does not fit */
	{ "int", "1", "many", false },
	{ "int", NULL, "1", false },
	{ "hexint", "255", "0x0000ff", false },
	{ "hexint", "254", "0x0000ff", true },
	{ "byte", "1", "2", true },
	{ "ushort", "1", "2", true },
	{ "bool", "e", "Y", false },
	{ "bool", "d", "Y", true },
	{ "bool", "on", "Y", false },
	{ "bool", "of", "Y", true },
	{ "bool", "OFF", "N", false },
	{ "bool", "0", "N", false },
	{ "bool", NULL, "Y", false },
	{ "bool", NULL, "N", true },
	{ "bool", "maybe", "N", false },
	{ "bint", "y", "1", false },
	{ "bint", NULL, "0", true },
	{ "invbool", "y", "Y", false },
	{ "invbool", "y", "N", true },
	{ "invbool", NULL, "Y", false },
	{ "charp", "a,b", "a,b", false },
	{ "charp", "a", "ab", true },
	{ "charp", "", "", false },
	{ "charp", NULL, "a", false },
	{ "string", "x", "y", true },
	{ "array of int", "1,2", "1,2", false },
	{ "array of int", "1,0x2", "1,3", true },
	{ "array of int", "1,2", "1,2,0,0", false },
	{ "array of int", "1,2", "1,3,0,0", true },
	{ "array of int", "1,2", "1", true },
	{ "array of int", "1,2", "", false },
	{ "array of int", "1,x", "1,2", false },
	{ "array of bool", "y,off", "Y,N", false },
	{ "array of bool", "y,on", "Y,N", true },
	{ "array of charp", "a,b", "a,b", false },
	{ "array of charp", "a,b", "a,c", true },
	{ "array of axis", "a", "b", false },
	{ "portnr", "1", "2", false },
	{ "", NULL, "x", false },
};

START_TEST(knows_what_differs)
{
	const char *type = shown[_i].type, *set = shown[_i].set;

	ck_assert_msg(mod_parameter_differs(
			      type, strlen(type), set, set ? strlen(set) : 0,
			      shown[_i].shown,
			      strlen(shown[_i].shown)) == shown[_i].differs,
		      "%s: %s, %s", type, set ? set : "none", shown[_i].shown);
}
END_TEST

START_TEST(measures_how_far_names_are)
{
	ck_assert_uint_eq(mod_parameter_distance("abc", 3, "abc", 3, 9), 0);
	ck_assert_uint_eq(mod_parameter_distance("a-c", 3, "a_c", 3, 9), 0);
	ck_assert_uint_eq(mod_parameter_distance("aBc", 3, "AbC", 3, 9), 0);
	ck_assert_uint_eq(mod_parameter_distance("abc", 3, "abcd", 4, 9), 1);
	ck_assert_uint_eq(mod_parameter_distance("bca", 3, "abc", 3, 9), 2);
	ck_assert_uint_eq(mod_parameter_distance("", 0, "abc", 3, 9), 3);
	ck_assert_uint_eq(mod_parameter_distance("xyz", 3, "abc", 3, 1), 2);

	char name[100];
	memset(name, 'a', sizeof name);
	name[99] = '\0';
	ck_assert_uint_eq(mod_parameter_distance(name, 99, name, 99, 3), 4);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("params");
	TCase *tcase = tcase_create("params");

	tcase_add_loop_test(tcase, splits_as_the_kernel_does, 0, COUNT(texts));
	tcase_add_test(tcase, arguments_go_on_after_the_end_of_parameters);
	tcase_add_test(tcase, names_are_equal_with_either_dash);
	tcase_add_loop_test(tcase, knows_what_fits, 0, COUNT(values));
	tcase_add_loop_test(tcase, knows_what_differs, 0, COUNT(shown));
	tcase_add_test(tcase, measures_how_far_names_are);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
