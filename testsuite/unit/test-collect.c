/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/str.h"
#include "libmod/depmod/collect.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>

static struct root root;
static char dir[256];

static void set_up(void)
{
	root_make(&root);
	snprintf(dir, sizeof dir, "%s/t", root.dir);
}

static void tear_down(void)
{
	root_remove(&root);
}

static void file(const char *name)
{
	char path[300];

	snprintf(path, sizeof path, "t/%s", name);
	root_write(&root, path, "");
}

/* The modules found with a depmod.d file, sorted. */
static const char *found(const char *conf)
{
	static char text[1024];
	struct mod_ctx *ctx = root_ctx(&root);
	struct mod_collection list = { 0 };
	struct mod_depmod_conf config;
	char path[300];
	size_t len = 0;

	*text = '\0';
	root_write(&root, "conf", conf);
	snprintf(path, sizeof path, "%s/conf", root.dir);
	ck_assert_int_eq(mod_ctx_add_config(ctx, path), 0);
	ck_assert_int_eq(mod_depmod_conf_read(ctx, "6.1", &config), 0);
	int r = mod_collect(ctx, dir, &config, 2, &list);
	for (size_t i = 0; i < list.n; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s ",
					list.at[i].shown);
	mod_collect_fini(&list);
	mod_ctx_free(ctx);
	return r == 0 ? text : strerror(-r);
}

START_TEST(finds_modules_alone)
{
	file("kernel/b.ko");
	file("kernel/a/c-d.ko.xz");
	file("kernel/a/e.ko.zst");
	file("kernel/a/f.ko.gz");
	file("kernel/a/g.ko.bz2");
	file("kernel/a/.h.ko");
	file("kernel/a/.ko");
	file("kernel/.x/y.ko");
	file("build/z.ko");
	file("kernel/source/z.ko");
	file("a.ko/in.ko");
	file("kernel/new\nline.ko");
	ck_assert_str_eq(found(""),
			 "a.ko/in.ko kernel/.x/y.ko "
			 "kernel/a/c-d.ko.xz kernel/a/e.ko.zst "
			 "kernel/a/f.ko.gz kernel/b.ko ");
}
END_TEST

START_TEST(describes)
{
	struct mod_ctx *ctx = root_ctx(&root);
	struct mod_collected f;

	ck_assert_int_eq(mod_collect_file(ctx, "/d", "/d/k/a-b.c.ko.xz", &f),
			 0);
	ck_assert_str_eq(f.name, "a_b");
	ck_assert_str_eq(f.shown, "k/a-b.c.ko.xz");
	ck_assert_str_eq(f.stem, "k/a-b");
	ck_assert_str_eq(f.key, "k/a-b.c.");
	ck_assert_int_eq(mod_collect_file(ctx, "/d", "/dx/a.ko", &f), 0);
	ck_assert_str_eq(f.shown, "/dx/a.ko");
	ck_assert_str_eq(f.key, "/dx/a.ko");
	mod_ctx_free(ctx);
}
END_TEST

static const struct {
	const char *conf, *want;
} choices[] = {
	{ "", "updates/m.ko " },
	{ "search foo foobar built-in\n", "foo/m.ko " },
	{ "search kernel\nsearch foo\n", "kernel/m.ko " },
	{ "search foo\nsearch kernel\n", "foo/m.ko " },
	{ "search weak-updates built-in\n", "weak-updates/x/m.ko " },
	{ "search nosuch\n", "extra/m.ko " },
	{ "search built-in extra\n", "foo/m.ko " },
	{ "override m * extra\n", "extra/m.ko " },
	{ "override m * extra\noverride m * foo\n", "foo/m.ko " },
	{ "override m * weak-updates\n", "updates/m.ko " },
	{ "override m 5 extra\n", "updates/m.ko " },
	{ "override m [ extra\n", "updates/m.ko " },
	{ "override m 6.1 extra\n", "extra/m.ko " },
	{ "override m 6.1\n", "updates/m.ko " },
	{ "exclude updates foo\n", "extra/m.ko " },
	{ "exclude updates foo\nsearch foobar\n", "foobar/m.ko " },
	{ "exclude m.ko\n", "" },
};

START_TEST(the_configuration_chooses)
{
	file("extra/m.ko");
	file("foo/m.ko");
	file("foobar/m.ko");
	file("kernel/m.ko");
	file("updates/m.ko");
	file("updates/deep/er/m.ko");
	file("weak-updates/x/m.ko");
	/* Ties: the first in the order of names. */
	const char *want = choices[_i].want;
	if (strcmp(want, "updates/m.ko ") == 0)
		want = "updates/deep/er/m.ko ";
	ck_assert_str_eq(found(choices[_i].conf), want);
}
END_TEST

START_TEST(ties_are_settled_by_name)
{
	file("updates/b/m.ko");
	file("updates/a/m.ko.xz");
	file("kernel/z/n.ko");
	file("kernel/z/n.ko.xz");
	file("extra/o-p.ko");
	file("extra/o_p.ko");
	ck_assert_str_eq(found(""),
			 "extra/o-p.ko kernel/z/n.ko updates/a/m.ko.xz ");
}
END_TEST

START_TEST(externals_follow)
{
	char conf[600], want[600];

	file("kernel/m.ko");
	root_write(&root, "t-ext/n.ko", "");
	root_write(&root, "t-ext/m.ko", "");
	snprintf(conf, sizeof conf, "external * %s/t-ext\nexternal 7 /dev\n",
		 root.dir);
	snprintf(want, sizeof want, "kernel/m.ko %s/t-ext/n.ko ", root.dir);
	ck_assert_str_eq(found(conf), want);
	snprintf(conf, sizeof conf,
		 "search external built-in\nexternal * %s/t-ext\n"
		 "external * /nosuch\n",
		 root.dir);
	snprintf(want, sizeof want, "%s/t-ext/m.ko %s/t-ext/n.ko ", root.dir,
		 root.dir);
	ck_assert_str_eq(found(conf), want);
}
END_TEST

static void link_to(const char *to, const char *name)
{
	char path[600];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	ck_assert_int_eq(symlink(to, path), 0);
}

START_TEST(links_are_followed_and_rings_are_not)
{
	char path[600];

	file("kernel/m.ko");
	root_write(&root, "else/n.ko", "");
	link_to("../else", "away");
	link_to("m.ko", "kernel/o.ko");
	link_to(".", "kernel/self");
	link_to("../..", "kernel/up");
	link_to("nowhere", "kernel/p.ko");
	link_to("loop.ko", "kernel/loop.ko");
	snprintf(path, sizeof path, "%s/fifo.ko", dir);
	ck_assert_int_eq(mkfifo(path, 0644), 0);
	/* Its parent is above the tree, and holds "else" and the tree. */
	const char *text = found("exclude up\n");
	ck_assert_str_eq(text, "away/n.ko kernel/m.ko kernel/o.ko ");
	text = found("");
	ck_assert_ptr_nonnull(strstr(text, "kernel/m.ko "));
	ck_assert_ptr_nonnull(strstr(text, "away/n.ko "));
}
END_TEST

static void count(void *data, int level, const char *text)
{
	(void)level;
	*(int *)data += strstr(text, "behind links") != NULL;
}

/* From each directory two links lead to the one below it. */
START_TEST(ways_through_links_are_bounded)
{
	struct mod_ctx *ctx = root_ctx(&root);
	struct mod_depmod_conf config = { 0 };
	struct mod_collection list = { 0 };
	int told = 0;

	file("d0/m.ko");
	for (int i = 1; i < 24; i++) {
		char name[64], below[64];
		snprintf(name, sizeof name, "d%d/x", i);
		file(name);
		snprintf(below, sizeof below, "../d%d", i - 1);
		snprintf(name, sizeof name, "d%d/a", i);
		link_to(below, name);
		snprintf(name, sizeof name, "d%d/b", i);
		link_to(below, name);
	}
	mod_ctx_set_log(ctx, count, &told, LOG_DEBUG);
	ck_assert_int_eq(mod_collect(ctx, dir, &config, 1, &list), 0);
	ck_assert_int_eq(told, 1);
	ck_assert_uint_eq(list.n, 1);
	ck_assert_str_eq(list.at[0].shown, "d0/m.ko");
	ck_assert_uint_eq(list.directory_n, 1 + 24 + 10000);
	mod_collect_fini(&list);
	mod_ctx_free(ctx);
}
END_TEST

/* "override m PATTERN foo", of so many bytes */
static const char *found_with_pattern(size_t bytes, char filler)
{
	char conf[600], pattern[400];

	memset(pattern, filler, bytes);
	memcpy(pattern, "6|", 2);
	pattern[bytes] = '\0';
	snprintf(conf, sizeof conf, "search kernel\noverride m %s foo\n",
		 pattern);
	return found(conf);
}

START_TEST(patterns_are_short)
{
	file("foo/m.ko");
	file("kernel/m.ko");
	ck_assert_str_eq(found_with_pattern(256, 'x'), "foo/m.ko ");
	ck_assert_str_eq(found_with_pattern(257, 'x'), "kernel/m.ko ");
	ck_assert_str_eq(found_with_pattern(256, '('), "kernel/m.ko ");
}
END_TEST

START_TEST(no_tree_is_told)
{
	ck_assert_str_eq(found(""), strerror(ENOENT));
	file("x.ko/y");
	ck_assert_str_eq(found(""), "");
}
END_TEST

START_TEST(survives_no_memory)
{
	file("kernel/m.ko");
	file("updates/m.ko");
	for (size_t n = 0;; n++) {
		struct mod_ctx *ctx = root_ctx(&root);
		struct mod_collection list = { 0 };
		struct mod_depmod_conf config = { 0 };
		fail_from(n);
		int r = mod_collect(ctx, dir, &config, 1, &list);
		bool hit = fail_off();
		mod_collect_fini(&list);
		mod_ctx_free(ctx);
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("gather");
	TCase *tc = tcase_create("gather");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, finds_modules_alone);
	tcase_add_test(tc, describes);
	tcase_add_loop_test(tc, the_configuration_chooses, 0,
			    sizeof choices / sizeof *choices);
	tcase_add_test(tc, ties_are_settled_by_name);
	tcase_add_test(tc, externals_follow);
	tcase_add_test(tc, links_are_followed_and_rings_are_not);
	tcase_add_test(tc, ways_through_links_are_bounded);
	tcase_add_test(tc, patterns_are_short);
	tcase_add_test(tc, no_tree_is_told);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
