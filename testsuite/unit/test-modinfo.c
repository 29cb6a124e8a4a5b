/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/modinfo.h"

#include "libmod/base/cleanup.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <string.h>

static bool is(struct mod_bytes bytes, const char *text)
{
	return bytes.len == strlen(text) &&
		(!bytes.len || memcmp(bytes.at, text, bytes.len) == 0);
}

/* Length and text of a literal that holds NULs, the last of which is not
 * meant.
 */
#define TEXT(text) sizeof(text) - 1, (text)
#define MAX 4

struct row {
	size_t len;
	const char *in;
	const char *out[2 * MAX + 1]; /* key, value, key, value ... */
};

static const struct row rows[] = {
	{ TEXT(""), { NULL } },
	{ TEXT("\0"), { NULL } },
	{ TEXT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), { NULL } },
	{ TEXT("x"), { NULL } },
	{ TEXT("\0\0x"), { NULL } },
	{ TEXT("x\0"), { "x", "" } },
	{ TEXT("xy"), { "xy", "" } },
	{ TEXT("license=GPL\0"), { "license", "GPL" } },
	{ TEXT("license=GPL"), { "license", "GPL" } },
	{ TEXT("\0\0\0license=GPL\0\0\0\0\0author=X\0"),
	  { "license", "GPL", "author", "X" } },
	{ TEXT("a=b=c\0=\0=v\0k=\0"),
	  { "a", "b=c", "", "", "", "v", "k", "" } },
	{ TEXT("a\0b=\0c"), { "a", "", "b", "" } },
	{ TEXT("parm=x:two\nlines\0"), { "parm", "x:two\nlines" } },
};

static void check_row(const struct row *row, const char *module)
{
	struct mod_info info;
	size_t i = 0;
	_free_ uint8_t *exact = malloc(row->len + !row->len);

	memcpy(exact, row->in, row->len);
	struct mod_bytes left = { exact, row->len };
	while (module ? mod_modinfo_builtin_next(&left, module, &info)
		      : mod_modinfo_next(&left, &info)) {
		ck_assert_uint_lt(i, 2 * MAX);
		ck_assert_ptr_nonnull(row->out[i]);
		ck_assert(is(info.key, row->out[i++]));
		ck_assert(is(info.value, row->out[i++]));
	}
	ck_assert_ptr_null(row->out[i]);
	ck_assert(module || !mod_modinfo_next(&left, &info));
}

START_TEST(reads_strings)
{
	check_row(&rows[_i], NULL);
}
END_TEST

static const struct row builtin[] = {
	{ TEXT(""), { NULL } },
	{ TEXT("a_b.license=GPL\0"), { "license", "GPL" } },
	{ TEXT("a-b.license=GPL"), { "license", "GPL" } },
	{ TEXT("a.license=no\0a_b.x=1\0a_bc.y=no\0a_b.z=2\0"),
	  { "x", "1", "z", "2" } },
	{ TEXT("no dot at all\0a_b\0a_b.k\0a_b.\0"), { "k", "", "", "" } },
	{ TEXT("a_b.file=x/a.b\0a_b.a.b=c\0"),
	  { "file", "x/a.b", "a.b", "c" } },
	{ TEXT("A_B.k=v\0xa_b.k=v\0.k=v\0"), { NULL } },
};

START_TEST(reads_one_builtin)
{
	check_row(&builtin[_i], "a-b");
}
END_TEST

START_TEST(no_bytes_at_all_are_fine)
{
	struct mod_bytes left = { 0 };
	struct mod_info info;

	ck_assert(!mod_modinfo_next(&left, &info));
	ck_assert(!mod_modinfo_builtin_next(&left, "a", &info));
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	static const char in[] = "\0a.k=v\0\0a.longer=value\0x";

	for (size_t n = 0; n < sizeof in; n++) {
		_free_ uint8_t *cut = malloc(n + !n); /* exact, for ASan */
		struct mod_info info;
		size_t seen = 0;
		memcpy(cut, in, n);
		struct mod_bytes left = { cut, n };
		while (mod_modinfo_next(&left, &info))
			seen += info.key.len + info.value.len;
		left = (struct mod_bytes){ cut, n };
		while (mod_modinfo_builtin_next(&left, "a", &info))
			seen += info.key.len + info.value.len;
		ck_assert_uint_le(seen, 2 * n);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("modinfo");
	TCase *tc = tcase_create("modinfo");

	tcase_add_loop_test(tc, reads_strings, 0, sizeof rows / sizeof *rows);
	tcase_add_loop_test(tc, reads_one_builtin, 0,
			    sizeof builtin / sizeof *builtin);
	tcase_add_test(tc, no_bytes_at_all_are_fine);
	tcase_add_test(tc, every_prefix_is_safe);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
