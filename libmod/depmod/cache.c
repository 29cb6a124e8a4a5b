/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/cache.h"

#include "libmod/base/parallel.h"
#include "libmod/base/path.h"
#include "libmod/ctx/log.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

int mod_depmod_cache_read(struct mod_depmod_cache *cache)
{
	char path[PATH_MAX];

	if (!cache->dir)
		return 0;
	clock_gettime(CLOCK_REALTIME, &cache->start);
	if (mod_path_concat(path, sizeof path, cache->dir, "/", cache->name,
			    NULL))
		mod_cache_file_read(&cache->file, path);
	return 0;
}

struct search {
	struct mod_depmod_cache *cache;
	struct mod_scanned *files;
	int dir;
};

static void find_one(void *data, unsigned worker, size_t i)
{
	const struct search *search = data;
	struct mod_depmod_cache *cache = search->cache;
	struct mod_scanned *s = &search->files[i];
	struct stat st;

	(void)worker;
	if (fstatat(search->dir, s->from_dir, &st, 0) < 0)
		return; /* reading it reports the error */
	s->stamp = mod_cache_file_stamp(&st);
	s->cached = mod_cache_file_get(&cache->file, &s->stamp, &s->bytes) &&
		mod_record_open(&s->record, s->bytes) == 0;
	if (s->cached)
		atomic_fetch_add(&cache->cached, 1);
	else
		s->bytes = (struct mod_bytes){ 0 }; /* was lent */
}

void mod_depmod_cache_find(struct mod_depmod_cache *cache,
			   struct mod_scanned *files, size_t n, int dir,
			   unsigned threads)
{
	struct search search = { cache, files, dir };

	if (cache->file.count > 0) /* else looking at files is in vain */
		mod_parallel(threads, n, find_one, &search);
}

/* Whether a file may be remembered as it was read. */
static bool is_settled(const struct mod_depmod_cache *cache,
		       const struct mod_scanned *file)
{
	return mod_scan_is_whole(file) && file->stamp.ino &&
		mod_cache_file_is_settled(&file->stamp, &cache->start);
}

static int write_cache(struct mod_depmod_cache *cache,
		       const struct mod_scanned *files, size_t n)
{
	_free_ struct mod_cache_file_entry *entries =
		calloc(n + 1, sizeof *entries);
	size_t count = 0;

	if (!entries)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (is_settled(cache, &files[i]))
			entries[count++] =
				(struct mod_cache_file_entry){ files[i].stamp,
							       files[i].bytes };
	return mod_cache_file_write(cache->dir, cache->name, entries, count);
}

/* Whether there is more to remember, or much to forget.  A module that was just
 * built has not settled: it is remembered by a later run.
 */
static bool is_worth_it(const struct mod_depmod_cache *cache,
			const struct mod_scanned *files, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!files[i].cached && is_settled(cache, &files[i]))
			return true;
	return atomic_load(&cache->cached) < cache->file.count / 2;
}

void mod_depmod_cache_store(struct mod_depmod_cache *cache, struct mod_ctx *ctx,
			    const struct mod_scanned *files, size_t n)
{
	if (!cache->dir || !is_worth_it(cache, files, n))
		return;
	int r = write_cache(cache, files, n);
	if (r < 0)
		mod_log(ctx, LOG_INFO, "%s/%s: not kept: %s", cache->dir,
			cache->name, strerror(-r));
}

void mod_depmod_cache_fini(struct mod_depmod_cache *cache)
{
	mod_cache_file_fini(&cache->file);
	*cache = (struct mod_depmod_cache){ 0 };
}
