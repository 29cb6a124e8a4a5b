/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jobs.c - does several plans at the same time.
 *
 * The result is to be that of one after the other.  So each plan stays a chain
 * of steps, and a step whose module an earlier plan has, too, waits until that
 * one is past it.  Plans are begun in order and wait for earlier ones only, so
 * there is always one that can go on.
 */
#include "libmod/base/map.h"
#include "libmod/base/parallel.h"
#include "libmod/ctx/error.h"
#include "libmod/load/run.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const size_t ALL = SIZE_MAX; /* of the steps of a plan */

/* A step of one of the plans. */
struct place {
	struct job *job; /* NULL: none */
	size_t step;
};

struct job {
	struct mod_gate gate; /* the first member */
	struct jobs *jobs;
	const struct mod_job *asked;
	struct mod_ctx *ctx;   /* its own, which has its error */
	struct place *earlier; /* for each step: who has that module before */
	size_t passed;         /* steps that are over; under the lock */
};

struct jobs {
	struct mod_ctx *ctx; /* of the caller */
	struct job *at;
	size_t n;
	const struct mod_run_opts *opts;
	struct mod_arena arena;
	pthread_mutex_t lock; /* for `passed`, and for all messages */
	pthread_cond_t moved;
};

static void log_locked(void *data, int level, const char *text)
{
	struct jobs *jobs = data;

	pthread_mutex_lock(&jobs->lock);
	jobs->ctx->log(jobs->ctx->log_data, level, text);
	pthread_mutex_unlock(&jobs->lock);
}

static void show_locked(void *data, const struct mod_step *step)
{
	struct job *job = data;

	pthread_mutex_lock(&job->jobs->lock);
	job->jobs->opts->show(job->asked->data, step);
	pthread_mutex_unlock(&job->jobs->lock);
}

static char *const *environment_locked(void *data)
{
	struct job *job = data;

	pthread_mutex_lock(&job->jobs->lock);
	char *const *environment =
		job->jobs->opts->environment(job->asked->data);
	pthread_mutex_unlock(&job->jobs->lock);
	return environment;
}

static void skipped_locked(void *data, const struct mod_step *step,
			   const struct mod_error *error)
{
	struct job *job = data;

	pthread_mutex_lock(&job->jobs->lock);
	job->jobs->opts->skipped(job->asked->data, step, error);
	pthread_mutex_unlock(&job->jobs->lock);
}

/* Not locked: the command of one job may wait for another one. */
static int run_command(void *data, const struct mod_step *step)
{
	const struct job *job = data;

	return job->jobs->opts->command(job->asked->data, step);
}

/* An earlier plan that failed did not come to its step: so all are asked. */
static void enter(const struct mod_gate *gate, size_t step)
{
	const struct job *job = (const struct job *)gate;
	struct place at = job->earlier[step];

	pthread_mutex_lock(&job->jobs->lock);
	for (; at.job; at = at.job->earlier[at.step])
		while (at.job->passed <= at.step)
			pthread_cond_wait(&job->jobs->moved, &job->jobs->lock);
	pthread_mutex_unlock(&job->jobs->lock);
}

static void pass(struct job *job, size_t steps)
{
	pthread_mutex_lock(&job->jobs->lock);
	job->passed = steps;
	pthread_cond_broadcast(&job->jobs->moved);
	pthread_mutex_unlock(&job->jobs->lock);
}

static void leave(const struct mod_gate *gate, size_t step)
{
	pass((struct job *)gate, step + 1);
}

static void do_job(void *data, unsigned worker, size_t i)
{
	struct jobs *jobs = data;
	struct job *job = &jobs->at[i];
	struct mod_run_opts opts = *jobs->opts;

	(void)worker;
	opts.show = opts.show ? show_locked : NULL;
	opts.command = opts.command ? run_command : NULL;
	opts.environment = opts.environment ? environment_locked : NULL;
	opts.skipped = opts.skipped ? skipped_locked : NULL;
	opts.data = job;
	int r = mod_run_gated(job->ctx, job->asked->plan, &opts, &job->gate);
	/* mod_job_fn gets the result as an error. */
	(void)mod_error_end(job->ctx, r);
	pass(job, ALL);
}

/* A context with the caller's view of the kernel and the caller's receiver of
 * messages.
 */
static int make_ctx(struct jobs *jobs, struct mod_ctx **out)
{
	const struct mod_ctx *ctx = jobs->ctx;
	int r = mod_ctx_new(out);

	if (r < 0)
		return r;
	(*out)->proc = ctx->proc;
	(*out)->sys = ctx->sys;
	if (ctx->log)
		mod_ctx_set_log(*out, log_locked, jobs, ctx->log_level);
	return 0;
}

static int find_earlier(struct jobs *jobs, struct job *job, struct mod_map *map)
{
	const struct mod_plan *plan = job->asked->plan;

	job->earlier =
		mod_arena_get(&jobs->arena, plan->n * sizeof *job->earlier);
	if (!job->earlier)
		return -ENOMEM;
	for (size_t i = 0; i < plan->n; i++) {
		void **slot;
		struct place *here = mod_arena_get(&jobs->arena, sizeof *here);
		int r = here ? mod_map_put(map, plan->at[i].name, &slot)
			     : -ENOMEM;
		if (r < 0)
			return r;
		if (*slot)
			job->earlier[i] = *(struct place *)*slot;
		*here = (struct place){ job, i };
		*slot = here;
	}
	return 0;
}

static int prepare(struct jobs *jobs, const struct mod_job *asked)
{
	struct mod_map map = { 0 };
	int r = 0;

	for (size_t i = 0; i < jobs->n && r == 0; i++) {
		struct job *job = &jobs->at[i];
		job->gate = (struct mod_gate){ enter, leave };
		job->jobs = jobs;
		job->asked = &asked[i];
		r = make_ctx(jobs, &job->ctx);
		if (r == 0)
			r = find_earlier(jobs, job, &map);
	}
	mod_map_fini(&map);
	return r;
}

static void report(const struct jobs *jobs, mod_job_fn *over)
{
	for (size_t i = 0; i < jobs->n; i++)
		over(jobs->at[i].asked->data, &jobs->at[i].ctx->error);
}

int mod_jobs_run(struct mod_ctx *ctx, const struct mod_job *asked, size_t n,
		 unsigned threads, const struct mod_run_opts *given,
		 mod_job_fn *over)
{
	struct mod_run_opts opts;
	struct jobs jobs = { .ctx = ctx, .n = n, .opts = &opts };

	mod_error_clear(ctx);
	int r = mod_run_take_opts(ctx, given, &opts);
	if (r < 0)
		return mod_error_end(ctx, r);
	jobs.at = mod_arena_get(&jobs.arena, n * sizeof *jobs.at);
	pthread_mutex_init(&jobs.lock, NULL);
	pthread_cond_init(&jobs.moved, NULL);
	r = jobs.at ? prepare(&jobs, asked) : -ENOMEM;
	if (r == 0) {
		mod_parallel(threads, n, do_job, &jobs);
		report(&jobs, over);
	}
	for (size_t i = 0; jobs.at && i < n; i++)
		mod_ctx_free(jobs.at[i].ctx);
	pthread_cond_destroy(&jobs.moved);
	pthread_mutex_destroy(&jobs.lock);
	mod_arena_fini(&jobs.arena);
	return mod_error_end(ctx, r);
}
