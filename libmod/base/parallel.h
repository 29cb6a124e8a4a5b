/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* parallel.h - one job many times, by several threads. */
#pragma once

#include <stddef.h>

enum { MOD_PARALLEL_MAX = 256 }; /* threads */

/* Runs job number `item`; `worker`, below MOD_PARALLEL_MAX, differs between
 * threads that run at the same time.
 */
typedef void mod_parallel_fn(void *data, unsigned worker, size_t item);

/* Runs jobs 0 to n - 1, each once, and returns when all are done.  They are
 * begun in this order by up to `threads` threads, the calling one, worker 0,
 * among them; where no thread can be started, fewer do it.
 */
void mod_parallel(unsigned threads, size_t n, mod_parallel_fn *run, void *data);

/* How many CPUs the process may use. */
unsigned mod_parallel_cpus(void);
