/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libmod/base/cleanup.h"
#include "libmod/base/str.h"
#include "libmod/config/lines.h"
#include "testsuite/unit/suite.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const words[MOD_LINE_KINDS] = {
	[MOD_LINE_ALIAS] = "alias",     [MOD_LINE_BLACKLIST] = "blacklist",
	[MOD_LINE_OPTIONS] = "options", [MOD_LINE_INSTALL] = "install",
	[MOD_LINE_REMOVE] = "remove",   [MOD_LINE_SOFTDEP] = "softdep",
	[MOD_LINE_WEAKDEP] = "weakdep", [MOD_LINE_MASK] = "mask",
	[MOD_LINE_ALLOW] = "allow",     [MOD_LINE_POLICY] = "policy",
};

/* One line of result: "LINE: KIND <NAME> <REST>", or "LINE: bad WORD". */
static void add_result(struct mod_str *out, int r, const struct mod_line *line)
{
	if (r == -EINVAL || r == -EOPNOTSUPP || r == -EILSEQ) {
		mod_str_addf(out, "%u: %s %s\n", line->line,
			     r == -EINVAL           ? "bad"
				     : r == -EILSEQ ? "none"
						    : "old",
			     line->word);
		return;
	}
	ck_assert_int_eq(r, 0);
	const char *kind = words[line->kind];
	if (line->kind != MOD_LINE_MASK && line->kind != MOD_LINE_ALLOW)
		ck_assert_str_eq(line->word, kind);
	mod_str_addf(out, "%u: %s <%s>", line->line, kind, line->name);
	if (line->rest)
		mod_str_addf(out, " <%s>", line->rest);
	mod_str_add(out, "\n");
}

static char *read_text(const char *text, size_t len)
{
	_free_ char *copy = malloc(len + 1); /* exact, for ASan */
	struct mod_str out = { 0 };
	struct mod_lines conf;
	struct mod_line line;
	int r;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, len);
	copy[len] = 'x'; /* the reader's to end */
	mod_lines_init(&conf, copy, len);
	while ((r = mod_lines_next(&conf, &line)) != 1)
		add_result(&out, r, &line);
	ck_assert_int_eq(mod_lines_next(&conf, &line), 1);
	return mod_str_take(&out);
}

static const struct {
	const char *text, *want;
} rows[] = {
	/* what each word takes */
	{ "alias a-b c-d\n", "1: alias <a_b> <c_d>\n" },
	{ "alias a b more words\n", "1: alias <a> <b>\n" },
	{ "alias usb:v*d[0-9]-x m\n", "1: alias <usb:v*d[0-9]_x> <m>\n" },
	{ "blacklist a-b\n", "1: blacklist <a_b>\n" },
	{ "blacklist a b\n", "1: blacklist <a>\n" },
	{ "options a-b x-y=1 z\n", "1: options <a_b> <x-y=1 z>\n" },
	{ "options a x=1\ty\t\tz\n", "1: options <a> <x=1 y  z>\n" },
	{ "install a-b /bin/true --x\n", "1: install <a_b> </bin/true --x>\n" },
	{ "install a x\ty\n", "1: install <a> <x\ty>\n" },
	{ "remove a /bin/false $x %k\n", "1: remove <a> </bin/false $x %k>\n" },
	{ "softdep a pre: b-c post: d\n",
	  "1: softdep <a> <pre: b-c post: d>\n" },
	{ "weakdep a b c\n", "1: weakdep <a> <b c>\n" },

	/* lists of names, and the policy */
	{ "mask a-b\n", "1: mask <a_b>\n" },
	{ " mask a \t b-c\\\n  d \nallow e",
	  "2: mask <a>\n2: mask <b_c>\n"
	  "2: mask <d>\n3: allow <e>\n" },
	{ "mask a.ko b-c.ko.xz d-[.-] e*[0-9].ko",
	  "1: mask <a>\n1: mask <b_c>\n1: mask <d_[.-]>\n"
	  "1: mask <e*[0-9]>\n" },
	{ "mask a # b\nmask #a\nmask\nallow \n",
	  "1: mask <a>\n2: bad mask\n3: bad mask\n4: bad allow\n" },
	{ "mask [a b c/d .ko e \"f\" g,h 'i j]\nmask k\r\n",
	  "1: none [a\n1: mask <b>\n1: none c/d\n1: none \n"
	  "1: mask <e>\n1: none \"f\"\n1: none g,h\n1: none 'i\n"
	  "1: none j]\n2: mask <k>\n" },
	{ "mask a\302\240 \342\200\213b c\001 d\177",
	  "1: none a\302\240\n1: none \342\200\213b\n1: none c\001\n"
	  "1: none d\177\n" },
	{ "policy audit\npolicy allow-listed # now\n",
	  "1: policy <audit>\n2: policy <allow-listed>\n" },
	{ "policy\npolicy off\npolicy allow_listed\npolicy audits\n",
	  "1: bad policy\n2: bad policy\n3: bad policy\n4: bad policy\n" },
	{ "masks a\nallowed a\nMask a\n",
	  "1: bad masks\n2: bad allowed\n3: bad Mask\n" },

	/* blanks; one of them ends a word, the rest is as written */
	{ " \t alias \t a \t b \t \n", "1: alias <a> <b>\n" },
	{ "options a  x=1  y \n", "1: options <a> < x=1  y >\n" },
	{ "options a \t x\n", "1: options <a> <  x>\n" },
	{ "install a  \tb \t\n", "1: install <a> < \tb \t>\n" },
	{ "options a  \n", "1: options <a> < >\n" },
	{ "options a \n", "1: bad options\n" },
	{ "options a\t\n", "1: bad options\n" },
	{ "options a\n", "1: bad options\n" },
	{ "softdep a  \n", "1: softdep <a> < >\n" },
	{ "softdep a \n", "1: bad softdep\n" },
	{ "weakdep a \n", "1: bad weakdep\n" },
	{ "install a \n", "1: bad install\n" },
	{ "remove a \n", "1: bad remove\n" },
	{ "alias a\fb c\n", "1: alias <a\fb> <c>\n" },

	/* an invalid line */
	{ "", "" },
	{ "\n\n \n\t\n \t \n", "" },
	{ "# alias a b\n#\n##\n", "" },
	{ "   # text\n", "1: bad #\n" },
	{ "alias a b # text\n", "1: alias <a> <b>\n" },
	{ "install a b # text\n", "1: install <a> <b # text>\n" },

	/* bad lines */
	{ "alias\n", "1: bad alias\n" },
	{ "alias a\n", "1: bad alias\n" },
	{ "alias a \n", "1: bad alias\n" },
	{ "blacklist\nblacklist \n", "1: bad blacklist\n2: bad blacklist\n" },
	{ "options\n", "1: bad options\n" },
	{ "Alias a b\n", "1: bad Alias\n" },
	{ "aliases a b\n", "1: bad aliases\n" },
	{ "alia a b\n", "1: bad alia\n" },
	{ "foo bar\n", "1: bad foo\n" },
	{ "include /etc/x\ninclude\n", "1: old include\n2: old include\n" },
	{ "config x\n", "1: old config\n" },
	{ "alias q[z b\n", "1: bad alias\n" },
	{ "alias q]z b\n", "1: bad alias\n" },
	{ "alias a q[z\n", "1: bad alias\n" },
	{ "blacklist q[z\n", "1: bad blacklist\n" },
	{ "options q]z x\n", "1: bad options\n" },
	{ "softdep [ x\n", "1: bad softdep\n" },
	{ "alias \"q n\" b\n", "1: alias <\"q> <n\">\n" },
	{ "foo\nalias a b\nbar\n",
	  "1: bad foo\n2: alias <a> <b>\n3: bad bar\n" },

	/* the backslash */
	{ "alias a \\\nb\n", "2: alias <a> <b>\n" },
	{ "ali\\\nas a\\\n\\\n b\nalias c d\n",
	  "4: alias <a> <b>\n5: alias <c> <d>\n" },
	{ "# text \\\nalias a b\nalias c d\n", "3: alias <c> <d>\n" },
	{ "# text \\\\\nalias a b\n", "2: alias <a> <b>\n" },
	{ "# te\\xt\nalias a b\n", "2: alias <a> <b>\n" },
	{ "alias a b\\\\\nalias c d\n",
	  "1: alias <a> <b\\>\n2: alias <c> <d>\n" },
	{ "install a x\\y \\\\z \\\\\\\\\n", "1: install <a> <xy \\z \\\\>\n" },
	{ "alias a\\ b\n", "1: alias <a> <b>\n" },
	{ "alias a\\-b c\n", "1: alias <a_b> <c>\n" },
	{ "\\alias a b\n", "1: alias <a> <b>\n" },
	{ "\\#alias a b\n", "" },
	{ "\\\n# text\n", "" },
	{ "\\\n\\\n\nfoo\n", "4: bad foo\n" },
	{ "alias a b\\", "1: alias <a> <b>\n" },
	{ "alias a b\\\n", "2: alias <a> <b>\n" },
	{ "options a \\\nx=1 \\\n  y=2\n", "3: options <a> <x=1   y=2>\n" },
	{ "foo \\\n\\\nbar\n", "3: bad foo\n" },

	/* the last line */
	{ "alias a b", "1: alias <a> <b>\n" },
	{ "# text", "" },
	{ "options a x", "1: options <a> <x>\n" },
	{ "options", "1: bad options\n" },
	{ "\\", "" },

	/* CR */
	{ "alias a b\r\n", "1: alias <a> <b>\n" },
	{ "blacklist a\r\n", "1: blacklist <a>\n" },
	{ "options a x=1\r\n", "1: options <a> <x=1 >\n" },
	{ "options a\r\n", "1: bad options\n" },
	{ "alias a b\r", "1: alias <a> <b>\n" },
	{ "\r\n#\r\n# text\r\n \r\n", "" },
	{ "alias a \\\r\nb\r\n", "2: alias <a> <b>\n" },
	{ "# text \\\r\nalias a b\r\nalias c d\r\n", "3: alias <c> <d>\n" },
	{ "options a x\\y\r\nblacklist b\r\n",
	  "1: options <a> <xy >\n2: blacklist <b>\n" },
	{ "options a x\ry\n", "1: options <a> <x\ry>\n" },
	{ "options a x\r\r\n", "1: options <a> <x\r >\n" },
};

START_TEST(reads_lines)
{
	_free_ char *got = read_text(rows[_i].text, strlen(rows[_i].text));

	ck_assert_msg(got && strcmp(got, rows[_i].want) == 0,
		      "%s: got %s, want %s", rows[_i].text, got, rows[_i].want);
}
END_TEST

START_TEST(nul_ends_a_line)
{
	static const char text[] =
		"alias a b\0c\nalias d\0 e\n\0\n"
		"#\0\nopti\0ns\nblacklist c\0\\\nd\nalias e f";
	_free_ char *got = read_text(text, sizeof text - 1);

	ck_assert_str_eq(got,
			 "1: alias <a> <b>\n2: bad alias\n5: bad opti\n"
			 "7: blacklist <c>\n8: alias <e> <f>\n");
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	static const char text[] =
		"alias a-b c\r\n# x \\\n y\n\toptions m  x=1 "
		"\\\n y\\ z\nsoftdep m pre: a post: [b]\n";

	for (size_t n = 0; n < sizeof text; n++) {
		_free_ char *got = read_text(text, n);
		ck_assert_ptr_nonnull(got);
	}
}
END_TEST

enum { MEGABYTE = 1 << 20 };

START_TEST(a_line_may_be_a_megabyte)
{
	static const char *const starts[] = { "options a ", "install a \\",
					      "# ", "x", "alias " };
	static const char *const wants[] = { "1: options <a> <xxxx",
					     "1: install <a> <xxxx",
					     "2: alias <a> <b>\n",
					     "1: bad xxxxx", "1: bad alias\n" };
	_str_ struct mod_str text = { 0 };
	_free_ char *xs = malloc(MEGABYTE);

	memset(xs, 'x', MEGABYTE);
	mod_str_add(&text, starts[_i]);
	mod_str_addn(&text, xs, MEGABYTE);
	mod_str_add(&text, "\nalias a b\n");
	_free_ char *got = read_text(text.at, text.len);
	ck_assert_int_eq(strncmp(got, wants[_i], strlen(wants[_i])), 0);
	ck_assert_ptr_nonnull(strstr(got, "2: alias <a> <b>\n"));
}
END_TEST

START_TEST(many_joined_lines_are_one)
{
	_str_ struct mod_str text = { 0 };

	mod_str_add(&text, "install a ");
	for (size_t i = 0; i < MEGABYTE / 4; i++)
		mod_str_add(&text, "x\\\n");
	mod_str_add(&text, "y\nfoo\n");
	_free_ char *got = read_text(text.at, text.len);
	ck_assert_ptr_nonnull(strstr(got, "xy>\n262146: bad foo\n"));
	ck_assert_int_eq(strncmp(got, "262145: install <a> <xxx", 24), 0);
}
END_TEST

static const struct {
	const char *rest, *want;
} softdeps[] = {
	{ "pre: a b post: c", "-a -b +c " },
	{ "post: c pre: a", "+c -a " },
	{ "pre: a post: b pre: c", "-a +b -c " },
	{ "x pre: a", "x -a " },
	{ " pre: a", "-a " },
	{ "\tpre:\ta\t\tpost:\fb\rc", "-a +b +c " },
	{ "pre:x pre: post:x", "pre:x -post:x " },
	{ "pre:", "" },
	{ "pre: post:", "" },
	{ " ", "" },
	{ "", "" },
};

START_TEST(softdep_words_follow_markers)
{
	_free_ char *text = strdup(softdeps[_i].rest);
	_str_ struct mod_str out = { 0 };
	bool marked = false, post = false;
	char *rest = text, *word;

	mod_str_add(&out, "");
	while ((word = mod_lines_next_softdep(&rest, &marked, &post)))
		mod_str_addf(&out, "%s%s ",
			     !marked        ? ""
				     : post ? "+"
					    : "-",
			     word);
	ck_assert_str_eq(out.at, softdeps[_i].want);
	ck_assert_ptr_null(mod_lines_next_softdep(&rest, &marked, &post));
}
END_TEST

START_TEST(weakdep_has_no_markers)
{
	char text[] = "a pre: b ";
	char *rest = text;

	ck_assert_str_eq(mod_lines_next_softdep(&rest, NULL, NULL), "a");
	ck_assert_str_eq(mod_lines_next_softdep(&rest, NULL, NULL), "pre:");
	ck_assert_str_eq(mod_lines_next_softdep(&rest, NULL, NULL), "b");
	ck_assert_ptr_null(mod_lines_next_softdep(&rest, NULL, NULL));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("conf");
	TCase *tc = tcase_create("conf");

	tcase_add_loop_test(tc, reads_lines, 0, COUNT(rows));
	tcase_add_test(tc, nul_ends_a_line);
	tcase_add_test(tc, every_prefix_is_safe);
	tcase_add_loop_test(tc, a_line_may_be_a_megabyte, 0, 5);
	tcase_add_test(tc, many_joined_lines_are_one);
	tcase_add_loop_test(tc, softdep_words_follow_markers, 0,
			    COUNT(softdeps));
	tcase_add_test(tc, weakdep_has_no_markers);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
