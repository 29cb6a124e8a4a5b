/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several plans at the same time come to what one after the other does. */
#include "testsuite/fake/kernel.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 8 };

static struct root root;
static struct mod_ctx *ctx;
static char heard[4096]; /* what was said, shown and came out */

static void start(void)
{
	root_make(&root);
	fake_start(root.dir);
	root_modules(&root,
		     (const char *const[]){
			     "k/a.ko:", "k/b.ko:", "k/c.ko:", "k/d.ko: k/a.ko",
			     "k/e.ko: k/a.ko", "k/f.ko: k/d.ko k/a.ko", NULL });
	root_index(&root, "modules.builtin.bin",
		   (const char *const[]){ "inside ", NULL });
	fake_depends("d", "a");
	fake_depends("e", "a");
	fake_depends("f", "d");
	ctx = root_ctx(&root);
	heard[0] = '\0';
}

static void stop(void)
{
	mod_ctx_free(ctx);
	fake_end();
	root_remove(&root);
}

static void show(void *data, const struct mod_step *step)
{
	(void)data;
	strcat(strcat(heard, mod_step_name(step)), " ");
}

/* "NAME=RESULT", or "NAME=RESULT(MESSAGE)". */
static void over(void *data, const struct mod_error *error)
{
	int r = mod_error_code(error);
	char text[256];

	snprintf(text, sizeof text, "%s=%d%s%s%s\n", (const char *)data, r,
		 r ? "(" : "", mod_error_message(error), r ? ")" : "");
	strcat(heard, text);
}

/* names: words divided by blanks. */
static void run(const char *names, unsigned threads, unsigned flags,
		mod_step_fn *fn)
{
	const struct mod_run_opts opts = { .size = sizeof opts,
					   .flags = flags,
					   .show = fn };
	struct mod_targets *targets[MOST];
	struct mod_plan *plans[MOST];
	struct mod_job jobs[MOST];
	char *copy = strdup(names), *rest = copy;
	size_t n = 0;

	for (char *name; (name = strtok_r(rest, " ", &rest)); n++) {
		ck_assert_uint_lt(n, MOST);
		ck_assert_int_eq(mod_find(ctx, name, &targets[n]), 0);
		ck_assert_int_eq(mod_plan_load(ctx,
					       mod_targets_at(targets[n], 0),
					       "", 0, &plans[n]),
				 0);
		jobs[n] = (struct mod_job){ plans[n], name };
	}
	ck_assert_int_eq(mod_jobs_run(ctx, jobs, n, threads, &opts, over), 0);
	while (n--) {
		mod_plan_free(plans[n]);
		mod_targets_free(targets[n]);
	}
	free(copy);
}

START_TEST(loads_at_the_same_time)
{
	fake_meet(3);
	run("a b c", 3, 0, NULL);
	ck_assert_str_eq(heard, "a=0\nb=0\nc=0\n");
	ck_assert(fake_is_loaded("a"));
	ck_assert(fake_is_loaded("b"));
	ck_assert(fake_is_loaded("c"));
}
END_TEST

START_TEST(one_thread_goes_in_order)
{
	run("c d b inside", 1, 0, show);
	ck_assert_str_eq(fake_log(),
			 "finit c  0\nfinit a  0\nfinit d  0\nfinit b  0\n");
	ck_assert_str_eq(heard, "c a d b c=0\nd=0\nb=0\ninside=0\n");
}
END_TEST

static size_t times(const char *line)
{
	size_t n = 0;

	for (const char *at = fake_log(); (at = strstr(at, line)); at++)
		n++;
	return n;
}

START_TEST(loads_what_is_shared_once_and_first)
{
	const char *log;

	run("f e d a b", 5, 0, NULL);
	ck_assert_str_eq(heard, "f=0\ne=0\nd=0\na=0\nb=0\n");
	log = fake_log();
	ck_assert_uint_eq(times("finit a "), 1);
	ck_assert_uint_eq(times("finit d "), 1);
	ck_assert(strstr(log, "finit a ") < strstr(log, "finit d "));
	ck_assert(strstr(log, "finit d ") < strstr(log, "finit f "));
	ck_assert(strstr(log, "finit a ") < strstr(log, "finit e "));
}
END_TEST

START_TEST(runs_a_shared_command_as_often_as_in_order)
{
	root_write(&root, "etc/modprobe.d/o.conf", "install a /bin/load a\n");
	fake_load("a", 0);
	run("d e", 2, 0, NULL);
	ck_assert_uint_eq(times("sh /bin/load a"), 0);
}
END_TEST

/* The first to need it fails with it; then the next one tries. */
START_TEST(tells_failures_in_order)
{
	fake_fail("a", ENODEV);
	fake_fail("b", EBUSY);
	run("d b e", 3, 0, NULL);
	ck_assert_ptr_nonnull(strstr(heard, "d=-19(the kernel refused "));
	ck_assert_ptr_nonnull(
		strstr(heard, "/k/a.ko: No such device)\nb=-16("));
	ck_assert_ptr_nonnull(
		strstr(heard, "/k/b.ko: Device or resource busy)\ne=0\n"));
	ck_assert(!fake_is_loaded("d"));
	ck_assert(!fake_is_loaded("b"));
	ck_assert(fake_is_loaded("e"));
}
END_TEST

/* As in order: what an earlier one brought in was not new. */
START_TEST(first_time_is_as_in_order)
{
	run("d a", 2, MOD_RUN_FIRST_TIME, NULL);
	ck_assert_str_eq(heard, "d=0\na=-17(a is in the kernel already)\n");
	fake_forget();
	heard[0] = '\0';
	run("b b", 2, MOD_RUN_FIRST_TIME, NULL);
	ck_assert_str_eq(heard, "b=0\nb=-17(b is in the kernel already)\n");
}
END_TEST

static void hear(void *data, int level, const char *text)
{
	(void)data;
	(void)level;
	strcat(strcat(heard, text), "; ");
}

START_TEST(messages_reach_the_callers_log)
{
	root_write(&root, "etc/modprobe.d/o.conf", "softdep b pre: c\n");
	mod_ctx_set_log(ctx, hear, NULL, 7);
	fake_fail("c", ENODEV);
	run("b a", 2, 0, NULL);
	ck_assert_ptr_nonnull(strstr(heard, "c is skipped: "));
	ck_assert_ptr_nonnull(strstr(heard, "b=0\na=0\n"));
}
END_TEST

START_TEST(nothing_is_nothing)
{
	run("", 4, 0, NULL);
	ck_assert_str_eq(heard, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("jobs");
	TCase *tcase = tcase_create("jobs");

	tcase_add_checked_fixture(tcase, start, stop);
	tcase_add_test(tcase, loads_at_the_same_time);
	tcase_add_test(tcase, one_thread_goes_in_order);
	tcase_add_test(tcase, loads_what_is_shared_once_and_first);
	tcase_add_test(tcase, runs_a_shared_command_as_often_as_in_order);
	tcase_add_test(tcase, tells_failures_in_order);
	tcase_add_test(tcase, first_time_is_as_in_order);
	tcase_add_test(tcase, messages_reach_the_callers_log);
	tcase_add_test(tcase, nothing_is_nothing);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
