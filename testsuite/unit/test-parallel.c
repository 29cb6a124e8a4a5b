/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/parallel.h"

#include "testsuite/unit/suite.h"

#include <check.h>
#include <stdatomic.h>

enum { JOBS = 1000 };

struct seen {
	unsigned threads;
	atomic_uint times[JOBS];
	atomic_uint strangers; /* workers with a number that cannot be */
	atomic_uint at_work[MOD_PARALLEL_MAX];
	atomic_uint collisions; /* two jobs of one worker at a time */
};

static void note(void *data, unsigned worker, size_t item)
{
	struct seen *seen = data;

	if (worker >= seen->threads) {
		atomic_fetch_add(&seen->strangers, 1);
		return;
	}
	if (atomic_fetch_add(&seen->at_work[worker], 1) != 0)
		atomic_fetch_add(&seen->collisions, 1);
	atomic_fetch_add(&seen->times[item], 1);
	atomic_fetch_sub(&seen->at_work[worker], 1);
}

static const struct {
	unsigned threads;
	size_t jobs;
} cases[] = {
	{ 1, 0 },    { 1, 1 },     { 8, 0 },
	{ 8, 1 },    { 1, JOBS },  { 2, JOBS },
	{ 3, JOBS }, { 16, JOBS }, { MOD_PARALLEL_MAX, JOBS },
};

START_TEST(every_job_runs_once)
{
	struct seen seen = { .threads = cases[_i].threads };

	mod_parallel(cases[_i].threads, cases[_i].jobs, note, &seen);
	for (size_t i = 0; i < JOBS; i++)
		ck_assert_uint_eq(seen.times[i], i < cases[_i].jobs);
	ck_assert_uint_eq(seen.strangers, 0);
	ck_assert_uint_eq(seen.collisions, 0);
}
END_TEST

START_TEST(no_threads_and_too_many_do_it_too)
{
	struct seen seen = { .threads = MOD_PARALLEL_MAX };

	mod_parallel(0, JOBS, note, &seen);
	mod_parallel(100000, JOBS, note, &seen);
	for (size_t i = 0; i < JOBS; i++)
		ck_assert_uint_eq(seen.times[i], 2);
	ck_assert_uint_eq(seen.strangers, 0);
}
END_TEST

static void keep_order(void *data, unsigned worker, size_t item)
{
	size_t *next = data;

	ck_assert_uint_eq(worker, 0);
	ck_assert_uint_eq(item, (*next)++);
}

START_TEST(one_thread_takes_them_in_order)
{
	size_t next = 0;

	mod_parallel(1, JOBS, keep_order, &next);
	ck_assert_uint_eq(next, JOBS);
}
END_TEST

START_TEST(there_is_a_cpu)
{
	ck_assert_uint_ge(mod_parallel_cpus(), 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("parallel");
	TCase *tc = tcase_create("parallel");

	tcase_add_loop_test(tc, every_job_runs_once, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_test(tc, no_threads_and_too_many_do_it_too);
	tcase_add_test(tc, one_thread_takes_them_in_order);
	tcase_add_test(tc, there_is_a_cpu);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
