/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/directive.h"

#include "libmod/base/str.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = { "search", "override", "external",
				     "exclude", "-" };

/* "LINE KIND WORD,WORD,;" for each line; "!WORD" for a bad one. */
static const char *text_of(const char *in, size_t n)
{
	static char text[512];
	_free_ char *copy = strndup(in, n);
	struct mod_directive line;
	struct mod_lines conf;
	char *at = text, *word;
	int r;

	*text = '\0';
	mod_lines_init(&conf, copy, strlen(copy));
	while ((r = mod_directive_next(&conf, &line)) != 1) {
		if (r < 0)
			at += sprintf(at, "%u !%s;", line.line, line.word);
		if (r < 0)
			continue;
		at += sprintf(at, "%u %s ", line.line, names[line.kind]);
		while ((word = mod_lines_take_word(&line.words)))
			at += sprintf(at, "%s,", word);
		at += sprintf(at, ";");
	}
	return text;
}

static const struct {
	const char *in, *want;
} lines[] = {
	{ "", "" },
	{ "\n \t\n# search x\n", "" },
	{ "search a b\tc", "1 search a,b,c,;" },
	{ "search", "1 search ;" },
	{ "  search extra # x\n", "1 search extra,#,x,;" },
	{ "  # x\n", "1 !#;" },
	{ "override m * extra more\n", "1 override m,*,extra,more,;" },
	{ "external 6.* /x\n", "1 external 6.*,/x,;" },
	{ "exclude a\nexclude b\n", "1 exclude a,;2 exclude b,;" },
	{ "include x\nmake_map_files no\n", "1 - x,;2 - no,;" },
	{ "search \\\na \\\n b\nsearch c\n", "3 search a,b,;4 search c,;" },
	{ "se\\arch a\\", "1 search a,;" },
	{ "Search a\nsearchx a\n", "1 !Search;2 !searchx;" },
};

START_TEST(reads_lines)
{
	ck_assert_str_eq(text_of(lines[_i].in, strlen(lines[_i].in)),
			 lines[_i].want);
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	static const char in[] = "search a\\\n b\noverride m * x\n# c\nbad\n";

	for (size_t n = 0; n <= strlen(in); n++)
		text_of(in, n);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("depconf");
	TCase *tc = tcase_create("depconf");

	tcase_add_loop_test(tc, reads_lines, 0, sizeof lines / sizeof *lines);
	tcase_add_test(tc, every_prefix_is_safe);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
