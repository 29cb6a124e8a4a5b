/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plan that loads a module: a table of configurations and plans. */
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include "libmod/base/str.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct root root;

static void start(void)
{
	root_make(&root);
	root_modules(
		&root,
		(const char *const[]){
			"k/a.ko:", "k/b.ko: k/a.ko", "k/c.ko: k/b.ko k/a.ko",
			"k/d-dash.ko: k/c.ko k/b.ko k/a.ko",
			"k/s1.ko:", "k/s2.ko: k/a.ko", "k/s3.ko: k/b.ko k/a.ko",
			"k/p1.ko:", "k/both.ko:", "k/e.ko: k/s1.ko k/p1.ko",
			NULL });
	root_index(&root, "modules.builtin.bin",
		   (const char *const[]){ "inside ", "both ", NULL });
	root_index(&root, "modules.alias.bin",
		   (const char *const[]){ "pci:v*d1* p1", "pci:v*d*2 s1",
					  "a p1", NULL });
	root_index(&root, "modules.builtin.alias.bin",
		   (const char *const[]){ "in_* inside", NULL });
}

static void stop(void)
{
	root_remove(&root);
}

/* "LOAD a x=1; COMMAND b /bin/x; ..." */
static void describe(struct mod_str *out, const struct mod_plan *plan)
{
	static const char *const words[] = {
		[MOD_ACTION_LOAD] = "",
		[MOD_ACTION_COMMAND] = "install:",
		[MOD_ACTION_BUILTIN] = "builtin:",
		[MOD_ACTION_NONE] = "none:",
		[MOD_ACTION_REFUSED] = "refused:",
	};

	for (size_t i = 0; i < mod_plan_count(plan); i++) {
		const struct mod_step *step = mod_plan_at(plan, i);
		mod_str_addf(out, "%s%s%s", i ? "; " : "",
			     words[mod_step_action(step)], mod_step_name(step));
		if (mod_step_command(step))
			mod_str_addf(out, "=%s", mod_step_command(step));
		if (*mod_step_options(step))
			mod_str_addf(out, " %s", mod_step_options(step));
	}
}

static void plan_all(struct mod_ctx *ctx, const char *query, const char *opts,
		     unsigned flags, struct mod_str *out)
{
	struct mod_targets *targets;
	struct mod_plan *plan;

	int r = mod_find(ctx, query, &targets);
	if (r != 0) {
		mod_str_add(out, r == 1 ? "not found" : "error");
		return;
	}
	for (size_t i = 0; i < mod_targets_count(targets); i++) {
		r = mod_plan_load(ctx, mod_targets_at(targets, i), opts, flags,
				  &plan);
		ck_assert_int_ge(r, 0);
		mod_str_add(out, i ? " | " : "");
		if (r == 1)
			mod_str_add(out, "blacklisted");
		describe(out, plan);
		mod_plan_free(plan);
	}
	mod_targets_free(targets);
}

static const struct row {
	const char *config, *query, *options;
	unsigned flags;
	const char *want;
} rows[] = {
	/* names, aliases */
	{ "", "a", "", 0, "a" },
	{ "", "d-dash", "", 0, "a; b; c; d_dash" },
	{ "", "nosuch", "", 0, "not found" },
	{ "", "pci:v1d12", "", 0, "p1 | s1" },
	{ "", "in-1", "", 0, "builtin:inside" },
	{ "", "inside", "", 0, "builtin:inside" },
	{ "", "both", "", 0, "both" },
	{ "alias x b\n", "x", "", 0, "a; b" },
	{ "alias a p1\n", "a", "", 0, "p1" },
	{ "alias x y\nalias y b\n", "x", "", 0, "none:y" },
	{ "alias w* a\nalias w* p1\n", "wx", "", 0, "a | p1" },
	{ "alias x inside\n", "x", "", 0, "builtin:inside" },
	{ "install virt run\n", "virt", "", 0, "install:virt=run" },
	{ "remove virt run\n", "virt", "", 0, "none:virt" },
	{ "install pci:v1d12 run\n", "pci:v1d12", "", 0,
	  "install:pci:v1d12=run" },

	/* options */
	{ "options b x=1\n", "b", "y=2", 0, "a; b x=1 y=2" },
	{ "options b x=1\noptions b z\n", "b", "", 0, "a; b x=1 z " },
	{ "options a x=1\n", "b", "y=2", 0, "a x=1 ; b y=2" },
	{ "alias w* b\noptions w* x=1\noptions wx z=1\n", "wx", "", 0,
	  "a; b x=1 " },
	{ "options pci:v1d12 x=1\n", "pci:v1d12", "", 0, "p1 x=1  | s1 x=1 " },

	/* install lines */
	{ "install a run it\n", "b", "", 0, "install:a=run it; b" },
	{ "install p* A\ninstall p1 B\n", "p1", "", 0, "install:p1=A" },
	{ "install v* A\ninstall virt B\n", "virt", "", 0, "install:virt=B" },
	{ "install b /bin/false\n", "b", "", MOD_PLAN_IGNORE_COMMANDS, "a; b" },
	{ "install a /bin/false\n", "b", "", MOD_PLAN_IGNORE_COMMANDS,
	  "install:a=/bin/false; b" },
	{ "install b run\nsoftdep b pre: s1\n", "b", "", 0,
	  "a; s1; install:b=run" },

	/* softdeps */
	{ "softdep b pre: s1 post: p1\n", "b", "", 0, "a; s1; b; p1" },
	{ "softdep b pre: s1\nsoftdep b post: p1\n", "b", "", 0,
	  "a; s1; b; p1" },
	{ "softdep b pre: s1\n", "b", "", MOD_PLAN_IGNORE_COMMANDS, "a; b" },
	{ "softdep a pre: s1 post: p1\n", "b", "", 0, "s1; a; p1; b" },
	{ "softdep b pre: nosuch inside\n", "b", "", 0,
	  "a; builtin:inside; b" },
	{ "softdep c pre: s1 post: s2\n", "d-dash", "", 0,
	  "a; b; s1; c; s2; d_dash" },
	{ "softdep s1 pre: p1\nsoftdep p1 pre: s1\n", "s1", "", 0, "p1; s1" },
	/* what a softdep needs comes before it, also when that is the module */
	{ "softdep b pre: s3\n", "b", "", 0, "a; b; s3" },
	{ "softdep b pre: s3\n", "s3", "", 0, "a; b; s3" },
	{ "softdep p* pre: s1\n", "p1", "", 0, "s1; p1" },
	/* and the module is then planned as it was asked for */
	{ "softdep a pre: s3\ninstall b run\n", "b", "",
	  MOD_PLAN_IGNORE_COMMANDS, "a; b; s3" },
	{ "softdep a pre: b\nalias x b\noptions x x=1\n", "x", "", 0,
	  "a; b x=1 " },
	{ "softdep a pre: s3\nalias x b\noptions x x=1\n", "x", "y=2", 0,
	  "a; b x=1 y=2; s3" },

	/* masks */
	{ "mask b\n", "a", "", 0, "a" },
	{ "mask a\n", "a", "", 0, "refused:a" },
	{ "mask a\n", "c", "", 0, "refused:a; b; c" },
	{ "mask d-dash\n", "d-dash", "", 0, "a; b; c; refused:d_dash" },
	{ "mask p*\n", "pci:v1d12", "", 0, "refused:p1 | s1" },
	{ "mask p1\nblacklist p1\n", "pci:v1d12", "", 0, "refused:p1 | s1" },
	{ "mask b\nalias x b\n", "x", "", 0, "a; refused:b" },
	{ "mask b\ninstall b run\n", "b", "", 0, "a; refused:b=run" },
	{ "mask b\n", "b", "", MOD_PLAN_IGNORE_COMMANDS, "a; refused:b" },
	{ "mask b\n", "b", "", MOD_PLAN_IGNORE_MASK, "a; b" },
	{ "mask a\nsoftdep b pre: s2 p1\n", "p1", "", 0, "p1" },
	{ "mask a\nsoftdep p1 pre: s2 s1\n", "p1", "", 0,
	  "refused:s2; s1; p1" },
	{ "mask s1\nsoftdep p1 pre: s1 s1\n", "p1", "", 0, "refused:s1; p1" },
	{ "mask s1\nsoftdep p1 pre: s1 s2\nsoftdep a pre: s1\n", "p1", "", 0,
	  "refused:s1; a; s2; p1" },
	{ "mask inside\n", "inside", "", 0, "builtin:inside" },
	{ "mask virt\ninstall virt run\n", "virt", "", 0, "refused:virt=run" },

	/* the allow list */
	{ "allow a\n", "b", "", 0, "a; b" },
	{ "policy allow-listed\nallow b\n", "b", "", 0, "a; b" },
	{ "policy allow-listed\nallow b\n", "a", "", 0, "refused:a" },
	{ "policy allow-listed\nallow a\n", "b", "", 0, "a; refused:b" },
	{ "policy allow-listed\nallow b\nmask a\n", "b", "", 0,
	  "refused:a; b" },
	{ "policy allow-listed\nallow b\nsoftdep b pre: s1 s3\nallow s3\n", "b",
	  "", 0, "a; refused:s1; b; s3" },
	/* a softdep that needs the module, and is on the list itself */
	{ "policy allow-listed\nallow c\nsoftdep b pre: c\n", "b", "", 0,
	  "a; refused:b; c" },
	/* a softdep of a dependency that is a dependency itself */
	{ "policy allow-listed\nallow c\nsoftdep a pre: b\n", "c", "", 0,
	  "a; b; c" },
	{ "policy allow-listed\nallow e\nsoftdep p1 pre: s1\n", "e", "", 0,
	  "s1; p1; e" },
	{ "mask b\nsoftdep a pre: b\n", "c", "", 0, "a; refused:b; c" },
	/* left out as a softdep, needed by another one */
	{ "policy allow-listed\nallow p1 s2\nsoftdep p1 pre: a s2\n", "p1", "",
	  0, "refused:a; a; s2; p1" },
	/* needed by a softdep before, so it is not left out */
	{ "policy allow-listed\nallow p1 s2\nsoftdep p1 pre: s2 a\n", "p1", "",
	  0, "a; s2; p1" },
	{ "policy allow-listed\n", "inside", "", 0, "builtin:inside" },
	{ "policy audit\nallow a\nmask p1\n", "b", "", 0, "a; b" },
	{ "policy audit\npolicy allow-listed\npolicy audit\n", "a", "", 0,
	  "refused:a" },

	/* blacklists */
	{ "blacklist a\n", "a", "", 0, "a" },
	{ "blacklist a\n", "a", "", MOD_PLAN_BLACKLIST_ALL, "blacklisted" },
	{ "blacklist p1\n", "pci:v1d12", "", 0, "blacklisted | s1" },
	{ "blacklist a\n", "b", "", MOD_PLAN_BLACKLIST_ALL, "a; b" },
};

START_TEST(plans_as_the_table_says)
{
	const struct row *row = &rows[_i];
	_str_ struct mod_str got = { 0 };

	root_write(&root, "etc/modprobe.d/x.conf", row->config);
	struct mod_ctx *ctx = root_ctx(&root);
	plan_all(ctx, row->query, row->options, row->flags, &got);
	mod_str_add(&got, "");
	ck_assert_msg(strcmp(got.at, row->want) == 0,
		      "%s with \"%s\": got \"%s\", want \"%s\"", row->query,
		      row->config, got.at, row->want);
	mod_ctx_free(ctx);
}
END_TEST

START_TEST(shipped_softdeps_count_until_the_user_has_one)
{
	_str_ struct mod_str all = { 0 }, own = { 0 }, none = { 0 };
	struct mod_ctx *ctx;

	root_write(&root, "lib/modules/1.0/modules.softdep",
		   "softdep b pre: s1\nsoftdep b pre: p1\n");
	ctx = root_ctx(&root);
	plan_all(ctx, "b", "", 0, &all);
	ck_assert_str_eq(all.at, "a; s1; p1; b");
	mod_ctx_free(ctx);

	root_write(&root, "etc/modprobe.d/zz.conf", "softdep b post: s2\n");
	ctx = root_ctx(&root);
	plan_all(ctx, "b", "", 0, &own);
	ck_assert_str_eq(own.at, "a; b; s2");
	mod_ctx_free(ctx);

	root_write(&root, "etc/modprobe.d/zz.conf", "softdep b pre:\n");
	ctx = root_ctx(&root);
	plan_all(ctx, "b", "", 0, &none);
	ck_assert_str_eq(none.at, "a; b");
	mod_ctx_free(ctx);
}
END_TEST

START_TEST(every_step_says_why_it_is_there)
{
	struct mod_targets *targets;
	struct mod_plan *plan;
	char path[256];

	root_write(&root, "etc/modprobe.d/x.conf",
		   "# one\nsoftdep b pre: s1\ninstall a run\n"
		   "options s1 x=1\n");
	struct mod_ctx *ctx = root_ctx(&root);
	ck_assert_int_eq(mod_find(ctx, "b", &targets), 0);
	ck_assert_int_eq(
		mod_plan_load(ctx, mod_targets_at(targets, 0), NULL, 0, &plan),
		0);
	snprintf(path, sizeof path, "%s/etc/modprobe.d/x.conf", root.dir);

	const struct mod_step *a = mod_plan_at(plan, 0);
	ck_assert_int_eq(mod_step_route(a), MOD_ROUTE_DEPENDENCY);
	ck_assert_str_eq(mod_step_asked_by(a), "b");
	const struct mod_rule *rule = mod_step_rule(a, MOD_RULE_COMMAND);
	ck_assert_str_eq(mod_rule_file(rule), path);
	ck_assert_uint_eq(mod_rule_line(rule), 3);

	const struct mod_step *s1 = mod_plan_at(plan, 1);
	ck_assert_int_eq(mod_step_route(s1), MOD_ROUTE_SOFTDEP);
	ck_assert_str_eq(mod_step_asked_by(s1), "b");
	rule = mod_step_rule(s1, MOD_RULE_ASKED);
	ck_assert_str_eq(mod_rule_kind(rule), "softdep");
	ck_assert_str_eq(mod_rule_file(rule), path);
	ck_assert_uint_eq(mod_rule_line(rule), 2);
	ck_assert_ptr_null(mod_step_rule(s1, MOD_RULE_COMMAND));
	rule = mod_step_rule(s1, MOD_RULE_OPTIONS);
	ck_assert_str_eq(mod_rule_file(rule), path);
	ck_assert_uint_eq(mod_rule_line(rule), 4);

	const struct mod_step *b = mod_plan_at(plan, 2);
	ck_assert_int_eq(mod_step_route(b), MOD_ROUTE_NAME);
	ck_assert_ptr_null(mod_step_asked_by(b));
	ck_assert_ptr_null(mod_step_rule(b, MOD_RULE_ASKED));

	mod_plan_free(plan);
	mod_targets_free(targets);
	mod_ctx_free(ctx);
}
END_TEST

START_TEST(a_step_says_what_a_rule_thinks_of_it)
{
	static const struct {
		const char *config, *module;
		enum mod_verdict verdict;
		unsigned line;
		const char *judged;
		int forbids;
	} cases[] = {
		{ "", "b", MOD_VERDICT_NONE, 0, "b", 0 },
		{ "allow b\n", "b", MOD_VERDICT_NONE, 0, "b", 0 },
		{ "mask c\nmask b\n", "b", MOD_VERDICT_MASKED, 2, "b", 1 },
		{ "mask a\n", "a", MOD_VERDICT_MASKED, 1, "a", 1 },
		{ "policy audit\nallow b\n", "b", MOD_VERDICT_ALLOWED, 2, "b",
		  0 },
		{ "policy audit\nallow b\n", "a", MOD_VERDICT_NONE, 0, "a", 0 },
		{ "policy audit\n", "b", MOD_VERDICT_AUDITED, 1, "b", 0 },
		{ "allow a\npolicy allow-listed\n", "b", MOD_VERDICT_UNLISTED,
		  2, "b", 1 },
		{ "softdep b pre: d-dash\nmask c\n", "d_dash",
		  MOD_VERDICT_MASKED, 2, "c", 1 },
		{ "softdep b pre: d-dash\nmask d-dash\nmask c\n", "d_dash",
		  MOD_VERDICT_MASKED, 2, "d_dash", 1 },
		{ "install b false\n", "b", MOD_VERDICT_NONE, 0, "b", 1 },
		{ "install b run\n", "b", MOD_VERDICT_NONE, 0, "b", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mod_targets *targets;
		struct mod_plan *plan;

		root_write(&root, "etc/modprobe.d/x.conf", cases[i].config);
		struct mod_ctx *ctx = root_ctx(&root);
		ck_assert_int_eq(mod_find(ctx, "b", &targets), 0);
		ck_assert_int_eq(mod_plan_load(ctx, mod_targets_at(targets, 0),
					       "", 0, &plan),
				 0);
		const struct mod_step *step =
			mod_plan_step(plan, cases[i].module);
		ck_assert_ptr_nonnull(step);
		ck_assert_int_eq(mod_step_verdict(step), cases[i].verdict);
		const struct mod_rule *rule =
			mod_step_rule(step, MOD_RULE_POLICY);
		ck_assert_uint_eq(rule ? mod_rule_line(rule) : 0,
				  cases[i].line);
		ck_assert_str_eq(mod_step_policy_subject(step),
				 cases[i].judged);
		ck_assert_int_eq(mod_step_forbids(step), cases[i].forbids);
		ck_assert_ptr_null(mod_plan_step(plan, "nosuch"));
		mod_plan_free(plan);
		mod_targets_free(targets);
		mod_ctx_free(ctx);
	}
}
END_TEST

START_TEST(a_plan_says_which_blacklist_stops_it)
{
	struct mod_targets *targets;
	struct mod_plan *plan;

	root_write(&root, "etc/modprobe.d/x.conf", "\nblacklist p1\n");
	struct mod_ctx *ctx = root_ctx(&root);
	ck_assert_int_eq(mod_find(ctx, "pci:v1d1", &targets), 0);
	ck_assert_int_eq(
		mod_plan_load(ctx, mod_targets_at(targets, 0), "", 0, &plan),
		1);
	ck_assert_uint_eq(mod_rule_line(mod_plan_blacklist(plan)), 2);
	mod_plan_free(plan);
	mod_targets_free(targets);
	mod_ctx_free(ctx);
}
END_TEST

static int never(void *data, const struct mod_loaded *mod)
{
	(void)data;
	(void)mod;
	return 0;
}

START_TEST(an_error_is_about_the_last_call_that_failed)
{
	struct mod_ctx *ctx = root_ctx(&root);
	struct mod_module *module;
	char deep[5000];

	memset(deep, 'x', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	ck_assert_int_eq(mod_module_open(ctx, "/no/such.ko", &module), -ENOENT);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "/no/such.ko");
	ck_assert_int_eq(mod_ctx_set_proc(ctx, deep), 0);
	ck_assert_int_eq(mod_loaded_each(ctx, never, NULL), -ENAMETOOLONG);
	ck_assert_int_eq(mod_error_code(mod_ctx_error(ctx)), -ENAMETOOLONG);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_SYSTEM);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "");
	mod_ctx_free(ctx);
}
END_TEST

START_TEST(refuses_softdeps_without_end)
{
	_str_ struct mod_str conf = { 0 };
	struct mod_targets *targets;
	struct mod_plan *plan;

	/* Each is a virtual module that wants the next. */
	for (int i = 0; i < 2000; i++)
		mod_str_addf(&conf, "install v%d run\nsoftdep v%d pre: v%d\n",
			     i, i, i + 1);
	root_write(&root, "etc/modprobe.d/x.conf", conf.at);
	struct mod_ctx *ctx = root_ctx(&root);
	ck_assert_int_eq(mod_find(ctx, "v0", &targets), 0);
	ck_assert_int_eq(
		mod_plan_load(ctx, mod_targets_at(targets, 0), "", 0, &plan),
		-ELOOP);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_CONFIG);
	mod_targets_free(targets);
	mod_ctx_free(ctx);
}
END_TEST

START_TEST(a_module_may_have_many_softdeps)
{
	_str_ struct mod_str conf = { 0 }, want = { 0 }, got = { 0 };

	mod_str_add(&conf, "softdep a pre:");
	for (int i = 0; i < 600; i++) {
		mod_str_addf(&conf, " v%d", i);
		mod_str_addf(&want, "install:v%d=run; ", i);
	}
	mod_str_add(&conf, "\n");
	for (int i = 0; i < 600; i++)
		mod_str_addf(&conf, "install v%d run\n", i);
	mod_str_add(&want, "a");
	root_write(&root, "etc/modprobe.d/x.conf", conf.at);
	struct mod_ctx *ctx = root_ctx(&root);
	plan_all(ctx, "a", "", 0, &got);
	ck_assert_str_eq(got.at, want.at);
	mod_ctx_free(ctx);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("plan");
	TCase *tc = tcase_create("plan");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_loop_test(tc, plans_as_the_table_says, 0,
			    sizeof rows / sizeof *rows);
	tcase_add_test(tc, shipped_softdeps_count_until_the_user_has_one);
	tcase_add_test(tc, every_step_says_why_it_is_there);
	tcase_add_test(tc, a_step_says_what_a_rule_thinks_of_it);
	tcase_add_test(tc, a_plan_says_which_blacklist_stops_it);
	tcase_add_test(tc, an_error_is_about_the_last_call_that_failed);
	tcase_add_test(tc, refuses_softdeps_without_end);
	tcase_add_test(tc, a_module_may_have_many_softdeps);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
