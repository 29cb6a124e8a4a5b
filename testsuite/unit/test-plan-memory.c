/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where what was found and planned lies: in what a context was lent, else on
 * the heap.
 */
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"

#include "libmod/base/str.h"

#include <check.h>
#include <errno.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 200 }; /* of the large plan: it fits into nothing lent */

static struct root root;
static alignas(max_align_t) char memory[64 * 1024];

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

static int nothing(void *data, const struct mod_loaded *mod)
{
	(void)data;
	(void)mod;
	return 0;
}

/* Each time in the same place, so that it may go on for ever. */
START_TEST(a_context_that_was_lent_memory_allocates_nothing)
{
	struct mod_ctx *ctx = warm(root_ctx_in(&root, memory, sizeof memory));
	struct found found;
	int r = 0;

	root_write(&root, "proc/modules", "");
	ck_assert_int_eq(mod_loaded_each(ctx, nothing, NULL), 0);
	fail_from(0);
	for (int i = 0; i < 10000 && r == 0; i++) {
		r = find_and_plan(ctx, "c", &found);
		if (r == 0)
			r = mod_plan_run(ctx, found.plan, MOD_RUN_DRY, NULL,
					 NULL);
		if (i < 9999 || r != 0)
			drop(&found);
	}
	ck_assert(!fail_off());
	ck_assert_int_eq(r, 0);
	check_small(&found);
	drop(&found);
	mod_ctx_free(ctx);
}
END_TEST

START_TEST(a_plan_while_another_is_there_is_allocated)
{
	struct mod_ctx *ctx = warm(root_ctx_in(&root, memory, sizeof memory));
	struct found first, second, third;

	ck_assert_int_eq(find_and_plan(ctx, "c", &first), 0);
	fail_from(0);
	int r = find_and_plan(ctx, "c", &second);
	ck_assert(fail_off());
	ck_assert_int_eq(r, -ENOMEM);
	drop(&second);
	ck_assert_int_eq(find_and_plan(ctx, "c", &second), 0);
	drop(&first);
	fail_from(0);
	r = find_and_plan(ctx, "c", &third);
	ck_assert(!fail_off());
	ck_assert_int_eq(r, 0);
	check_small(&second);
	check_small(&third);
	drop(&second);
	drop(&third);
	mod_ctx_free(ctx);
}
END_TEST

/* Larger ones continue on the heap; little memory, and none. */
static const size_t sizes[] = { sizeof memory, 16 * 1024, 1024, 0 };

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
	struct mod_ctx *ctx = sizes[_i] ? root_ctx_in(&root, memory, sizes[_i])
					: root_ctx(&root);

	warm(ctx);
	size_t small = without_memory(ctx, "c", check_small);
	ck_assert(sizes[_i] == sizeof memory ? small == 0 : small > 0);
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
	tcase_add_test(tc, a_context_that_was_lent_memory_allocates_nothing);
	tcase_add_test(tc, a_plan_while_another_is_there_is_allocated);
	tcase_add_loop_test(tc, survives_no_memory, 0,
			    sizeof sizes / sizeof *sizes);
	suite_add_tcase(s, tc);

	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
