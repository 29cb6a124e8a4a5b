/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "libmod/base/cleanup.h"
#include "libmod/base/glob.h"
#include "libmod/base/match.h"
#include "testsuite/unit/suite.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* What the pattern says of the text, one byte after the other. */
static bool matches(const char *pattern, const char *text, size_t pos)
{
	struct mod_glob glob;

	mod_glob_init(&glob, text);
	_free_ struct mod_glob_state *state = malloc(mod_glob_size(&glob));
	_free_ struct mod_glob_state *copy = malloc(mod_glob_size(&glob));

	ck_assert(state && copy);
	mod_glob_start(&glob, state, pos);
	for (; *pattern; pattern++) {
		if (!mod_glob_feed(&glob, state, (uint8_t)*pattern))
			return false;
		mod_glob_copy(&glob, copy, state);
		memset(state, 0xa5, mod_glob_size(&glob));
		mod_glob_copy(&glob, state, copy);
	}
	return mod_glob_matches(&glob, state);
}

static const struct {
	const char *pattern, *text;
	bool want;
} rows[] = {
	{ "", "", true },
	{ "", "a", false },
	{ "*", "", true },
	{ "?", "", false },
	{ "a*b*c", "a/b.c/c", true },
	{ "a?c", "abc", true },
	{ "a?c", "ac", false },
	{ "[a-c]x", "bx", true },
	{ "[a-c]x", "dx", false },
	{ "[c-a]x", "cx", false },
	{ "[!a-c]x", "dx", true },
	{ "[^a-c]x", "bx", false },
	{ "[]]", "]", true },
	{ "[!]]", "]", false },
	{ "[!]]", "a", true },
	{ "[a-]", "-", true },
	{ "[-a]", "-", true },
	{ "[a-c-e]", "-", true },
	{ "[a-c-e]", "d", false },
	{ "[a\\]b]", "]", true },
	{ "[\\!a]", "!", true },
	{ "[\\!a]", "b", false },
	{ "[a-\\c]", "b", true },
	{ "[!a]", "", false },
	{ "[a", "[a", true },
	{ "[a*", "[axyz", true },
	{ "[]a", "[]a", true },
	{ "[!]", "[!]", true },
	{ "[", "[", true },
	{ "*[", "a[", true },
	{ "[a\\]", "[a]", true },
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "\\", "\\", false },
	{ "a\\", "a", false },
	{ "\\\\", "\\", true },
	{ "[\xe0-\xff]", "\xe9", true },
	{ "?", "\xe9", true },
};

START_TEST(follows_the_rules)
{
	ck_assert_msg(matches(rows[_i].pattern, rows[_i].text, 0) ==
			      rows[_i].want,
		      "%s against %s", rows[_i].pattern, rows[_i].text);
	ck_assert_int_eq(mod_match(rows[_i].pattern, rows[_i].text),
			 rows[_i].want);
}
END_TEST

START_TEST(starts_in_the_middle)
{
	ck_assert(matches("c*", "abcde", 2));
	ck_assert(!matches("c*", "abcde", 1));
	ck_assert(matches("*", "abc", 3));
	ck_assert(!matches("?", "abc", 3));
}
END_TEST

START_TEST(gives_up_at_once)
{
	struct mod_glob glob;

	mod_glob_init(&glob, "acpi:PNP0C0A:");
	_free_ struct mod_glob_state *state = malloc(mod_glob_size(&glob));
	mod_glob_start(&glob, state, 4);
	ck_assert(mod_glob_feed(&glob, state, '*'));
	ck_assert(mod_glob_feed(&glob, state, ':'));
	ck_assert(!mod_glob_feed(&glob, state, 'A'));
}
END_TEST

static void put_random(char *text, size_t max, unsigned *seed)
{
	static const char bytes[] = "abbc-]![^\\*?";
	size_t n = (size_t)rand_r(seed) % max;

	while (n--)
		*text++ = bytes[(size_t)rand_r(seed) % (sizeof bytes - 1)];
	*text = '\0';
}

/* glibc's fnmatch() alone takes no "[x-" at the end for ordinary bytes. */
static bool is_odd(const char *pattern)
{
	size_t n = strlen(pattern);

	return n && pattern[n - 1] == '-' && strchr(pattern, '[');
}

enum { RANDOM = 20000 };

START_TEST(agrees_with_others)
{
	unsigned seed = (unsigned)_i;
	char pattern[256], text[256];
	bool want;

	for (int i = 0; i < RANDOM; i++) {
		/* Texts around a multiple of 64 bytes, and short ones. */
		size_t pad = _i ? 56 + (size_t)rand_r(&seed) % 80 : 0;
		memset(pattern, 'a', pad);
		memset(text, 'a', pad);
		if (pad)
			pattern[pad / 2] = '*';
		put_random(pattern + (pad ? pad / 2 + 1 : 0), 10, &seed);
		put_random(text + pad, 7, &seed);
		want = mod_match(pattern, text);
		ck_assert_msg(matches(pattern, text, 0) == want,
			      "'%s' against '%s'", pattern, text);
#ifdef __GLIBC__
		if (!is_odd(pattern))
			ck_assert_msg((fnmatch(pattern, text, 0) == 0) == want,
				      "'%s' against '%s'", pattern, text);
#else
		(void)is_odd;
#endif
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("glob");
	TCase *tc = tcase_create("glob");

	tcase_add_loop_test(tc, follows_the_rules, 0, COUNT(rows));
	tcase_add_test(tc, starts_in_the_middle);
	tcase_add_test(tc, gives_up_at_once);
	tcase_add_loop_test(tc, agrees_with_others, 0, 4);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
