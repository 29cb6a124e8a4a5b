/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/cache.h"

#include "libmod/base/parallel.h"
#include "libmod/ctx/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

int mod_depmod_cache_read(struct mod_depmod_cache *memory)
{
	char *path;

	if (!memory->dir)
		return 0;
	clock_gettime(CLOCK_REALTIME, &memory->start);
	if (asprintf(&path, "%s/%s", memory->dir, memory->name) < 0)
		return -ENOMEM;
	mod_cache_file_read(&memory->cache, path);
	free(path);
	return 0;
}

struct recalling {
	struct mod_depmod_cache *memory;
	struct mod_scanned *files;
	int dir;
};

static void recall_one(void *data, unsigned worker, size_t i)
{
	const struct recalling *recalling = data;
	struct mod_depmod_cache *memory = recalling->memory;
	struct mod_scanned *s = &recalling->files[i];
	struct stat st;

	(void)worker;
	if (fstatat(recalling->dir, s->from_dir, &st, 0) < 0)
		return; /* reading it will tell */
	s->stamp = mod_cache_file_stamp(&st);
	s->recalled =
		mod_cache_file_get(&memory->cache, &s->stamp, &s->bytes) &&
		mod_record_open(&s->record, s->bytes) == 0;
	if (s->recalled)
		atomic_fetch_add(&memory->recalled, 1);
	else
		s->bytes = (struct mod_bytes){ 0 }; /* was lent */
}

void mod_depmod_cache_find(struct mod_depmod_cache *memory,
			   struct mod_scanned *files, size_t n, int dir,
			   unsigned threads)
{
	struct recalling recalling = { memory, files, dir };

	if (memory->cache.count > 0) /* else looking at files is in vain */
		mod_parallel(threads, n, recall_one, &recalling);
}

/* Whether a file may be remembered as it was read. */
static bool is_settled(const struct mod_depmod_cache *memory,
		       const struct mod_scanned *file)
{
	return mod_scan_is_whole(file) && file->stamp.ino &&
		mod_cache_file_is_settled(&file->stamp, &memory->start);
}

static int write_cache(struct mod_depmod_cache *memory,
		       const struct mod_scanned *files, size_t n)
{
	_free_ struct mod_cache_file_entry *entries =
		calloc(n + 1, sizeof *entries);
	size_t kept = 0;

	if (!entries)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (is_settled(memory, &files[i]))
			entries[kept++] =
				(struct mod_cache_file_entry){ files[i].stamp,
							       files[i].bytes };
	return mod_cache_file_write(memory->dir, memory->name, entries, kept);
}

/* Whether there is more to remember, or much to forget.  A module that was just
 * built has not settled: it is remembered by a later run.
 */
static bool is_worth_it(const struct mod_depmod_cache *memory,
			const struct mod_scanned *files, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!files[i].recalled && is_settled(memory, &files[i]))
			return true;
	return atomic_load(&memory->recalled) < memory->cache.count / 2;
}

void mod_depmod_cache_store(struct mod_depmod_cache *memory,
			    struct mod_ctx *ctx,
			    const struct mod_scanned *files, size_t n)
{
	if (!memory->dir || !is_worth_it(memory, files, n))
		return;
	int r = write_cache(memory, files, n);
	if (r < 0)
		mod_log(ctx, LOG_INFO, "%s/%s: not kept: %s", memory->dir,
			memory->name, strerror(-r));
}

void mod_depmod_cache_fini(struct mod_depmod_cache *memory)
{
	mod_cache_file_fini(&memory->cache);
	*memory = (struct mod_depmod_cache){ 0 };
}
