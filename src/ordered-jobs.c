/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/ordered-jobs.h"

#include "libmod/base/parallel.h"
#include "src/log.h"
#include "src/output.h"

#include <pthread.h>
#include <stdlib.h>

enum {
	FEWEST = 8, /* items for which threads are started unasked */
	BATCH = 16, /* items at most that a thread takes at once */
	AHEAD = 8,  /* batches for each thread that may wait to be printed */
};

/* A batch that was begun: its output, until those before it are done. */
struct slot {
	struct output_kept kept;
	bool done;
};

struct work {
	const struct ordered_jobs *jobs;
	size_t batch, batches; /* items in one; how many */

	pthread_mutex_t lock; /* for all below */
	pthread_cond_t room;  /* a slot is free again */
	size_t next;          /* batch to be begun */
	size_t printed;       /* batches */
	bool printing;        /* a thread prints, without the lock */
	int failed;
	size_t n_slots;
	struct slot *slots; /* batch b is in slots[b % n_slots] */
};

struct worker {
	struct work *work;
	struct mod_ctx *ctx;
	pthread_t thread;
};

static int run_batch(const struct work *work, struct mod_ctx *ctx, size_t batch)
{
	const struct ordered_jobs *jobs = work->jobs;
	size_t end = (batch + 1) * work->batch;
	int failed = 0;

	for (size_t i = batch * work->batch; i < end && i < jobs->n; i++)
		failed |= jobs->run(jobs->data, ctx, i);
	return failed;
}

/* Prints the complete batches, in order; one thread at a time.  With the lock.
 */
static void print_done(struct work *work)
{
	struct slot *slot;

	if (work->printing)
		return;
	work->printing = true;
	while ((slot = &work->slots[work->printed % work->n_slots])->done) {
		struct output_kept kept = slot->kept;

		*slot = (struct slot){ 0 };
		work->printed++;
		pthread_cond_broadcast(&work->room);
		pthread_mutex_unlock(&work->lock);
		log_release(&kept);
		pthread_mutex_lock(&work->lock);
	}
	work->printing = false;
}

/* The batch to do next; false when there is none.  With the lock. */
static bool take_batch(struct work *work, size_t *batch)
{
	while (work->next < work->batches &&
	       work->next - work->printed >= work->n_slots)
		pthread_cond_wait(&work->room, &work->lock);
	if (work->next >= work->batches)
		return false;
	*batch = work->next++;
	return true;
}

static void *do_work(void *at)
{
	const struct worker *worker = at;
	struct work *work = worker->work;
	struct output_kept kept = { 0 };
	size_t batch;

	pthread_mutex_lock(&work->lock);
	while (take_batch(work, &batch)) {
		pthread_mutex_unlock(&work->lock);
		output_keep(&kept);
		int failed = run_batch(work, worker->ctx, batch);
		output_keep(NULL);
		pthread_mutex_lock(&work->lock);
		work->failed |= failed;
		work->slots[batch % work->n_slots] =
			(struct slot){ kept, true };
		kept = (struct output_kept){ 0 };
		print_done(work);
	}
	pthread_mutex_unlock(&work->lock);
	return NULL;
}

static struct mod_ctx *new_ctx(const struct ordered_jobs *jobs)
{
	struct mod_ctx *ctx;

	if (mod_ctx_new(&ctx) < 0)
		return NULL;
	mod_ctx_set_log(ctx, log_from_library, NULL, log_level());
	if (jobs->set_up(jobs->data, ctx) == 0)
		return ctx;
	mod_ctx_free(ctx);
	return NULL;
}

/* Starts threads beside this one; fewer do it, too. */
static unsigned start(struct worker *workers, unsigned threads)
{
	struct work *work = workers[0].work;
	unsigned n = 1;

	for (; n < threads; n++) {
		struct worker *worker = &workers[n];
		*worker = (struct worker){ .work = work,
					   .ctx = new_ctx(work->jobs) };
		if (worker->ctx &&
		    pthread_create(&worker->thread, NULL, do_work, worker) == 0)
			continue;
		mod_ctx_free(worker->ctx);
		break;
	}
	return n;
}

static int by_threads(const struct ordered_jobs *jobs, struct mod_ctx *ctx,
		      unsigned threads)
{
	struct worker workers[ORDERED_JOBS_MAX];
	struct work work = {
		.jobs = jobs,
		.batch = jobs->n / (threads * (size_t)AHEAD),
		.n_slots = threads * (size_t)AHEAD,
	};

	work.batch = work.batch < 1 ? 1 : work.batch;
	work.batch = work.batch > BATCH ? BATCH : work.batch;
	work.batches = (jobs->n + work.batch - 1) / work.batch;
	work.slots = calloc(work.n_slots, sizeof *work.slots);
	if (!work.slots)
		return log_error("out of memory");
	pthread_mutex_init(&work.lock, NULL);
	pthread_cond_init(&work.room, NULL);
	workers[0] = (struct worker){ .work = &work, .ctx = ctx };
	unsigned started = start(workers, threads);
	do_work(&workers[0]);
	for (unsigned i = 1; i < started; i++) {
		pthread_join(workers[i].thread, NULL);
		mod_ctx_free(workers[i].ctx);
	}
	pthread_cond_destroy(&work.room);
	pthread_mutex_destroy(&work.lock);
	free(work.slots);
	return work.failed;
}

int ordered_jobs_run(const struct ordered_jobs *jobs, struct mod_ctx *ctx)
{
	unsigned threads = jobs->threads;
	int failed = 0;

	if (!threads)
		threads = jobs->n < FEWEST ? 1 : mod_parallel_cpus();
	threads = threads > ORDERED_JOBS_MAX ? ORDERED_JOBS_MAX : threads;
	threads = threads > jobs->n ? (unsigned)jobs->n : threads;
	if (threads > 1)
		return by_threads(jobs, ctx, threads);
	for (size_t i = 0; i < jobs->n; i++)
		failed |= jobs->run(jobs->data, ctx, i);
	return failed;
}
