/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several targets in one plan. */
#include "testsuite/fake/kernel.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include "libmod/base/cleanup.h"
#include "libmod/base/str.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4 };

static struct root root;
static struct mod_ctx *ctx;
static struct mod_targets *found[MOST];
static const struct mod_target *targets[MOST];
static size_t n;

static void start(void)
{
	root_make(&root);
	fake_start(root.dir);
	root_modules(&root,
		     (const char *const[]){ "k/a.ko:", "k/b.ko: k/a.ko",
					    "k/c.ko: k/b.ko k/a.ko",
					    "k/s.ko:", "k/p.ko:", NULL });
	root_index(&root, "modules.alias.bin",
		   (const char *const[]){ "pci:v1* p", NULL });
	ctx = NULL;
	n = 0;
}

static void stop(void)
{
	while (n > 0)
		mod_targets_free(found[--n]);
	mod_ctx_free(ctx);
	fake_end();
	root_remove(&root);
}

/* Looks the words of queries up, by that configuration. */
static void look_up(const char *config, const char *queries)
{
	_free_ char *copy = strdup(queries);
	char *rest;

	ck_assert_ptr_nonnull(copy);
	root_write(&root, "etc/modprobe.d/x.conf", config);
	ctx = root_ctx(&root);
	for (char *word = strtok_r(copy, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest), n++) {
		ck_assert_uint_lt(n, MOST);
		ck_assert_int_eq(mod_find(ctx, word, &found[n]), 0);
		targets[n] = mod_targets_at(found[n], 0);
	}
}

/* "a; refused:b x=1" */
static void describe(struct mod_str *out, const struct mod_plan *plan)
{
	mod_str_add(out, "");
	for (size_t i = 0; i < mod_plan_count(plan); i++) {
		const struct mod_step *step = mod_plan_at(plan, i);
		mod_str_addf(
			out, "%s%s%s%s%s", i ? "; " : "",
			mod_step_action(step) == MOD_ACTION_REFUSED ? "refused:"
								    : "",
			mod_step_name(step), *mod_step_options(step) ? " " : "",
			mod_step_options(step));
	}
}

static const char *const options[MOST] = { "one=1", "two=2", "three=3",
					   "four=4" };

static const struct row {
	const char *config, *queries;
	bool with_options;
	unsigned flags;
	int result;
	const char *want;
} rows[] = {
	{ "", "p c s", false, 0, 0, "p; a; b; c; s" },
	{ "", "c a", false, 0, 0, "a; b; c" },
	{ "", "a c", false, 0, 0, "a; b; c" },
	{ "softdep c pre: p post: s\n", "c s", false, 0, 0, "a; b; p; c; s" },
	{ "", "s c a", true, 0, 0, "s one=1; a three=3; b; c two=2" },
	{ "", "pci:v12 p", true, 0, 0, "p one=1" },
	{ "options pci:v1* x=0\noptions p p=0\n", "pci:v12 s", true, 0, 0,
	  "p p=0 one=1; s two=2" },
	{ "softdep p pre: s\nsoftdep c pre: p\n", "c p", false,
	  MOD_PLAN_IGNORE_COMMANDS, 0, "a; b; c; p" },

	/* what is refused */
	{ "mask s\n", "p s", false, 0, 0, "p; refused:s" },
	{ "mask a\n", "p b", false, 0, 0, "p; refused:a; b" },
	{ "softdep p pre: s\nmask s\n", "p s", false, 0, 0, "refused:s; p" },
	/* the dependencies of a target come with it, unless they are targets */
	{ "policy allow-listed\nallow b\n", "b", false, 0, 0, "a; b" },
	{ "policy allow-listed\nallow b\n", "b a", false, 0, 0,
	  "refused:a; b" },

	/* what a blacklist stops */
	{ "blacklist p\n", "s pci:v12 a", true, 0, 0, "s one=1; a three=3" },
	{ "blacklist p\n", "pci:v12 pci:v13", false, 0, 1, "" },
	{ "blacklist p\n", "pci:v12 p", true, 0, 0, "p two=2" },
	{ "", "", false, 0, 0, "" },
};

START_TEST(plans_as_the_table_says)
{
	const struct row *row = &rows[_i];
	_str_ struct mod_str got = { 0 };
	struct mod_plan *plan;

	look_up(row->config, row->queries);
	int r = mod_plan_load_all(ctx, targets,
				  row->with_options ? options : NULL, n,
				  row->flags, &plan);
	ck_assert_int_eq(r, row->result);
	describe(&got, plan);
	ck_assert_str_eq(got.at, row->want);
	mod_plan_free(plan);
}
END_TEST

START_TEST(a_plan_says_which_blacklist_is_the_first)
{
	struct mod_plan *plan;

	look_up("alias x s\nblacklist p\nblacklist s\n", "x pci:v12");
	ck_assert_int_eq(mod_plan_load_all(ctx, targets, NULL, n, 0, &plan), 1);
	ck_assert_uint_eq(mod_rule_line(mod_plan_blacklist(plan)), 3);
	mod_plan_free(plan);
}
END_TEST

static void note(void *data, const struct mod_step *step)
{
	strcat(strcat(data, mod_step_name(step)), " ");
}

/* Plans and runs, with the names of the steps in *shown. */
static int load(unsigned flags, char *shown)
{
	struct mod_plan *plan;

	*shown = '\0';
	ck_assert_int_eq(mod_plan_load_all(ctx, targets, NULL, n, 0, &plan), 0);
	int r = mod_plan_run(
		ctx, plan,
		&(struct mod_run_opts){ .size = sizeof(struct mod_run_opts),
					.flags = flags,
					.show = note,
					.data = shown });
	mod_plan_free(plan);
	return r;
}

START_TEST(loads_all_targets)
{
	char shown[64];

	look_up("", "p b");
	ck_assert_int_eq(load(0, shown), 0);
	ck_assert_str_eq(shown, "p a b ");
	ck_assert(fake_is_loaded("p") && fake_is_loaded("b"));
	ck_assert_int_eq(load(0, shown), 0);
	ck_assert_str_eq(shown, "");
}
END_TEST

START_TEST(loads_the_targets_that_are_missing)
{
	char shown[64];

	fake_load("p", 0);
	look_up("", "p b");
	ck_assert_int_eq(load(0, shown), 0);
	ck_assert_str_eq(shown, "a b ");
}
END_TEST

START_TEST(one_loaded_target_fails_the_first_time)
{
	char shown[64];

	fake_load("b", 0);
	look_up("", "p b");
	ck_assert_int_eq(load(MOD_RUN_FIRST_TIME, shown), -EEXIST);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "b");
	ck_assert_str_eq(shown, "");
	ck_assert(!fake_is_loaded("p"));
}
END_TEST

START_TEST(one_refused_target_fails_the_plan)
{
	char shown[64];

	look_up("mask s\n", "p s");
	ck_assert_int_eq(load(0, shown), -EPERM);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "s");
	ck_assert_str_eq(shown, "");
	fake_load("s", 0);
	ck_assert_int_eq(load(0, shown), 0);
	ck_assert_str_eq(shown, "p ");
}
END_TEST

START_TEST(a_refused_dependency_is_reported_for_its_target)
{
	char shown[64];

	look_up("mask a\n", "p b c");
	ck_assert_int_eq(load(0, shown), -EPERM);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "a");
	ck_assert_ptr_nonnull(strstr(mod_error_message(mod_ctx_error(ctx)),
				     "b needs a: a is masked ("));
	ck_assert_str_eq(shown, "");
}
END_TEST

START_TEST(stops_at_the_first_target_that_fails)
{
	char shown[64];

	fake_fail("b", ENODEV);
	look_up("", "p b s");
	ck_assert_int_eq(load(0, shown), -ENODEV);
	ck_assert_str_eq(shown, "p a b ");
	ck_assert(fake_is_loaded("p") && !fake_is_loaded("s"));
}
END_TEST

START_TEST(survives_no_memory)
{
	struct mod_plan *plan;

	/* More than fit into the first memory of the plan. */
	const struct mod_target *many[100];

	look_up("softdep c pre: p post: s\nmask a\n", "pci:v12 c b a");
	for (size_t i = 0; i < 100; i++)
		many[i] = targets[i % n];
	for (size_t i = 0;; i++) {
		fail_at(i);
		int r = mod_plan_load_all(ctx, many, NULL, 100, 0, &plan);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
	}
	ck_assert_uint_eq(mod_plan_count(plan), 5);
	mod_plan_free(plan);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("plan-targets");
	TCase *tc = tcase_create("plan-targets");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_loop_test(tc, plans_as_the_table_says, 0,
			    sizeof rows / sizeof *rows);
	tcase_add_test(tc, a_plan_says_which_blacklist_is_the_first);
	tcase_add_test(tc, loads_all_targets);
	tcase_add_test(tc, loads_the_targets_that_are_missing);
	tcase_add_test(tc, one_loaded_target_fails_the_first_time);
	tcase_add_test(tc, one_refused_target_fails_the_plan);
	tcase_add_test(tc, a_refused_dependency_is_reported_for_its_target);
	tcase_add_test(tc, stops_at_the_first_target_that_fails);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
