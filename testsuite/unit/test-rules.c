/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which lines of the configuration apply to a module. */
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"

#include "libmod/base/str.h"
#include "libmod/load/rules.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct root root;
static struct mod_ctx *ctx;
static struct mod_arena arena;
static struct mod_targets found;

static void start(void)
{
	root_make(&root);
	root_modules(&root,
		     (const char *const[]){ "k/a.ko:", "k/b.ko: k/a.ko",
					    "k/c.ko:", "k/d-dash.ko:", NULL });
	root_index(&root, "modules.alias.bin",
		   (const char *const[]){ "pci:v1* a", "pci:v*2 b", NULL });
	ctx = NULL;
	arena = (struct mod_arena){ 0 };
	found = (struct mod_targets){ .arena = &arena };
}

static void stop(void)
{
	mod_arena_fini(&arena);
	mod_ctx_free(ctx);
	root_remove(&root);
}

static void configure(const char *config)
{
	root_write(&root, "etc/modprobe.d/x.conf", config);
	ctx = root_ctx(&root);
}

/* The first target that a name means. */
static struct mod_target *find(const char *query)
{
	size_t had = found.n;

	ck_assert_int_eq(mod_find_in(ctx, MOD_FIND_ALL, query, &found), 0);
	ck_assert_uint_gt(found.n, had);
	return &found.at[had];
}

static unsigned line_of(const struct mod_rule *rule)
{
	return rule ? rule->line : 0;
}

/* ---- install and remove lines */

static const struct command_row {
	const char *config;
	enum mod_line_kind kind;
	const char *query;
	unsigned line; /* of the rule that applies; 0: none */
} commands[] = {
	{ "", MOD_LINE_INSTALL, "a", 0 },
	{ "install b x\n", MOD_LINE_INSTALL, "a", 0 },
	{ "remove a x\n", MOD_LINE_INSTALL, "a", 0 },
	{ "install a x\n", MOD_LINE_REMOVE, "a", 0 },
	{ "remove a x\n", MOD_LINE_REMOVE, "a", 1 },
	{ "install b x\ninstall a y\ninstall a z\n", MOD_LINE_INSTALL, "a", 2 },
	{ "install [a] x\ninstall a y\n", MOD_LINE_INSTALL, "a", 1 },
	{ "install pci:v1* x\n", MOD_LINE_INSTALL, "pci:v1", 0 },
	{ "alias x a\ninstall x y\n", MOD_LINE_INSTALL, "x", 0 },
	/* a name that only such a line has: that line, before all patterns */
	{ "install v* x\ninstall virt y\n", MOD_LINE_INSTALL, "virt", 2 },
	{ "remove virt x\ninstall v* y\n", MOD_LINE_INSTALL, "virt", 2 },
	{ "remove virt x\n", MOD_LINE_INSTALL, "virt", 0 },
	{ "remove v* y\nremove virt x\n", MOD_LINE_REMOVE, "virt", 2 },
	{ "remove v* y\ninstall virt x\n", MOD_LINE_REMOVE, "virt", 1 },
};

START_TEST(finds_the_command_of_a_target)
{
	const struct command_row *row = &commands[_i];
	const struct mod_rule *rule;

	configure(row->config);
	ck_assert_int_eq(
		mod_rules_command(ctx, row->kind, find(row->query), &rule), 0);
	ck_assert_uint_eq(line_of(rule), row->line);
}
END_TEST

/* ---- blacklists */

static const struct blacklist_row {
	const char *config, *query;
	bool all, as_kmod;
	unsigned line;
} blacklists[] = {
	{ "", "pci:v1", false, false, 0 },
	{ "", "a", true, false, 0 },
	{ "blacklist c\nblacklist a\n", "a", false, false, 0 },
	{ "blacklist c\nblacklist a\n", "a", true, false, 2 },
	{ "blacklist c\nblacklist a\n", "pci:v1", false, false, 2 },
	{ "blacklist a\n", "pci:v92", false, false, 0 },
	{ "alias x a\nblacklist a\n", "x", false, false, 2 },
	{ "alias x a\nblacklist x\n", "x", false, false, 0 },
	{ "blacklist [a]\n", "a", true, false, 0 },
	{ "blacklist a\n", "a", true, true, 1 },
};

START_TEST(finds_the_blacklist_of_a_target)
{
	const struct blacklist_row *row = &blacklists[_i];
	const struct mod_rule *rule;

	configure(row->config);
	ck_assert_int_eq(mod_rules_blacklist(ctx, find(row->query), row->all,
					     row->as_kmod, &rule),
			 0);
	ck_assert_uint_eq(line_of(rule), row->line);
}
END_TEST

START_TEST(kmod_does_not_see_a_name_with_a_dash)
{
	const struct mod_rule *rule;

	root_write(&root, "proc/cmdline", "modprobe.blacklist=d-dash\n");
	configure("");
	struct mod_target *target = find("d-dash");
	ck_assert_int_eq(mod_rules_blacklist(ctx, target, true, false, &rule),
			 0);
	ck_assert_ptr_nonnull(rule);
	ck_assert_int_eq(mod_rules_blacklist(ctx, target, true, true, &rule),
			 0);
	ck_assert_ptr_null(rule);
}
END_TEST

/* ---- options */

static const struct options_row {
	const char *config, *query, *more, *want;
	unsigned line; /* of the first */
} options[] = {
	{ "", "a", "", "", 0 },
	{ "", "a", "y=2", "y=2", 0 },
	{ "options b x=1\n", "a", "", "", 0 },
	{ "options b x=1\noptions a y=1\n", "a", "", "y=1 ", 2 },
	{ "options a x=1\noptions b y\noptions a z\n", "a", "m=1 n",
	  "x=1 z m=1 n", 1 },
	{ "options pci:v1 x=1\noptions a y=1\n", "pci:v1", "", "x=1 y=1 ", 1 },
	{ "options pci:v1 x=1\noptions a y=1\n", "a", "", "y=1 ", 2 },
	{ "alias w* a\noptions w* x=1\noptions wx y=1\n", "wx", "", "x=1 ", 2 },
	{ "options [a] x=1\n", "a", "", "", 0 },
};

START_TEST(joins_the_options_of_a_target)
{
	const struct options_row *row = &options[_i];
	const struct mod_rule *first;
	const char *got;

	configure(row->config);
	ck_assert_int_eq(mod_rules_options(ctx, find(row->query), row->more,
					   &arena, &got, &first),
			 0);
	ck_assert_str_eq(got, row->want);
	ck_assert_uint_eq(line_of(first), row->line);
}
END_TEST

static int join(void *data, const struct mod_rule *rule)
{
	char *joined = data;

	sprintf(joined + strlen(joined), "%s:%u ", rule->text, rule->line);
	return strcmp(rule->text, "end") == 0 ? 7 : 0;
}

START_TEST(walks_the_options_of_a_name)
{
	char joined[64] = "";

	configure("options a x=1\noptions c y\noptions a z\n"
		  "options c end\noptions c w\n");
	ck_assert_int_eq(mod_options_each(ctx, "a", join, joined), 0);
	ck_assert_str_eq(joined, "x=1:1 z:3 ");
	*joined = '\0';
	ck_assert_int_eq(mod_options_each(ctx, "c", join, joined), 7);
	ck_assert_str_eq(joined, "y:2 end:4 ");
}
END_TEST

/* ---- softdeps */

/* "b:1 a:1 | c:2", each with the line that named it. */
static void describe(struct mod_str *out, const struct mod_softdeps *softdeps)
{
	mod_str_add(out, "");
	for (size_t i = 0; i < softdeps->pre.n; i++)
		mod_str_addf(out, "%s:%u ", softdeps->pre.at[i].name,
			     line_of(softdeps->pre.at[i].softdep));
	mod_str_add(out, "|");
	for (size_t i = 0; i < softdeps->post.n; i++)
		mod_str_addf(out, " %s:%u", softdeps->post.at[i].name,
			     line_of(softdeps->post.at[i].softdep));
}

static const struct softdep_row {
	const char *config, *shipped, *name;
	bool as_kmod;
	const char *want;
} softdeps[] = {
	{ "", "", "a", false, "|" },
	{ "softdep b pre: c\n", "softdep b pre: c\n", "a", false, "|" },
	{ "softdep a pre: b post: c\n", "", "a", false, "b:1 | c:1" },
	{ "softdep a post: c pre: b\nsoftdep a pre: c\n", "", "a", false,
	  "b:1 c:2 | c:1" },
	{ "softdep a pre: nosuch b\n", "", "a", false, "b:1 |" },
	{ "softdep a pre: [ b\n", "", "a", false, "b:1 |" },
	{ "softdep a c pre: b\n", "", "a", false, "b:1 |" },
	{ "softdep [a] pre: b\n", "", "a", false, "b:1 |" },
	{ "softdep b pre: c\nsoftdep a pre: pci:v12\n", "", "a", false,
	  "a:2 b:2 |" },
	{ "", "\nsoftdep a pre: b\nsoftdep a pre: c\n", "a", false,
	  "b:2 c:3 |" },
	{ "softdep a post: b\n", "\nsoftdep a pre: c\n", "a", false, "| b:1" },
	{ "softdep b pre: c\n", "\nsoftdep a pre: c\n", "a", false, "c:2 |" },
	/* x.conf is after modules.softdep, so kmod takes the shipped line */
	{ "softdep a pre: b\nsoftdep a pre: c\n", "", "a", true, "b:1 |" },
	{ "softdep a post: b\n", "\nsoftdep a pre: c\nsoftdep a pre: b\n", "a",
	  true, "c:2 |" },
	{ "softdep a post: b\n", "\nsoftdep b pre: c\n", "a", true, "| b:1" },
};

START_TEST(finds_the_softdeps_of_a_module)
{
	const struct softdep_row *row = &softdeps[_i];
	_str_ struct mod_str got = { 0 };
	struct mod_softdeps list;

	root_write(&root, "lib/modules/1.0/modules.softdep", row->shipped);
	configure(row->config);
	ck_assert_int_eq(
		mod_rules_softdeps(ctx, row->name, row->as_kmod, &arena, &list),
		0);
	describe(&got, &list);
	ck_assert_str_eq(got.at, row->want);
}
END_TEST

START_TEST(kmod_takes_a_line_of_an_earlier_file)
{
	_str_ struct mod_str got = { 0 };
	struct mod_softdeps list;

	root_write(&root, "lib/modules/1.0/modules.softdep",
		   "\nsoftdep a pre: c\n");
	root_write(&root, "etc/modprobe.d/a.conf", "softdep a post: b\n");
	ctx = root_ctx(&root);
	ck_assert_int_eq(mod_rules_softdeps(ctx, "a", true, &arena, &list), 0);
	describe(&got, &list);
	ck_assert_str_eq(got.at, "| b:1");
}
END_TEST

START_TEST(looks_up_the_names_of_one_softdep_line)
{
	_str_ struct mod_str got = { 0 };
	const struct mod_rule *rule;
	struct mod_softdeps list;

	configure("softdep c pre: a\nsoftdep c pre: b post: a\n");
	ck_assert_int_eq(mod_config_rules(ctx, MOD_LINE_SOFTDEP, &rule), 0);
	ck_assert_int_eq(
		mod_rules_softdep_words(ctx, rule->next, &arena, &list), 0);
	describe(&got, &list);
	ck_assert_str_eq(got.at, "b:2 | a:2");
}
END_TEST

/* ---- memory */

static int all_rules(const struct mod_target *target)
{
	const struct mod_rule *rule;
	struct mod_softdeps list;
	const char *text;

	int r = mod_rules_command(ctx, MOD_LINE_INSTALL, target, &rule);
	if (r == 0)
		r = mod_rules_blacklist(ctx, target, true, true, &rule);
	if (r == 0)
		r = mod_rules_options(ctx, target, "y", &arena, &text, &rule);
	if (r == 0)
		r = mod_rules_softdeps(ctx, "a", true, &arena, &list);
	return r;
}

START_TEST(survives_no_memory)
{
	struct mod_target target = { .name = "a", .route = MOD_ROUTE_NAME };

	root_write(&root, "lib/modules/1.0/modules.softdep",
		   "softdep a pre: b\n");
	root_write(&root, "etc/modprobe.d/x.conf",
		   "install a x\nblacklist a\noptions a x\n"
		   "softdep a pre: b c post: pci:v12\n");
	for (size_t i = 0;; i++) {
		ctx = root_ctx(&root);
		fail_at(i);
		int r = all_rules(&target);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
		mod_arena_fini(&arena);
		mod_ctx_free(ctx);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rules");
	TCase *tc = tcase_create("rules");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_loop_test(tc, finds_the_command_of_a_target, 0,
			    sizeof commands / sizeof *commands);
	tcase_add_loop_test(tc, finds_the_blacklist_of_a_target, 0,
			    sizeof blacklists / sizeof *blacklists);
	tcase_add_test(tc, kmod_does_not_see_a_name_with_a_dash);
	tcase_add_loop_test(tc, joins_the_options_of_a_target, 0,
			    sizeof options / sizeof *options);
	tcase_add_test(tc, walks_the_options_of_a_name);
	tcase_add_loop_test(tc, finds_the_softdeps_of_a_module, 0,
			    sizeof softdeps / sizeof *softdeps);
	tcase_add_test(tc, kmod_takes_a_line_of_an_earlier_file);
	tcase_add_test(tc, looks_up_the_names_of_one_softdep_line);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);

	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
