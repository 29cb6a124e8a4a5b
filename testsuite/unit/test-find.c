/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a name, an alias or a path means. */
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"

#include "libmod/base/name.h"
#include "libmod/base/str.h"
#include "libmod/load/find.h"

#include <check.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct root root;
static struct mod_ctx *ctx;
static struct mod_targets *targets;

static void start(void)
{
	root_make(&root);
	root_modules(
		&root,
		(const char *const[]){ "k/a-b.ko:", "k/c.ko: k/a-b.ko", NULL });
	root_index(&root, "modules.alias.bin",
		   (const char *const[]){ "pci:v*1 a_b", "pci:v1* c", "c a_b",
					  "symbol:s2 c", NULL });
	root_index(&root, "modules.symbols.bin",
		   (const char *const[]){ "symbol:s1 c", NULL });
	root_index(&root, "modules.builtin.bin",
		   (const char *const[]){ "inside ", NULL });
	root_index(
		&root, "modules.builtin.alias.bin",
		(const char *const[]){ "in_* inside", "pci:v1* inside", NULL });
	ctx = NULL;
	targets = NULL;
}

static void stop(void)
{
	mod_targets_free(targets);
	mod_ctx_free(ctx);
	root_remove(&root);
}

static void configure(const char *config)
{
	root_write(&root, "etc/modprobe.d/x.conf", config);
	ctx = root_ctx(&root);
}

static const char *route_name(enum mod_route route)
{
	static const char *const names[] = {
		[MOD_ROUTE_NAME] = "name",
		[MOD_ROUTE_PATH] = "path",
		[MOD_ROUTE_CONFIG_ALIAS] = "config",
		[MOD_ROUTE_ALIAS] = "alias",
		[MOD_ROUTE_SYMBOL] = "symbol",
		[MOD_ROUTE_COMMAND] = "command",
		[MOD_ROUTE_BUILTIN] = "builtin",
		[MOD_ROUTE_BUILTIN_ALIAS] = "builtin-alias",
	};
	return names[route];
}

/* "alias a_b pci:v11; alias c pci:v11 2": route, name, alias, rule's line */
static void describe(struct mod_str *out)
{
	for (size_t i = 0; i < targets->n; i++) {
		const struct mod_target *target = &targets->at[i];
		mod_str_addf(out, "%s%s %s", i ? "; " : "",
			     route_name(target->route), target->name);
		if (target->alias)
			mod_str_addf(out, " %s", target->alias);
		if (target->rule)
			mod_str_addf(out, " %u", target->rule->line);
	}
}

typedef int find_fn(struct mod_ctx *ctx, const char *query,
		    struct mod_targets **out);

static const struct row {
	find_fn *find;
	const char *config, *query, *want; /* NULL: nothing has that name */
} rows[] = {
	{ mod_find, "", "a-b", "name a_b" },
	{ mod_find, "", "a_b", "name a_b" },
	{ mod_find, "", "nosuch", NULL },
	{ mod_find, "", "", NULL },
	/* the first source with an answer gives all of it */
	{ mod_find, "", "c", "name c" },
	{ mod_find, "\nalias c a-b\n", "c", "config a_b c 2" },
	{ mod_find, "alias w* c\nalias w?y a-b\n", "w-y",
	  "config c w* 1; config a_b w?y 2" },
	{ mod_find, "alias x nosuch\n", "x", "config nosuch x 1" },
	{ mod_find, "", "pci:v11", "alias a_b pci:v11; alias c pci:v11" },
	{ mod_find, "", "pci:v12", "alias c pci:v12" },
	{ mod_find, "", "symbol:s1", "symbol c symbol:s1" },
	{ mod_find, "", "symbol:s2", "alias c symbol:s2" },
	{ mod_find, "", "s1", NULL },
	{ mod_find, "", "inside", "builtin inside" },
	{ mod_find, "", "in-1", "builtin-alias inside in_1" },
	{ mod_find, "alias in_1 c\n", "in-1", "config c in_1 1" },
	/* names of install and remove lines: before aliases, after modules */
	{ mod_find, "\ninstall virt x\n", "virt", "command virt 2" },
	{ mod_find, "\nremove virt x\n", "virt", "command virt 2" },
	{ mod_find, "remove virt x\ninstall virt x\n", "virt",
	  "command virt 2" },
	{ mod_find, "install v* x\n", "virt", NULL },
	{ mod_find, "install c x\n", "c", "name c" },
	{ mod_find, "install pci:v11 x\n", "pci:v11", "command pci:v11 1" },
	{ mod_find, "install inside x\n", "inside", "command inside 1" },
	{ mod_find, "install x.y x\n", "x.y", "command x 1" },

	{ mod_find_indexed, "alias c a-b\n", "c", "name c" },
	{ mod_find_indexed, "install virt x\n", "virt", NULL },
	{ mod_find_indexed, "", "pci:v12", "alias c pci:v12" },
	{ mod_find_indexed, "", "symbol:s1", "symbol c symbol:s1" },
	{ mod_find_indexed, "", "inside", "builtin inside" },

	{ mod_find_name, "alias c a-b\n", "c", "name c" },
	{ mod_find_name, "", "a-b", "name a_b" },
	{ mod_find_name, "", "pci:v01", NULL },
	{ mod_find_name, "", "pci:v12", "builtin-alias inside pci:v12" },
	{ mod_find_name, "", "symbol:s1", NULL },
	{ mod_find_name, "install virt x\n", "virt", NULL },
	{ mod_find_name, "", "inside", "builtin inside" },

	{ mod_find_loaded, "", "c", "name c" },
	{ mod_find_loaded, "", "live-one", "name live_one" },
	{ mod_find_loaded, "", "going", "name going" },
	{ mod_find_loaded, "", "coming", NULL },
	{ mod_find_loaded, "", "parameters_only", NULL },
	{ mod_find, "", "live-one", NULL },
};

static void write_loaded(void)
{
	root_write(&root, "sys/module/live_one/initstate", "live\n");
	root_write(&root, "sys/module/going/initstate", "going\n");
	root_write(&root, "sys/module/coming/initstate", "coming\n");
	root_write(&root, "sys/module/parameters_only/parameters/p", "1\n");
}

START_TEST(finds_as_the_table_says)
{
	const struct row *row = &rows[_i];
	_str_ struct mod_str got = { 0 };

	write_loaded();
	configure(row->config);
	int r = row->find(ctx, row->query, &targets);
	ck_assert_int_eq(r, row->want ? 0 : 1);
	if (r == 0) {
		describe(&got);
		ck_assert_str_eq(got.at, row->want);
	}
}
END_TEST

START_TEST(a_name_that_is_too_long_is_not_found)
{
	char name[MOD_NAME_MAX + 1];

	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	configure("alias x* c\n");
	ck_assert_int_eq(mod_find(ctx, name, &targets), 1);
	ck_assert_int_eq(mod_find_name(ctx, name, &targets), 1);
	name[MOD_NAME_MAX - 1] = '\0';
	ck_assert_int_eq(mod_find(ctx, name, &targets), 0);
}
END_TEST

START_TEST(refuses_brackets_that_do_not_pair)
{
	configure("");
	ck_assert_int_eq(mod_find(ctx, "a[b", &targets), -EINVAL);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_CALLER);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "a[b");
}
END_TEST

START_TEST(appends_to_a_list)
{
	struct mod_arena arena = { 0 };
	struct mod_targets list = { .arena = &arena };

	configure("");
	for (int i = 0; i < 9; i++)
		ck_assert_int_eq(mod_find_in(ctx, MOD_FIND_ALL,
					     i % 2 ? "c" : "pci:v12", &list),
				 0);
	ck_assert_int_eq(mod_find_in(ctx, MOD_FIND_ALL, "nosuch", &list), 1);
	ck_assert_uint_eq(list.n, 9);
	for (size_t i = 0; i < 9; i++) {
		ck_assert_str_eq(list.at[i].name, "c");
		ck_assert_ptr_eq(list.at[i].ctx, ctx);
		ck_assert_ptr_eq(list.at[i].arena, &arena);
		if (i % 2)
			ck_assert_ptr_null(list.at[i].alias);
		else
			ck_assert_str_eq(list.at[i].alias, "pci:v12");
	}
	mod_arena_fini(&arena);
}
END_TEST

START_TEST(a_path_is_made_absolute)
{
	_str_ struct mod_str got = { 0 };
	char path[PATH_MAX];

	root_write(&root, "own/a-b.ko.xz", "x");
	configure("alias a-b c\n");
	ck_assert_int_eq(chdir(root.dir), 0);
	ck_assert_int_eq(mod_find_path(ctx, "own/a-b.ko.xz", &targets), 0);
	describe(&got);
	ck_assert_str_eq(got.at, "path a_b");
	ck_assert_ptr_nonnull(realpath(root.dir, path));
	strcat(path, "/own/a-b.ko.xz");
	ck_assert_str_eq(targets->at[0].path, path);
	mod_targets_free(targets);
	ck_assert_int_eq(mod_find_path(ctx, path, &targets), 0);
	ck_assert_str_eq(targets->at[0].path, path);
	ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(a_path_without_a_file_or_a_name_fails)
{
	char path[256];

	configure("");
	strcpy(path, root_path(&root, "own/nosuch.ko"));
	ck_assert_int_eq(mod_find_path(ctx, path, &targets), -ENOENT);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)), MOD_ORIGIN_FILE);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), path);
	strcpy(path, root_path(&root, "proc/"));
	ck_assert_int_eq(mod_find_path(ctx, path, &targets), -ENOENT);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), path);
}
END_TEST

START_TEST(knows_built_ins)
{
	configure("");
	ck_assert_int_eq(mod_is_builtin(ctx, "inside"), 1);
	ck_assert_int_eq(mod_is_builtin(ctx, "c"), 0);
}
END_TEST

static const struct memory_row {
	find_fn *find;
	const char *query;
} memory_rows[] = {
	{ mod_find, "wx" },           { mod_find, "c" },
	{ mod_find, "pci:v11" },      { mod_find, "virt" },
	{ mod_find, "inside" },       { mod_find_name, "c" },
	{ mod_find_indexed, "in-1" }, { mod_find_loaded, "live-one" },
	{ mod_find_path, "/" },
};

START_TEST(survives_no_memory)
{
	const struct memory_row *row = &memory_rows[_i];
	const char *query = row->query;
	char path[256];

	write_loaded();
	root_write(&root, "etc/modprobe.d/x.conf",
		   "alias w* c\nalias w* a-b\ninstall virt x\n");
	if (row->find == mod_find_path)
		query = strcpy(path,
			       root_path(&root, "lib/modules/1.0/k/c.ko"));
	for (size_t n = 0;; n++) {
		ctx = root_ctx(&root);
		fail_at(n);
		int r = row->find(ctx, query, &targets);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
		mod_ctx_free(ctx);
	}
	ck_assert_uint_gt(targets->n, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("find");
	TCase *tc = tcase_create("find");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_loop_test(tc, finds_as_the_table_says, 0,
			    sizeof rows / sizeof *rows);
	tcase_add_test(tc, a_name_that_is_too_long_is_not_found);
	tcase_add_test(tc, refuses_brackets_that_do_not_pair);
	tcase_add_test(tc, appends_to_a_list);
	tcase_add_test(tc, a_path_is_made_absolute);
	tcase_add_test(tc, a_path_without_a_file_or_a_name_fails);
	tcase_add_test(tc, knows_built_ins);
	tcase_add_loop_test(tc, survives_no_memory, 0,
			    sizeof memory_rows / sizeof *memory_rows);
	suite_add_tcase(s, tc);

	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
