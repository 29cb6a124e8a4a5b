/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/name.h"

#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <string.h>

/* Where `out` is NULL, the name is refused. */
static const struct {
	const char *in, *out;
} queries[] = {
	{ "", "" },
	{ "-", "_" },
	{ "snd-hda-intel", "snd_hda_intel" },
	{ "acpi_b-xyz", "acpi_b_xyz" },
	{ "i2c:foo-bar", "i2c:foo_bar" },
	{ "a-b.ko", "a_b.ko" },
	{ "Case-KEPT", "Case_KEPT" },
	{ "ok[a-c]-x-y", "ok[a-c]_x_y" },
	{ "[a-c][d-e]-", "[a-c][d-e]_" },
	{ "[a[-]-", "[a[-]_" },
	{ "[]-", "[]_" },
	{ "q[z", NULL },
	{ "q]z", NULL },
	{ "[a]]", NULL },
	{ "[[a]]", NULL },
	{ "[", NULL },
	{ "]", NULL },
};

START_TEST(normalises_queries)
{
	char buf[64], text[64];
	const char *in = queries[_i].in, *out = queries[_i].out;

	strcpy(text, in);
	ck_assert_int_eq(mod_name_query(buf, sizeof buf, in),
			 out ? 0 : -EINVAL);
	ck_assert_int_eq(mod_name_normalise(text), out ? 0 : -EINVAL);
	if (out) {
		ck_assert_str_eq(buf, out);
		ck_assert_str_eq(text, out);
	}
}
END_TEST

static const struct {
	const char *path, *name, *of_path; /* NULL: -ENOENT */
} names[] = {
	{ "", "", NULL },
	{ "nvme", "nvme", "nvme" },
	{ "a-b.c-d", "a_b", "a_b" },
	{ "[a-b]", "[a_b]", "[a_b]" },
	{ "nvme.v1.ko", "nvme", "nvme" },
	{ ".ko", "", "" },
	{ "/x/weird-name.txt", "/x/weird_name", "weird_name" },
	{ "/x.y/nvme.ko.xz", "/x", "nvme" },
	{ "/x/.ko", "/x/", "" },
	{ "./a-b.ko", "", "a_b" },
	{ "x.ko/", "x", NULL },
	{ "/", "/", NULL },
};

START_TEST(names_modules)
{
	char buf[64];

	ck_assert_int_eq(mod_name_of(buf, sizeof buf, names[_i].path), 0);
	ck_assert_str_eq(buf, names[_i].name);

	int r = mod_name_of_path(buf, sizeof buf, names[_i].path);
	ck_assert_int_eq(r, names[_i].of_path ? 0 : -ENOENT);
	if (r == 0)
		ck_assert_str_eq(buf, names[_i].of_path);
}
END_TEST

/* Exactly the right size is enough, every smaller one is not, and nothing is
 * written behind it (ASan looks on).
 */
START_TEST(minds_the_size)
{
	for (size_t size = 0; size <= 5; size++) {
		_free_ char *buf = malloc(size + !size);
		int want = size < 5 ? -ENAMETOOLONG : 0;
		ck_assert_int_eq(mod_name_query(buf, size, "a-cd"), want);
		ck_assert_int_eq(mod_name_of(buf, size, "a-cd.ko"), want);
		ck_assert_int_eq(mod_name_of_path(buf, size, "/x/a-cd.ko"),
				 want);
	}
}
END_TEST

static const struct {
	const char *path;
	bool is_file;
} files[] = {
	{ "a.ko", true },       { "a.ko.gz", true },   { "a.ko.xz", true },
	{ "a.ko.zst", true },   { "/x/a.b.ko", true }, { "/x/.ko", true },
	{ "a.ko.ko.gz", true }, { ".ko.xz", false },   { ".ko", false },
	{ "a.ko.bz2", false },  { "a.ko.", false },    { "a.KO", false },
	{ "a.ko.zstd", false }, { "a.xz", false },     { "ko", false },
	{ "", false },
};

START_TEST(knows_files_by_their_ends)
{
	ck_assert_msg(mod_name_is_file(files[_i].path) == files[_i].is_file,
		      "%s", files[_i].path);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("name");
	TCase *tc = tcase_create("name");

	tcase_add_loop_test(tc, normalises_queries, 0,
			    sizeof queries / sizeof *queries);
	tcase_add_loop_test(tc, names_modules, 0, sizeof names / sizeof *names);
	tcase_add_test(tc, minds_the_size);
	tcase_add_loop_test(tc, knows_files_by_their_ends, 0,
			    sizeof files / sizeof *files);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
