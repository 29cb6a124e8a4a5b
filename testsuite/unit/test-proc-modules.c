/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/live/proc-modules.h"

#include "libmod/base/str.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *line;
	struct mod_proc_module want;
} good[] = {
	{ "loop 40960 0 - Live 0x0000000000000000",
	  { "loop", 40960, 0, true, false, "", "Live", "" } },
	{ "x_tables 20561 1 ip_tables, Live 0x00000000709cf000",
	  { "x_tables", 20561, 1, true, false, "ip_tables", "Live", "" } },
	{ "nf 99163 12 xt_c,nf_nat,tftp, Live 0xffffffffc0a00000 (OE)",
	  { "nf", 99163, 12, true, false, "xt_c,nf_nat,tftp", "Live", "OE" } },
	{ "ipv6 429085 18 tipc,sctp,[permanent], Live 0x0",
	  { "ipv6", 429085, 18, true, true, "tipc,sctp", "Live", "" } },
	{ "unix 8 1 [permanent], Live 0x0",
	  { "unix", 8, 1, true, true, "", "Live", "" } },
	{ "odd 8 1 not[permanent], Live 0x0",
	  { "odd", 8, 1, true, false, "not[permanent]", "Live", "" } },
	{ "old 777 - - Live 0x0 (P)",
	  { "old", 777, 0, false, false, "", "Live", "P" } },
	{ "going 777 -1 - Unloading 0x0 (PO-)",
	  { "going", 777, -1, true, false, "", "Unloading", "PO" } },
	{ "coming 1 0 - Loading 0x0 (E+)",
	  { "coming", 1, 0, true, false, "", "Loading", "E" } },
	{ "signs 1 0 - Loading 0x0 (+)",
	  { "signs", 1, 0, true, false, "", "Loading", "" } },
	{ "big 18446744073709551615 2147483647 a, Live 0x0",
	  { "big", UINT64_MAX, INT_MAX, true, false, "a", "Live", "" } },
	{ "no_comma 1 1 a,b Live 0x0",
	  { "no_comma", 1, 1, true, false, "a,b", "Live", "" } },
};

START_TEST(reads_a_line)
{
	const struct mod_proc_module *want = &good[_i].want;
	struct mod_proc_module mod;
	char text[128], *p = text;

	snprintf(text, sizeof text, "%s\n", good[_i].line);
	ck_assert_int_eq(mod_proc_modules_next(&p, &mod), 0);
	ck_assert_str_eq(mod.name, want->name);
	ck_assert(mod.size == want->size);
	ck_assert_int_eq(mod.count, want->count);
	ck_assert_int_eq(mod.counted, want->counted);
	ck_assert_int_eq(mod.permanent, want->permanent);
	ck_assert_str_eq(mod.holders, want->holders);
	ck_assert_str_eq(mod.state, want->state);
	ck_assert_str_eq(mod.taints, want->taints);
	ck_assert_int_eq(mod_proc_modules_next(&p, &mod), 1);
	ck_assert_int_eq(mod_proc_modules_next(&p, &mod), 1);
}
END_TEST

static const char *const broken[] = {
	"",
	" ",
	"a",
	"a 1 0 - Live",
	"a 1 0 - Live ",
	" 1 0 - Live 0x0",
	"a  0 - Live 0x0",
	"a 1  - Live 0x0",
	"a 1 0  Live 0x0",
	"a  1 0 - Live 0x0",
	"a -1 0 - Live 0x0",
	"a +1 0 - Live 0x0",
	"a 1x 0 - Live 0x0",
	"a 0x1 0 - Live 0x0",
	"a 18446744073709551616 0 - Live 0x0",
	"a 99999999999999999999 0 - Live 0x0",
	"a 1 x - Live 0x0",
	"a 1 -- - Live 0x0",
	"a 1 1- - Live 0x0",
	"a 1 9223372036854775808 - Live 0x0",
	"a 1 0 - Live 0x0 P",
	"a 1 0 - Live 0x0 (P",
	"a 1 0 - Live 0x0 P)",
	"a 1 0 - Live 0x0 (",
	"a 1 0 - Live 0x0 (P) more",
};

START_TEST(passes_a_broken_line)
{
	struct mod_proc_module mod;
	char text[128], *p = text;

	snprintf(text, sizeof text, "%s\nnext 1 0 - Live 0x0", broken[_i]);
	ck_assert_int_eq(mod_proc_modules_next(&p, &mod), -EBADMSG);
	ck_assert_int_eq(mod_proc_modules_next(&p, &mod), 0);
	ck_assert_str_eq(mod.name, "next");
	ck_assert_int_eq(mod_proc_modules_next(&p, &mod), 1);
}
END_TEST

START_TEST(a_line_may_be_long)
{
	enum { HOLDERS = 600 };
	_str_ struct mod_str s = { 0 };
	struct mod_proc_module mod;
	int n = 1;

	mod_str_add(&s, "m 1 600 ");
	for (int i = 0; i < HOLDERS; i++)
		mod_str_addf(&s, "a_holder_with_a_long_name_%d,", i);
	mod_str_add(&s, " Live 0x0\n");
	char *p = s.at;
	ck_assert_int_eq(mod_proc_modules_next(&p, &mod), 0);
	for (char *h = mod.holders; (h = strchr(h, ',')); h++)
		n++;
	ck_assert_int_eq(n, HOLDERS);
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	static const char in[] =
		"nf 9 12 a,b,[permanent], Live 0x0 (OE)\nold 7 - - Live 0x0\n";

	for (size_t n = 0; n < sizeof in; n++) {
		struct mod_proc_module mod;
		char *cut = strndup(in, n), *p = cut; /* exact, for ASan */
		int r, lines = 0;
		while ((r = mod_proc_modules_next(&p, &mod)) != 1)
			lines += r == 0;
		ck_assert_int_le(lines, 2);
		free(cut);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("procmods");
	TCase *tc = tcase_create("procmods");

	tcase_add_loop_test(tc, reads_a_line, 0, sizeof good / sizeof *good);
	tcase_add_loop_test(tc, passes_a_broken_line, 0,
			    sizeof broken / sizeof *broken);
	tcase_add_test(tc, a_line_may_be_long);
	tcase_add_test(tc, every_prefix_is_safe);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
