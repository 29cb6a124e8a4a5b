/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/control.h"

#include "testsuite/unit/suite.h"

#include <check.h>
#include <string.h>

START_TEST(control_characters_are_those_of_ascii)
{
	for (int c = 0; c < 256; c++)
		ck_assert_int_eq(mod_control_is((char)c), c < 32 || c == 127);
}
END_TEST

START_TEST(hides_only_control_characters)
{
	char text[] = "\033[1m a\tb\n\177\303\244\302\233~";

	mod_control_hide(text, strlen(text) - 1);
	ck_assert_str_eq(text, "?[1m a?b??\303\244\302\233~");
	mod_control_hide(text, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("control");
	TCase *tc = tcase_create("control");

	tcase_add_test(tc, control_characters_are_those_of_ascii);
	tcase_add_test(tc, hides_only_control_characters);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
