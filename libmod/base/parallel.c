/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

struct jobs {
	mod_parallel_fn *run;
	void *data;
	size_t n;
	atomic_size_t next; /* to be taken by whoever is free */
};

struct worker {
	struct jobs *jobs;
	unsigned number;
	pthread_t thread;
};

static void *work(void *at)
{
	const struct worker *worker = at;
	struct jobs *jobs = worker->jobs;
	size_t i;

	while ((i = atomic_fetch_add(&jobs->next, 1)) < jobs->n)
		jobs->run(jobs->data, worker->number, i);
	return NULL;
}

void mod_parallel(unsigned threads, size_t n, mod_parallel_fn *run, void *data)
{
	struct jobs jobs = { .run = run, .data = data, .n = n };
	struct worker workers[MOD_PARALLEL_MAX];
	unsigned started = 1;

	if (threads > MOD_PARALLEL_MAX)
		threads = MOD_PARALLEL_MAX;
	workers[0] = (struct worker){ .jobs = &jobs };
	for (; started < threads && started < n; started++) {
		struct worker *worker = &workers[started];
		*worker = (struct worker){ .jobs = &jobs, .number = started };
		if (pthread_create(&worker->thread, NULL, work, worker) != 0)
			break; /* fewer do it too */
	}
	work(&workers[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
}

unsigned mod_parallel_cpus(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
							    : 1;

	return n > 0 ? (unsigned)n : 1;
}
