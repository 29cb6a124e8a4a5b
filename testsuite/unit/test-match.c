/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/match.h"

#include "libmod/base/cleanup.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <fnmatch.h>
#include <stdint.h>
#include <string.h>

static const struct {
	const char *pattern, *text;
	bool matches;
} rows[] = {
	{ "", "", true },
	{ "", "a", false },
	{ "*", "", true },
	{ "**", "", true },
	{ "?", "", false },
	{ "a", "a", true },
	{ "a", "ab", false },
	{ "ab", "a", false },
	{ "a?c", "abc", true },
	{ "*c", "abcabc", true },
	{ "a*b*c", "a--b--b", false },
	{ "a*?*?", "ab", false },
	{ "*/.*", "a/.b", true },
	{ "pci:v00008086d*sv*sd*bc0C*", "pci:v00008086d0001sv1sd2bc0Csc03",
	  true },
	{ "[abc]", "b", true },
	{ "[abc]", "d", false },
	{ "[!abc]", "d", true },
	{ "[^abc]", "b", false },
	{ "[!abc]", "", false },
	{ "[a-c]x", "bx", true },
	{ "[a-cx-z]", "y", true },
	{ "[c-a]", "b", false },
	{ "[c-a]", "c", false },
	{ "[a-]", "-", true },
	{ "[-a]", "-", true },
	{ "[a-b-c]", "-", true },
	{ "[--0]", ".", true },
	{ "[]a]", "]", true },
	{ "[!]a]", "b", true },
	{ "[!]a]", "]", false },
	{ "[]-a]", "^", true },
	{ "[^-a]", "-", false },
	{ "[a^]", "^", true },
	{ "[*?]", "*", true },
	{ "[*?]", "a", false },
	{ "[\x80-\xff]", "\xe4", true },
	{ "[a-c]", "\xe4", false },
	/* escapes */
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "\\a", "a", true },
	{ "\\\\", "\\", true },
	{ "[\\]]", "]", true },
	{ "[\\!a]", "!", true },
	{ "[a\\-c]", "b", false },
	{ "[a-\\c]", "b", true },
	{ "a\\", "a", false },
	{ "a\\", "a\\", false },
	{ "*\\", "\\", false },
	/* nothing closes */
	{ "[", "[", true },
	{ "[a", "[a", true },
	{ "[a", "a", false },
	{ "[]", "[]", true },
	{ "[!]", "[!]", true },
	{ "[?", "[x", true },
	{ "x[*", "x[yz", true },
	{ "[[[", "[[[", true },
	{ "*[a", "[[a", true },
	{ "[a\\]", "[a]", true },
	{ "[a\\", "[a\\", false },
	{ "[a-", "[a-", true },
	/* no classes */
	{ "[[:digit:]]", ":]", true },
	{ "[[:digit:]]", "5", false },
};

START_TEST(matches)
{
	ck_assert_msg(mod_match(rows[_i].pattern, rows[_i].text) ==
			      rows[_i].matches,
		      "'%s' '%s'", rows[_i].pattern, rows[_i].text);
}
END_TEST

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void fill(char *text, size_t size, const char *letters, uint32_t *state)
{
	size_t len = next_random(state) % size;

	for (size_t i = 0; i < len; i++)
		text[i] = letters[next_random(state) % strlen(letters)];
	text[len] = '\0';
}

/* Alphabets so small that much matches; "[:", "[=" and "[." do not come up.
 * glibc's fnmatch() takes a '-' at the end of a [...] that nothing closes for
 * half a range and matches nothing, so no pattern ends in one; other libraries
 * differ in more.
 */
static const struct {
	const char *patterns, *texts;
} alphabets[] = {
	{ "ab*?", "ab" },
	{ "ab*?[]-!^\\", "ab-!^" },
	{ "abc[]-*", "abc-]" },
	{ "a[]\\*?", "a[]\\" },
	{ "[]!^-\\aA", "[]!^-\\aA`" },
	{ "[-]\x7f\x80\xff*", "-\x7f\x80\xff" },
};

START_TEST(agrees_with_fnmatch)
{
#ifndef __GLIBC__
	return;
#endif
	uint32_t state = 2463534242;
	int matched = 0;

	for (int n = 0; n < 100000; n++) {
		char pattern[14], text[8];
		fill(pattern, sizeof pattern, alphabets[_i].patterns, &state);
		fill(text, sizeof text, alphabets[_i].texts, &state);
		size_t len = strlen(pattern);
		if (len > 0 && pattern[len - 1] == '-')
			pattern[len - 1] = '\0';
		bool want = fnmatch(pattern, text, 0) == 0;
		matched += want;
		if (mod_match(pattern, text) != want)
			ck_abort_msg("'%s' '%s' want %d", pattern, text, want);
	}
	ck_assert_int_gt(matched, 1000); /* or nothing was tested */
}
END_TEST

/* Exponential, cubic in their length for a matcher that goes back to every
 * '*', or that looks for each ']' anew.
 */
static const struct {
	const char *repeat, *end, *text;
} slow[] = {
	{ "*a", "b", "a" }, { "*[a-b]", "c", "a" }, { "a", "b", "a" },
	{ "[", "x", "[" },  { "?", "x", "a" },
};

START_TEST(takes_its_time_but_not_more)
{
	enum { LEN = 4000 };
	_free_ char *pattern = calloc(1, 8 * LEN), *text = calloc(1, LEN + 1);
	char *p = pattern;

	*p++ = '*';
	for (int i = 0; i < LEN / 2; i++)
		p = stpcpy(p, slow[_i].repeat);
	strcpy(p, slow[_i].end);
	memset(text, *slow[_i].text, LEN);
	ck_assert(!mod_match(pattern, text));
}
END_TEST

START_TEST(plain_holds_nothing_special)
{
	static const char special[] = "*?[\\";

	for (int c = 1; c < 256; c++) {
		char pattern[] = { 'a', (char)c, 'b', '\0' };
		ck_assert_int_eq(mod_match_is_plain(pattern),
				 !strchr(special, c));
	}
	ck_assert(mod_match_is_plain(""));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("match");
	TCase *tc = tcase_create("match");

	tcase_add_loop_test(tc, matches, 0, sizeof rows / sizeof *rows);
	tcase_add_loop_test(tc, agrees_with_fnmatch, 0,
			    sizeof alphabets / sizeof *alphabets);
	tcase_add_loop_test(tc, takes_its_time_but_not_more, 0,
			    sizeof slow / sizeof *slow);
	tcase_add_test(tc, plain_holds_nothing_special);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
