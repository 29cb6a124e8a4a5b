/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct root root;
static struct mod_ctx *ctx;

static void start(void)
{
	root_make(&root);
	ctx = root_ctx(&root);
	ck_assert_int_eq(mod_ctx_set_config_root(ctx, root.dir), 0);
}

static void stop(void)
{
	mod_ctx_free(ctx);
	root_remove(&root);
}

/* "NAME@FILE:LINE " for each. */
static int note(void *data, const struct mod_rule *rule)
{
	const char *file = mod_rule_file(rule);
	const char *slash = strrchr(file, '/');

	if (strcmp(mod_rule_kind(rule), "modules-load") != 0 ||
	    mod_rule_text(rule))
		return -EDOM;
	sprintf((char *)data + strlen(data), "%s@%s:%u ", mod_rule_name(rule),
		slash ? slash + 1 : file, mod_rule_line(rule));
	return 0;
}

static int end_at_second(void *data, const struct mod_rule *rule)
{
	(void)rule;
	return ++*(int *)data == 2 ? 7 : 0;
}

START_TEST(lists_the_command_line_then_files_by_name)
{
	char seen[256] = "";

	root_write(&root, "proc/cmdline",
		   "quiet modules-load=p-1,,p2 rd.modules_load=initrd\n");
	root_write(&root, "etc/modules-load.d/b.conf", "late\n");
	root_write(&root, "run/modules-load.d/a.conf",
		   "# no\n\n a-1 \n;no\na2");
	root_write(&root, "run/modules-load.d/b.conf", "hidden\n");
	ck_assert_int_eq(mod_modules_load_each(ctx, NULL, note, seen), 0);
	ck_assert_str_eq(seen,
			 "p-1@kernel command line:0 "
			 "p2@kernel command line:0 "
			 "a-1@a.conf:3 a2@a.conf:5 late@b.conf:1 ");
}
END_TEST

START_TEST(lists_rd_modules_load_in_an_initrd)
{
	char seen[256] = "";

	root_write(&root, "proc/cmdline", "rd.modules_load=initrd\n");
	root_write(&root, "etc/initrd-release", "");
	ck_assert_int_eq(mod_modules_load_each(ctx, NULL, note, seen), 0);
	ck_assert_str_eq(seen, "initrd@kernel command line:0 ");
}
END_TEST

START_TEST(takes_one_file_or_one_directory)
{
	char seen[256] = "";

	root_write(&root, "own/x.conf", "x\n");
	root_write(&root, "own/y.conf", "y\n");
	ck_assert_int_eq(
		mod_modules_load_each(ctx, root_path(&root, "own"), note, seen),
		0);
	ck_assert_str_eq(seen, "x@x.conf:1 y@y.conf:1 ");
	*seen = '\0';
	ck_assert_int_eq(mod_modules_load_each(ctx,
					       root_path(&root, "own/y.conf"),
					       note, seen),
			 0);
	ck_assert_str_eq(seen, "y@y.conf:1 ");
}
END_TEST

START_TEST(reports_a_path_that_is_absent)
{
	const char *path = root_path(&root, "nosuch");
	char seen[256] = "";

	ck_assert_int_eq(mod_modules_load_each(ctx, path, note, seen), -ENOENT);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)), MOD_ORIGIN_FILE);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), path);
	ck_assert_int_eq(mod_modules_load_each(ctx, NULL, note, seen), 0);
	ck_assert_str_eq(seen, "");
}
END_TEST

START_TEST(ends_with_the_result_of_the_callback)
{
	int calls = 0;

	root_write(&root, "own/x.conf", "x1\nx2\nx3\n");
	root_write(&root, "own/y.conf", "y\n");
	root_write(&root, "proc/cmdline", "modules_load=a,b,c\n");
	ck_assert_int_eq(mod_modules_load_each(ctx, root_path(&root, "own"),
					       end_at_second, &calls),
			 7);
	ck_assert_int_eq(calls, 2);
	calls = 0;
	ck_assert_int_eq(
		mod_modules_load_each(ctx, NULL, end_at_second, &calls), 7);
	ck_assert_int_eq(calls, 2);
}
END_TEST

START_TEST(survives_no_memory)
{
	root_write(&root, "own/x.conf", "x\n");
	for (size_t n = 0;; n++) {
		struct mod_ctx *c = root_ctx(&root);
		char seen[256] = "";
		fail_at(n);
		int r = mod_modules_load_each(c, root_path(&root, "own"), note,
					      seen);
		bool hit = fail_off();
		mod_ctx_free(c);
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("modules-load");
	TCase *tc = tcase_create("modules-load");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, lists_the_command_line_then_files_by_name);
	tcase_add_test(tc, lists_rd_modules_load_in_an_initrd);
	tcase_add_test(tc, takes_one_file_or_one_directory);
	tcase_add_test(tc, reports_a_path_that_is_absent);
	tcase_add_test(tc, ends_with_the_result_of_the_callback);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
