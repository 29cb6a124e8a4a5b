/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/symbol-lines.h"

#include "testsuite/unit/suite.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "NAME[:CRC];" for each symbol, "!LINE;" for a bad line. */
static const char *text_of(const char *in, size_t n, bool map, char prefix)
{
	static char text[512];
	_free_ char *copy = strndup(in, n);
	struct mod_symbol_lines table;
	const char *name;
	uint64_t crc = 0;
	char *at = text;
	int r;

	*text = '\0';
	mod_symbol_lines_init(&table, copy, strlen(copy));
	for (;;) {
		r = map ? mod_symbol_lines_map(&table, prefix, &name)
			: mod_symbol_lines_symvers(&table, &name, &crc);
		if (r == 1)
			return text;
		if (r < 0)
			at += sprintf(at, "!%u;", table.line);
		else if (map)
			at += sprintf(at, "%s;", name);
		else
			at += sprintf(at, "%s:%llx;", name,
				      (unsigned long long)crc);
	}
}

static const struct {
	const char *in, *want;
	bool map;
	char prefix;
} tables[] = {
	{ "", "", true, 0 },
	{ "", "", false, 0 },
	{ "ffff T a\nffff r __ksymtab_a\nffff R __ksymtab_b", "a;b;", true, 0 },
	{ "x r __ksymtab_a\t[mod]\nx r __ksymtab_b c\n", "a;b;", true, 0 },
	{ "x r ___ksymtab_a\nx r __ksymtab_b\n", "a;", true, '_' },
	{ "x r ___ksymtab_a\n", "", true, 0 },
	{ "x r _\nx r __ksymtab_\n", ";", true, 0 },
	{ "one\n\nx y\nx r __ksymtab_a\n", "!1;!2;!3;a;", true, 0 },
	{ "0x12\ta\tvmlinux\tEXPORT_SYMBOL\n", "a:12;", false, 0 },
	{ "12 a vmlinux x\n", "a:12;", false, 0 },
	{ "12\ta\tvmlinux\n", "", false, 0 },
	{ "12\ta\tfs/x\tEXPORT\n", "", false, 0 },
	{ "12\ta\n\n", "", false, 0 },
	{ "zz\ta\tvmlinux\tE\n12\tb\tvmlinux\tE\n", "!1;b:12;", false, 0 },
	{ "12x\ta\tvmlinux\tE\n", "!1;", false, 0 },
	{ "99999999999999999\ta\tvmlinux\tE\n", "!1;", false, 0 },
};

START_TEST(reads_tables)
{
	const char *in = tables[_i].in;

	ck_assert_str_eq(
		text_of(in, strlen(in), tables[_i].map, tables[_i].prefix),
		tables[_i].want);
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	const char *in = tables[_i].in;

	for (size_t n = 0; n <= strlen(in); n++) {
		text_of(in, n, true, '_');
		text_of(in, n, false, 0);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("symtable");
	TCase *tc = tcase_create("symtable");

	tcase_add_loop_test(tc, reads_tables, 0,
			    sizeof tables / sizeof *tables);
	tcase_add_loop_test(tc, every_prefix_is_safe, 0,
			    sizeof tables / sizeof *tables);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
