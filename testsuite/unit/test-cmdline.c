/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "libmod/base/cleanup.h"
#include "libmod/base/str.h"
#include "libmod/config/cmdline.h"
#include "testsuite/unit/suite.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* "NAME <OPTIONS>\n" for each option, "!NAME\n" for each blacklisted name,
 * "#NAME\n" for each masked one.
 */
static char *read_text(const char *text, size_t len)
{
	_free_ char *copy = malloc(len + 1); /* exact, for ASan */
	struct mod_str out = { 0 };
	struct mod_cmdline cmdline;
	struct mod_cmdline_word word;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, len);
	copy[len] = 'x'; /* the reader's to end */
	mod_cmdline_init(&cmdline, copy, len);
	while (mod_cmdline_next(&cmdline, &word)) {
		bool listed = word.blacklist || word.mask;
		ck_assert_int_eq(listed, word.options == NULL);
		if (listed)
			mod_str_addf(&out, "%s%c%s\n", word.bad ? "bad " : "",
				     word.mask ? '#' : '!', word.name);
		else
			mod_str_addf(&out, "%s <%s>\n", word.name,
				     word.options);
	}
	ck_assert(!mod_cmdline_next(&cmdline, &word));
	return mod_str_take(&out);
}

static const struct {
	const char *text, *want;
} rows[] = {
	{ "modprobe.mask=a,b-c,,d.ko,[x,e* f.x=1 modprobe.blacklist=g-h "
	  "\"modprobe.mask=i,j/k\" modprobe.mask=\"l,m\"",
	  "#a\n#b_c\n#d\nbad #[x\n#e*\nf <x=1>\n!g_h\n#i\nbad #j/k\n#l\n"
	  "#m\n" },
	{ "\"modprobe.mask=a b, c\td\" \"modprobe.blacklist=e f\"",
	  "#a\n#b\n#c\n#d\n!e f\n" },
	{ "modprobe.mask modprobe.masks=a -- modprobe.mask=b",
	  "modprobe <mask>\nmodprobe <masks=a>\n" },
	{ "modprobe.mask=", "" },

	/* the table of what a word gives */
	{ "a-b.x=1", "a_b <x=1>\n" },
	{ "a_b.y-z=2", "a_b <y-z=2>\n" },
	{ "b.y", "b <y>\n" },
	{ "a.x=\"hello world\"", "a <x=\"hello world\">\n" },
	{ "\"a.x=hello world\"", "a <x=\"hello world\">\n" },
	{ "a.x=\"q r\"s", "a <x=\"q r\"s>\n" },
	{ "a.x=1=2 a.x=1.5 a.y=b.c", "a <x=1=2>\na <x=1.5>\na <y=b.c>\n" },
	{ "\"a.x\" b.y", "b <y>\n" },
	{ "a.\"x=1\" b.y", "b <y>\n" },
	{ "a.b.c=1 b.y", "b <y>\n" },
	{ "foo\"bar.x=1 b.y=1\" c.z=1", "c <z=1>\n" },
	{ "a.x=1\" b.q=1", "" },
	{ "ivrs_acpihid[14:00.5]=AMD0020:00 b.y", "b <y>\n" },
	{ "x[1.y=2 b.y", "b <y>\n" },
	{ "z]w.y=3 b.y", "b <y>\n" },
	{ "a[b.c]d.e=1 b.y", "b <y>\n" },
	{ "a.x= b.y=\"\"", "a <x=>\nb <y=\"\">\n" },
	{ "a.=2 a.", "a <=2>\na <>\n" },
	{ ".x=1", " <x=1>\n" },
	{ "root=/dev/sda1 console=ttyS0,115200n8 quiet module_blacklist=a",
	  "" },
	{ "modprobe.blacklist=a,b,,c-d", "!a\n!b\n!c_d\n" },
	{ "modprobe.blacklist", "modprobe <blacklist>\n" },
	{ "modprobe.blacklist=\"a,b c\"", "!a\n!b c\n" },
	{ "\"modprobe.blacklist=a,b\"", "!a\n!b\n" },
	{ "modprobe.foo=1", "modprobe <foo=1>\n" },
	{ "a.x -- init.arg=1", "a <x>\n" },

	/* quotes */
	{ "\"a-b.x=1\" c.y", "a_b <x=\"1\">\nc <y>\n" },
	{ "\"a.x=\" b.y", "a <x=\"\">\nb <y>\n" },
	{ "\"a.x=h w\"tail b.y", "a <x=\"h w\"tail>\nb <y>\n" },
	{ "\"a.x=1 2\"3 4\" 5\" b.y", "a <x=\"1 2\"3>\nb <y>\n" },
	{ "a.x=1\"2 3\"4 b.y", "a <x=1\"2 3\"4>\nb <y>\n" },
	{ "\"a.x\"=1 b.y", "b <y>\n" },
	{ "\"a.x=1", "" },
	{ "\"\"a.x=1 b.y", "b <y>\n" },
	{ "\"x y.z=1\" b.y", "b <y>\n" },
	{ "a.b\"c d\" b.y", "b <y>\n" },
	{ "a.b\"c\"=1 b.y", "b <y>\n" },
	{ "a.x='1 2' b.y", "a <x='1>\nb <y>\n" },
	{ "a.x=\\\"1 b.y=2\\\" c.z", "a <x=\\\"1 b.y=2\\\">\nc <z>\n" },
	{ "a.x=\"1\t2\"", "a <x=\"1 2\">\n" },

	/* blanks */
	{ "", "" },
	{ " \t\n", "" },
	{ "a.b=1\tb.c=1\vc.d=1\fd.e=1\re.f=1\n",
	  "a <b=1>\nb <c=1>\nc <d=1>\nd <e=1>\ne <f=1>\n" },
	{ "  a.x   b.y  \n", "a <x>\nb <y>\n" },

	/* the end */
	{ "-- a.x=1", "" },
	{ "a.x \"--\" b.y", "a <x>\n" },
	{ "a.x --- b.y", "a <x>\nb <y>\n" },
	{ "a.x=-- b.y", "a <x=-->\nb <y>\n" },
	{ "a.x=\" -- \" b.y", "a <x=\" -- \">\nb <y>\n" },
	{ "a.x --", "a <x>\n" },

	/* words that are not module.param */
	{ "=x.y=1 b.y", "b <y>\n" },
	{ "a=b.c b.y", "b <y>\n" },
	{ "a[0-9].x=1", "a[0-9] <x=1>\n" },
	{ "a. b.y", "a <>\nb <y>\n" },

	/* blacklists */
	{ "modprobe.blacklist= a.x", "a <x>\n" },
	{ "modprobe.blacklist=, modprobe.blacklist=,, a.x", "a <x>\n" },
	{ "modprobe.blacklist=a modprobe.blacklist=b a.x", "!a\n!b\na <x>\n" },
	{ "modprobe.blacklist=a,q[z,b a.x", "!a\n!b\na <x>\n" },
	{ "modprobe.blacklist=\"\" a.x", "a <x>\n" },
	{ "modprobe.blacklist=a,\"b\",c", "!a\n!b\n!c\n" },
	{ "\"modprobe.blacklist=a,b c\" a.x", "!a\n!b c\na <x>\n" },
	{ "modprobe.blacklist=a=b", "!a=b\n" },
	{ "modprobe.blacklist.x=1 a.x", "a <x>\n" },
	{ "modprobe.blacklistx=1", "modprobe <blacklistx=1>\n" },
	{ "mod-probe.blacklist=a", "mod_probe <blacklist=a>\n" },
	{ "modprobe.blacklist=a -- modprobe.blacklist=b", "!a\n" },
};

START_TEST(reads_words)
{
	_free_ char *got = read_text(rows[_i].text, strlen(rows[_i].text));

	ck_assert_msg(got && strcmp(got, rows[_i].want) == 0,
		      "%s: got %s, want %s", rows[_i].text, got, rows[_i].want);
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	static const char text[] =
		"a.x=\"1 2\" \"b.y=3 4\" modprobe.blacklist=\"c,d\" e\"f g\" "
		"\"modprobe.blacklist=h,,i\" x[1.y a.b.c \0 j.k -- l.m";

	for (size_t n = 0; n < sizeof text; n++) {
		_free_ char *got = read_text(text, n);
		ck_assert_ptr_nonnull(got);
	}
}
END_TEST

START_TEST(a_word_may_be_a_megabyte)
{
	enum { MEGABYTE = 1 << 20 };
	_str_ struct mod_str text = { 0 };
	_free_ char *commas = malloc(MEGABYTE);

	memset(commas, ',', MEGABYTE);
	mod_str_add(&text, "modprobe.blacklist=a");
	mod_str_addn(&text, commas, MEGABYTE);
	mod_str_add(&text, "b c.x=");
	_free_ char *got = read_text(text.at, text.len);
	ck_assert_str_eq(got, "!a\n!b\nc <x=>\n");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cmdline");
	TCase *tc = tcase_create("cmdline");

	tcase_add_loop_test(tc, reads_words, 0, COUNT(rows));
	tcase_add_test(tc, every_prefix_is_safe);
	tcase_add_test(tc, a_word_may_be_a_megabyte);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
