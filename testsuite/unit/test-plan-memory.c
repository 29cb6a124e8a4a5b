/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding and planning while allocations fail. */
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include "libmod/base/str.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { STEPS = 200 }; /* of the large plan */

static struct root root;

/* Softdeps at two levels, one through an alias, and options. */
static void start(void)
{
	_str_ struct mod_str conf = { 0 };

	root_make(&root);
	root_modules(&root,
		     (const char *const[]){ "k/a.ko:", "k/b.ko: k/a.ko",
					    "k/c.ko: k/b.ko k/a.ko", "k/s1.ko:",
					    "k/s2.ko:", "k/s3.ko:", NULL });
	root_index(
		&root, "modules.alias.bin",
		(const char *const[]){ "pci:v*d1* s2", "pci:v*d*2 s3", NULL });
	mod_str_add(&conf,
		    "softdep b pre: s1\nsoftdep a pre: pci:v1d12 post: s1\n"
		    "options c x=1\noptions c y=2\n");
	for (int i = 0; i < STEPS; i++)
		mod_str_addf(&conf, "install v%d run\nsoftdep v%d pre: v%d\n",
			     i, i, i + 1);
	root_write(&root, "etc/modprobe.d/x.conf", conf.at);
}

static void stop(void)
{
	root_remove(&root);
}

struct found {
	struct mod_targets *targets;
	struct mod_plan *plan;
};

static int find_and_plan(struct mod_ctx *ctx, const char *query,
			 struct found *out)
{
	*out = (struct found){ 0 };
	int r = mod_find(ctx, query, &out->targets);

	return r < 0 ? r
		     : mod_plan_load(ctx, mod_targets_at(out->targets, 0),
				     "z=3", 0, &out->plan);
}

static void drop(struct found *found)
{
	mod_plan_free(found->plan);
	mod_targets_free(found->targets);
}

static void check_small(const struct found *found)
{
	static const char *const want[] = { "s2", "s3", "a", "s1", "b", "c" };

	ck_assert_uint_eq(mod_plan_count(found->plan), 6);
	for (size_t i = 0; i < 6; i++)
		ck_assert_str_eq(mod_step_name(mod_plan_at(found->plan, i)),
				 want[i]);
	ck_assert_str_eq(mod_step_options(mod_plan_at(found->plan, 5)),
			 "x=1 y=2 z=3");
}

static void check_large(const struct found *found)
{
	char name[16];

	ck_assert_uint_eq(mod_plan_count(found->plan), STEPS);
	for (size_t i = 0; i < STEPS; i++) {
		snprintf(name, sizeof name, "v%zu", STEPS - 1 - i);
		ck_assert_str_eq(mod_step_name(mod_plan_at(found->plan, i)),
				 name);
	}
}

/* A context that has read what there is to read. */
static struct mod_ctx *warm(struct mod_ctx *ctx)
{
	struct found found;

	ck_assert_int_eq(find_and_plan(ctx, "c", &found), 0);
	check_small(&found);
	drop(&found);
	return ctx;
}

static size_t without_memory(struct mod_ctx *ctx, const char *query,
			     void (*check)(const struct found *found))
{
	struct found found;

	for (size_t n = 0;; n++) {
		fail_at(n);
		int r = find_and_plan(ctx, query, &found);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			check(&found);
		drop(&found);
		if (!hit)
			return n;
	}
}

START_TEST(survives_no_memory)
{
	struct mod_ctx *ctx = warm(root_ctx(&root));

	size_t small = without_memory(ctx, "c", check_small);
	ck_assert_uint_gt(small, 0);
	ck_assert_uint_gt(without_memory(ctx, "v0", check_large), 5);
	ck_assert_uint_eq(without_memory(ctx, "c", check_small), small);
	mod_ctx_free(ctx);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("plan-memory");
	TCase *tc = tcase_create("plan-memory");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
