/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which files of a system in a directory make up its configuration. */
#include "libmod/config/files.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

static struct root root;

static const char *below(const char *path)
{
	static char whole[512];

	snprintf(whole, sizeof whole, "%s%s", root.dir, path);
	return whole;
}

static void set_up(void)
{
	root_make(&root);
	ck_assert_int_eq(unlink(below("/etc/modprobe.d/empty.conf")), 0);
}

static void tear_down(void)
{
	root_remove(&root);
}

static void file(const char *dir, const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/modprobe.d/%s", dir, name);
	root_write(&root, path, "");
}

static struct mod_ctx *ctx_of_root(void)
{
	struct mod_ctx *ctx;

	ck_assert_int_eq(mod_ctx_new(&ctx), 0);
	ck_assert_int_eq(mod_ctx_set_config_root(ctx, root.dir), 0);
	return ctx;
}

/* The paths behind the root, a blank behind each. */
static const char *found(struct mod_ctx *ctx)
{
	static char text[1024];
	struct mod_config_files files = { 0 };
	size_t len = 0, n = strlen(root.dir);

	*text = '\0';
	ck_assert_int_eq(mod_config_files(ctx, "modprobe.d", &files), 0);
	for (size_t i = 0; i < files.n; i++) {
		ck_assert_int_eq(strncmp(files.at[i].path, root.dir, n), 0);
		len += (size_t)snprintf(text + len, sizeof text - len, "%s ",
					files.at[i].path + n);
	}
	return text;
}

START_TEST(every_default_directory_is_below_the_root)
{
	file("/lib", "a.conf");
	file(MOD_DISTCONFDIR, "b.conf");
	file("/run", "c.conf");
	file(MOD_SYSCONFDIR, "d.conf");
	file("/usr/local/lib", "e.conf");

	struct mod_ctx *ctx = ctx_of_root();
	ck_assert_str_eq(
		found(ctx),
		"/lib/modprobe.d/a.conf " MOD_DISTCONFDIR "/modprobe.d/b.conf "
		"/run/modprobe.d/c.conf " MOD_SYSCONFDIR "/modprobe.d/d.conf "
		"/usr/local/lib/modprobe.d/e.conf ");
	mod_ctx_free(ctx);
}
END_TEST

START_TEST(the_first_of_a_name_counts)
{
	file(MOD_SYSCONFDIR, "a.conf");
	file("/run", "a.conf");
	file("/run", "b.conf");
	file("/lib", "b.conf");

	struct mod_ctx *ctx = ctx_of_root();
	ck_assert_str_eq(found(ctx),
			 MOD_SYSCONFDIR
			 "/modprobe.d/a.conf /run/modprobe.d/b.conf ");
	mod_ctx_free(ctx);
}
END_TEST

static void count(void *data, int level, const char *text)
{
	(void)level;
	(void)text;
	++*(int *)data;
}

/* It is the root's /lib that is looked at, not the host's: one directory by two
 * names would be complained of twice.
 */
START_TEST(lib_may_be_a_link)
{
	char old[512];
	int told = 0;

	snprintf(old, sizeof old, "%s", below("/lib-old"));
	ck_assert_int_eq(rename(below("/lib"), old), 0);
	ck_assert_int_eq(symlink("usr/lib", below("/lib")), 0);
	file("/usr/lib", "directory.conf/modprobe.d/x");

	struct mod_ctx *ctx = ctx_of_root();
	mod_ctx_set_log(ctx, count, &told, LOG_WARNING);
	ck_assert_str_eq(found(ctx), "");
	ck_assert_int_eq(told, 1);
	mod_ctx_free(ctx);
}
END_TEST

START_TEST(what_is_named_is_not_below_the_root)
{
	file("/lib", "a.conf");
	root_write(&root, "mine/b.conf", "");

	struct mod_ctx *ctx = ctx_of_root();
	ck_assert_int_eq(mod_ctx_add_config(ctx, below("/mine")), 0);
	ck_assert_str_eq(found(ctx), "/mine/b.conf ");
	mod_ctx_free(ctx);
}
END_TEST

START_TEST(survives_no_memory)
{
	file("/lib", "a.conf");
	file("/run", "b.conf");
	for (size_t n = 0;; n++) {
		struct mod_config_files files = { 0 };
		struct mod_ctx *ctx = ctx_of_root();

		fail_at(n);
		int r = mod_config_files(ctx, "modprobe.d", &files);
		bool hit = fail_off();
		mod_ctx_free(ctx);
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sources");
	TCase *tc = tcase_create("sources");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, every_default_directory_is_below_the_root);
	tcase_add_test(tc, the_first_of_a_name_counts);
	tcase_add_test(tc, lib_may_be_a_link);
	tcase_add_test(tc, what_is_named_is_not_below_the_root);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
