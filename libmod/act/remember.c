/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/act/remember.h"

#include "libmod/base/parallel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

static int read_cache(struct mod_memory_of_runs *memory)
{
	char *path;

	if (asprintf(&path, "%s/%s", memory->dir, memory->name) < 0)
		return -ENOMEM;
	int r = mod_cache_read(&memory->cache, path);
	free(path);
	return r;
}

struct recalling {
	struct mod_memory_of_runs *memory;
	struct mod_scanned *files;
};

static void recall_one(void *data, unsigned worker, size_t i)
{
	const struct recalling *recalling = data;
	struct mod_memory_of_runs *memory = recalling->memory;
	struct mod_scanned *s = &recalling->files[i];
	struct stat st;

	(void)worker;
	if (stat(s->path, &st) < 0)
		return; /* reading it will tell */
	memory->stamps[i] = mod_stamp_of(&st);
	s->recalled =
		mod_cache_get(&memory->cache, &memory->stamps[i], &s->bytes) &&
		mod_record_open(&s->record, s->bytes) == 0;
	if (s->recalled)
		atomic_fetch_add(&memory->recalled, 1);
	else
		s->bytes = (struct mod_bytes){ 0 }; /* was lent */
}

int mod_recall(struct mod_memory_of_runs *memory, struct mod_scanned *files,
	       size_t n, unsigned threads)
{
	struct recalling recalling = { memory, files };

	if (!memory->dir)
		return 0;
	clock_gettime(CLOCK_REALTIME, &memory->start);
	int r = read_cache(memory);
	if (r < 0)
		return r;
	memory->stamps = calloc(n + 1, sizeof *memory->stamps);
	if (!memory->stamps)
		return -ENOMEM;
	mod_parallel(threads, n, recall_one, &recalling);
	return 0;
}

static int write_cache(struct mod_memory_of_runs *memory,
		       const struct mod_scanned *files, size_t n)
{
	_free_ struct mod_cache_entry *entries = calloc(n + 1, sizeof *entries);
	size_t kept = 0;

	if (!entries)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct mod_stamp *stamp = &memory->stamps[i];
		if (mod_scan_is_whole(&files[i]) && stamp->ino &&
		    mod_stamp_is_settled(stamp, &memory->start))
			entries[kept++] =
				(struct mod_cache_entry){ *stamp,
							  files[i].bytes };
	}
	return mod_cache_write(memory->dir, memory->name, entries, kept);
}

void mod_remember(struct mod_memory_of_runs *memory, struct mod_ctx *ctx,
		  const struct mod_scanned *files, size_t n)
{
	size_t recalled = atomic_load(&memory->recalled);
	bool same = recalled == n && recalled == memory->cache.count;

	if (!memory->stamps || same)
		return;
	int r = write_cache(memory, files, n);
	if (r < 0)
		mod_say(ctx, LOG_INFO, "%s/%s: not kept: %s", memory->dir,
			memory->name, strerror(-r));
}

void mod_memory_of_runs_fini(struct mod_memory_of_runs *memory)
{
	free(memory->stamps);
	mod_cache_fini(&memory->cache);
	*memory = (struct mod_memory_of_runs){ 0 };
}
