/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The merged rules: files, the kernel command line, the tree's dependencies. */
#include "libmod/config/config.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

static struct root root;
static struct mod_ctx *ctx;
static char logged[4096]; /* what was logged, a line each, without the root */

static void keep_log(void *data, int level, const char *text)
{
	size_t len = strlen(logged), below = strlen(root.dir);

	(void)data;
	(void)level;
	if (strncmp(text, root.dir, below) == 0)
		text += below;
	snprintf(logged + len, sizeof logged - len, "%s\n", text);
}

static void set_up(void)
{
	root_make(&root);
	ctx = root_ctx(&root);
	*logged = '\0';
	mod_ctx_set_log(ctx, keep_log, NULL, LOG_WARNING);
}

static void tear_down(void)
{
	mod_ctx_free(ctx);
	root_remove(&root);
}

static const char *text_of(const struct mod_rule *rule)
{
	static char text[4096];
	size_t len = 0;

	*text = '\0';
	for (; rule; rule = rule->next) {
		const char *slash = strrchr(rule->file, '/');
		len += (size_t)snprintf(
			text + len, sizeof text - len, "%s:%u %s=%s\n",
			slash ? slash + 1 : rule->file, rule->line, rule->name,
			rule->text ? rule->text : "");
	}
	return text;
}

static const char *rules(enum mod_line_kind kind)
{
	const struct mod_rule *first;

	ck_assert_int_eq(mod_config_rules(ctx, kind, &first), 0);
	return text_of(first);
}

static const char *shipped(enum mod_line_kind kind)
{
	const struct mod_rule *first;

	ck_assert_int_eq(mod_config_shipped(ctx, kind, &first), 0);
	return text_of(first);
}

/* ---- files */

START_TEST(files_come_by_name_and_lines_in_order)
{
	root_write(&root, "etc/modprobe.d/b.conf",
		   "options one b=1\nalias x one\noptions two b=2\n");
	root_write(&root, "etc/modprobe.d/a.conf", "options one a=1\n");
	ck_assert_str_eq(rules(MOD_LINE_OPTIONS),
			 "a.conf:1 one=a=1\n"
			 "b.conf:1 one=b=1\n"
			 "b.conf:3 two=b=2\n");
	ck_assert_str_eq(rules(MOD_LINE_ALIAS), "b.conf:2 x=one\n");
}
END_TEST

START_TEST(a_file_without_conf_is_no_configuration)
{
	root_write(&root, "etc/modprobe.d/a.conf.bak", "alias x one\n");
	root_write(&root, "etc/modprobe.d/README", "alias y one\n");
	ck_assert_str_eq(rules(MOD_LINE_ALIAS), "");
}
END_TEST

/* One row for each kind of line; what name and text are then. */
static const struct {
	enum mod_line_kind kind;
	const char *line, *want;
} kinds[] = {
	{ MOD_LINE_ALIAS, "alias net-pf-1 af-unix", "c:1 net_pf_1=af_unix\n" },
	{ MOD_LINE_BLACKLIST, "blacklist a-b", "c:1 a_b=\n" },
	{ MOD_LINE_OPTIONS, "options a-b c=\"d e\"", "c:1 a_b=c=\"d e\"\n" },
	{ MOD_LINE_INSTALL, "install a-b echo hi", "c:1 a_b=echo hi\n" },
	{ MOD_LINE_REMOVE, "remove a-b echo hi", "c:1 a_b=echo hi\n" },
	{ MOD_LINE_SOFTDEP, "softdep a pre: b", "c:1 a=pre: b\n" },
	{ MOD_LINE_WEAKDEP, "weakdep a b c", "c:1 a=b c\n" },
	{ MOD_LINE_MASK, "mask a b-*", "c:1 a=\nc:1 b_*=\n" },
	{ MOD_LINE_ALLOW, "allow a-b", "c:1 a_b=\n" },
	{ MOD_LINE_POLICY, "policy allow-listed", "c:1 allow-listed=\n" },
};

START_TEST(each_kind_has_its_list)
{
	root_write(&root, "c", kinds[_i].line);
	mod_ctx_free(ctx);
	ctx = root_ctx(&root);
	ck_assert_int_eq(mod_ctx_add_config(ctx, root_path(&root, "c")), 0);
	for (int kind = 0; kind < MOD_LINE_KINDS; kind++)
		ck_assert_str_eq(rules((enum mod_line_kind)kind),
				 kind == (int)kinds[_i].kind ? kinds[_i].want
							     : "");
}
END_TEST

START_TEST(files_are_read_once)
{
	root_write(&root, "etc/modprobe.d/a.conf", "alias x one\n");
	ck_assert_str_eq(rules(MOD_LINE_ALIAS), "a.conf:1 x=one\n");
	root_write(&root, "etc/modprobe.d/a.conf", "alias y one\n");
	ck_assert_str_eq(rules(MOD_LINE_ALIAS), "a.conf:1 x=one\n");
}
END_TEST

/* ---- bad lines and files */

static const struct {
	const char *line, *said;
} bad[] = {
	{ "nonsense a b", "ignoring bad line starting with 'nonsense'" },
	{ "alias", "ignoring bad line starting with 'alias'" },
	{ "alias one", "ignoring bad line starting with 'alias'" },
	{ "options", "ignoring bad line starting with 'options'" },
	{ "install a", "ignoring bad line starting with 'install'" },
	{ "blacklist", "ignoring bad line starting with 'blacklist'" },
	{ "softdep", "ignoring bad line starting with 'softdep'" },
	{ "include x", "command include is deprecated and not parsed anymore" },
	{ "config x", "command config is deprecated and not parsed anymore" },
	{ "mask a/b", "no module can be called 'a/b'" },
	{ "word-of-more-than-sixty-four-bytes-that-is-cut-when-it-is-shown-"
	  "here",
	  "ignoring bad line starting with "
	  "'word-of-more-than-sixty-four-bytes-that-is-cut-when-it-is-shown-"
	  "...'" },
};

START_TEST(a_bad_line_is_logged_and_skipped)
{
	char text[256], want[512];

	snprintf(text, sizeof text, "alias x one\n%s\nalias y two\n",
		 bad[_i].line);
	root_write(&root, "etc/modprobe.d/a.conf", text);
	ck_assert_str_eq(rules(MOD_LINE_ALIAS),
			 "a.conf:1 x=one\na.conf:3 y=two\n");
	snprintf(want, sizeof want, "/etc/modprobe.d/a.conf line 2: %s\n",
		 bad[_i].said);
	ck_assert_str_eq(logged, want);
}
END_TEST

START_TEST(a_very_long_line_is_taken_with_a_warning)
{
	enum { BYTES = (128 << 10) + 1 };
	static char text[BYTES + 1];

	memset(text, 'x', BYTES);
	memcpy(text, "options one a=", 14);
	root_write(&root, "etc/modprobe.d/a.conf", text);

	const struct mod_rule *first;
	ck_assert_int_eq(mod_config_rules(ctx, MOD_LINE_OPTIONS, &first), 0);
	ck_assert_ptr_nonnull(first);
	ck_assert_uint_eq(strlen(first->text), BYTES - strlen("options one "));
	ck_assert_str_eq(logged,
			 "/etc/modprobe.d/a.conf line 1: 131073 bytes in the "
			 "line starting with 'options'\n");
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_logged_and_skipped)
{
	char link[256];

	snprintf(link, sizeof link, "%s",
		 root_path(&root, "etc/modprobe.d/b.conf"));
	ck_assert_int_eq(symlink("b.conf", link), 0); /* to itself */
	root_write(&root, "etc/modprobe.d/a.conf", "alias x one\n");
	root_write(&root, "etc/modprobe.d/c.conf", "alias y two\n");
	ck_assert_str_eq(rules(MOD_LINE_ALIAS),
			 "a.conf:1 x=one\nc.conf:1 y=two\n");
	ck_assert_ptr_nonnull(strstr(logged, "/etc/modprobe.d/b.conf"));
}
END_TEST

START_TEST(a_file_over_the_limit_is_not_read)
{
	root_write(&root, "etc/modprobe.d/a.conf", "alias x one\n");
	ck_assert_int_eq(truncate(root_path(&root, "etc/modprobe.d/a.conf"),
				  (64 << 20) + 1),
			 0);
	ck_assert_str_eq(rules(MOD_LINE_ALIAS), "");
	ck_assert_str_eq(logged,
			 "/etc/modprobe.d/a.conf: not read: "
			 "larger than 64 MiB\n");
}
END_TEST

/* ---- the kernel command line */

START_TEST(the_command_line_comes_last)
{
	root_write(&root, "proc/cmdline",
		   "quiet a-b.c=1 modprobe.blacklist=x,y-z modprobe.mask=m*\n");
	root_write(&root, "etc/modprobe.d/a.conf",
		   "options a_b c=0\nblacklist w\nmask k\n");
	ck_assert_str_eq(rules(MOD_LINE_OPTIONS),
			 "a.conf:1 a_b=c=0\n"
			 "kernel command line:0 "
			 "a_b=c=1\n");
	ck_assert_str_eq(rules(MOD_LINE_BLACKLIST),
			 "a.conf:2 w=\nkernel command line:0 x=\n"
			 "kernel command line:0 y_z=\n");
	ck_assert_str_eq(rules(MOD_LINE_MASK),
			 "a.conf:3 k=\nkernel command line:0 m*=\n");
	ck_assert_str_eq(logged, "");
}
END_TEST

/* An alias needs no command line, so a command line that appears later still
 * counts for options.
 */
START_TEST(the_command_line_is_read_when_it_is_needed)
{
	root_write(&root, "etc/modprobe.d/a.conf", "alias x one\n");
	ck_assert_str_eq(rules(MOD_LINE_ALIAS), "a.conf:1 x=one\n");
	root_write(&root, "proc/cmdline", "one.a=1\n");
	ck_assert_str_eq(rules(MOD_LINE_OPTIONS),
			 "kernel command line:0 one=a=1\n");
}
END_TEST

START_TEST(a_name_that_no_module_has_is_logged)
{
	root_write(&root, "proc/cmdline", "modprobe.mask=a/b,c\n");
	ck_assert_str_eq(rules(MOD_LINE_MASK), "kernel command line:0 c=\n");
	ck_assert_str_eq(logged,
			 "kernel command line: no module can be called "
			 "'a/b'\n");
}
END_TEST

START_TEST(without_a_command_line_the_files_count)
{
	ck_assert_int_eq(unlink(root_path(&root, "proc/cmdline")), 0);
	root_write(&root, "etc/modprobe.d/a.conf", "options one a=1\n");
	ck_assert_str_eq(rules(MOD_LINE_OPTIONS), "a.conf:1 one=a=1\n");
	ck_assert_str_eq(logged, "");
}
END_TEST

START_TEST(a_command_line_that_cannot_be_read_is_logged)
{
	ck_assert_int_eq(unlink(root_path(&root, "proc/cmdline")), 0);
	ck_assert_int_eq(mkdir(root_path(&root, "proc/cmdline"), 0755), 0);
	ck_assert_str_eq(rules(MOD_LINE_OPTIONS), "");
	ck_assert_str_eq(logged, "/proc/cmdline: not read: Is a directory\n");
}
END_TEST

START_TEST(a_path_too_long_is_an_error)
{
	char path[4200];
	const struct mod_rule *first;

	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	ck_assert_int_eq(mod_ctx_set_proc(ctx, path), 0);
	ck_assert_int_eq(mod_config_rules(ctx, MOD_LINE_ALIAS, &first), 0);
	ck_assert_int_eq(mod_config_rules(ctx, MOD_LINE_OPTIONS, &first),
			 -ENAMETOOLONG);
	ck_assert_ptr_null(first);
}
END_TEST

/* ---- what the tree brings */

START_TEST(the_tree_brings_soft_and_weak_dependencies)
{
	root_write(&root, "lib/modules/1.0/modules.softdep",
		   "# Soft dependencies\nsoftdep a pre: b\n");
	root_write(&root, "lib/modules/1.0/modules.weakdep",
		   "# Weak dependencies\nweakdep a c\n");
	ck_assert_str_eq(shipped(MOD_LINE_SOFTDEP),
			 "modules.softdep:2 a=pre: b\n");
	ck_assert_str_eq(shipped(MOD_LINE_WEAKDEP), "modules.weakdep:2 a=c\n");
	ck_assert_str_eq(shipped(MOD_LINE_OPTIONS), "");
	ck_assert_str_eq(rules(MOD_LINE_SOFTDEP), "");
	ck_assert_str_eq(rules(MOD_LINE_WEAKDEP), "");
}
END_TEST

START_TEST(a_tree_without_them_is_no_fault)
{
	ck_assert_str_eq(shipped(MOD_LINE_SOFTDEP), "");
	ck_assert_str_eq(shipped(MOD_LINE_WEAKDEP), "");
	ck_assert_str_eq(logged, "");
}
END_TEST

START_TEST(bad_lines_of_a_tree_are_logged)
{
	root_write(&root, "lib/modules/1.0/modules.softdep",
		   "nonsense\nsoftdep a pre: b\n");
	ck_assert_str_eq(shipped(MOD_LINE_SOFTDEP),
			 "modules.softdep:2 a=pre: b\n");
	ck_assert_str_eq(logged,
			 "/lib/modules/1.0/modules.softdep line 1: ignoring "
			 "bad line starting with 'nonsense'\n");
}
END_TEST

/* ---- memory */

static void write_everything(void)
{
	root_write(&root, "etc/modprobe.d/a.conf", "options one a=1\n");
	root_write(&root, "etc/modprobe.d/b.conf", "options one b=1\nbad\n");
	root_write(&root, "proc/cmdline", "one.c=1\n");
	root_write(&root, "lib/modules/1.0/modules.softdep",
		   "softdep a pre: b\n");
}

/* Rules of which a part is missing could allow what the other part forbids: an
 * error gives none of them, and the next call reads all.
 */
START_TEST(no_memory_never_gives_a_part)
{
	static const char *const want = "a.conf:1 one=a=1\nb.conf:1 one=b=1\n"
					"kernel command line:0 one=c=1\n";

	write_everything();
	for (size_t n = 0;; n++) {
		const struct mod_rule *first;

		mod_ctx_free(ctx);
		ctx = root_ctx(&root);
		fail_at(n);
		int r = mod_config_rules(ctx, MOD_LINE_OPTIONS, &first);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		ck_assert_str_eq(text_of(first), hit ? "" : want);
		ck_assert_str_eq(rules(MOD_LINE_OPTIONS), want);
		if (!hit)
			break;
	}
}
END_TEST

START_TEST(no_memory_for_what_the_tree_brings)
{
	static const char *const want = "modules.softdep:1 a=pre: b\n";

	write_everything();
	for (size_t n = 0;; n++) {
		const struct mod_rule *first;

		mod_ctx_free(ctx);
		ctx = root_ctx(&root);
		fail_at(n);
		int r = mod_config_shipped(ctx, MOD_LINE_SOFTDEP, &first);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		ck_assert_str_eq(text_of(first), hit ? "" : want);
		ck_assert_str_eq(shipped(MOD_LINE_SOFTDEP), want);
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config");
	TCase *tc = tcase_create("config");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, files_come_by_name_and_lines_in_order);
	tcase_add_test(tc, a_file_without_conf_is_no_configuration);
	tcase_add_loop_test(tc, each_kind_has_its_list, 0,
			    sizeof kinds / sizeof *kinds);
	tcase_add_test(tc, files_are_read_once);
	tcase_add_loop_test(tc, a_bad_line_is_logged_and_skipped, 0,
			    sizeof bad / sizeof *bad);
	tcase_add_test(tc, a_very_long_line_is_taken_with_a_warning);
	tcase_add_test(tc, a_file_that_cannot_be_read_is_logged_and_skipped);
	tcase_add_test(tc, a_file_over_the_limit_is_not_read);
	tcase_add_test(tc, the_command_line_comes_last);
	tcase_add_test(tc, the_command_line_is_read_when_it_is_needed);
	tcase_add_test(tc, a_name_that_no_module_has_is_logged);
	tcase_add_test(tc, without_a_command_line_the_files_count);
	tcase_add_test(tc, a_command_line_that_cannot_be_read_is_logged);
	tcase_add_test(tc, a_path_too_long_is_an_error);
	tcase_add_test(tc, the_tree_brings_soft_and_weak_dependencies);
	tcase_add_test(tc, a_tree_without_them_is_no_fault);
	tcase_add_test(tc, bad_lines_of_a_tree_are_logged);
	tcase_add_test(tc, no_memory_never_gives_a_part);
	tcase_add_test(tc, no_memory_for_what_the_tree_brings);
	suite_add_tcase(s, tc);

	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
