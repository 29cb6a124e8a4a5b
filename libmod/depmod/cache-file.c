/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/cache-file.h"

#include "libmod/base/cursor.h"
#include "libmod/base/path.h"
#include "libmod/base/str.h"
#include "libmod/sys/file.h"
#include "libmod/sys/replace.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Little-endian: magic, checksum of all that follows, the version of the
 * library that wrote it (its records may differ), number of entries, entries
 * (stamp, offset and length of the record), records.
 */
enum {
	MAGIC_LEN = 8,
	CHECKED_FROM = MAGIC_LEN + 8,
	VERSION_LEN = 16,
	HEADER = CHECKED_FROM + VERSION_LEN + 4,
	ENTRY = 5 * 8 + 2 * 4 + 8 + 4,
	LIMIT = 1 << 30, /* bytes; a guard */
};

static const uint8_t magic[MAGIC_LEN] = {
	'l', 'm', 'o', 'd', 'r', 'e', 'c', '3'
};

static const char *version(void)
{
	static const char text[VERSION_LEN] = PACKAGE_VERSION;

	return text;
}

struct mod_cache_file_stamp mod_cache_file_stamp(const struct stat *st)
{
	return (struct mod_cache_file_stamp){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = (uint64_t)st->st_size,
		.mtime = st->st_mtim.tv_sec,
		.ctime = st->st_ctim.tv_sec,
		.mtime_ns = (uint32_t)st->st_mtim.tv_nsec,
		.ctime_ns = (uint32_t)st->st_ctim.tv_nsec,
	};
}

bool mod_cache_file_is_settled(const struct mod_cache_file_stamp *stamp,
			       const struct timespec *start)
{
	/* Whole seconds: file systems' clocks are coarse. */
	return stamp->ctime < start->tv_sec - 1;
}

static uint64_t mix(uint64_t h, const uint8_t *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof word);
	h = (h ^ le64toh(word)) * 0x9e3779b97f4a7c15;
	return h ^ h >> 29;
}

/* Not for enemies: those cannot write the file.  Four sums side by side, as a
 * processor can.
 */
static uint64_t checksum(struct mod_bytes bytes)
{
	uint64_t h[4] = { bytes.len, 1, 2, 3 };

	for (; bytes.len >= 32; bytes.at += 32, bytes.len -= 32)
		for (int i = 0; i < 4; i++)
			h[i] = mix(h[i], bytes.at + 8 * i);
	for (; bytes.len > 0; bytes.at++, bytes.len--)
		h[0] = (h[0] ^ *bytes.at) * 0x100000001b3;
	for (int i = 1; i < 4; i++)
		h[0] = mix(h[0], (const uint8_t *)&h[i]);
	return h[0] ^ h[0] >> 32;
}

static int compare(const struct mod_cache_file_stamp *a,
		   const struct mod_cache_file_stamp *b)
{
	if (a->dev != b->dev)
		return a->dev < b->dev ? -1 : 1;
	if (a->ino != b->ino)
		return a->ino < b->ino ? -1 : 1;
	return 0;
}

static bool is_same(const struct mod_cache_file_stamp *a,
		    const struct mod_cache_file_stamp *b)
{
	return compare(a, b) == 0 && a->size == b->size &&
		a->mtime == b->mtime && a->mtime_ns == b->mtime_ns &&
		a->ctime == b->ctime && a->ctime_ns == b->ctime_ns;
}

static bool is_sound(struct mod_cache_file *cache)
{
	struct mod_cursor c = { .in = cache->file };
	const uint8_t *mark = mod_cursor_take(&c, MAGIC_LEN);
	uint64_t sum = mod_cursor_u64(&c);
	struct mod_bytes rest =
		mod_cursor_range(&c, c.pos, cache->file.len - c.pos);
	const uint8_t *from = mod_cursor_take(&c, VERSION_LEN);
	uint32_t count = mod_cursor_u32(&c);

	cache->entries = c.pos;
	cache->count = mod_cursor_count(&c, count, ENTRY);
	return !c.bad && memcmp(mark, magic, MAGIC_LEN) == 0 &&
		memcmp(from, version(), VERSION_LEN) == 0 &&
		checksum(rest) == sum;
}

static bool is_ours(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_uid == geteuid() && !(st.st_mode & (S_IWGRP | S_IWOTH));
}

void mod_cache_file_read(struct mod_cache_file *cache, const char *path)
{
	_close_ int fd = mod_file_open(path, O_RDONLY | O_NOFOLLOW);

	*cache = (struct mod_cache_file){ 0 };
	if (fd < 0 || !is_ours(fd) ||
	    mod_file_map(fd, LIMIT, &cache->file) < 0 || !is_sound(cache))
		mod_cache_file_fini(cache);
}

void mod_cache_file_fini(struct mod_cache_file *cache)
{
	mod_file_unmap(&cache->file);
	*cache = (struct mod_cache_file){ 0 };
}

static struct mod_cache_file_stamp read_stamp(struct mod_cursor *c)
{
	struct mod_cache_file_stamp stamp = { .dev = mod_cursor_u64(c) };

	stamp.ino = mod_cursor_u64(c);
	stamp.size = mod_cursor_u64(c);
	stamp.mtime = (int64_t)mod_cursor_u64(c);
	stamp.ctime = (int64_t)mod_cursor_u64(c);
	stamp.mtime_ns = mod_cursor_u32(c);
	stamp.ctime_ns = mod_cursor_u32(c);
	return stamp;
}

bool mod_cache_file_get(const struct mod_cache_file *cache,
			const struct mod_cache_file_stamp *stamp,
			struct mod_bytes *record)
{
	size_t lo = 0, hi = cache->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		struct mod_cursor c = { .in = cache->file,
					.pos = cache->entries + mid * ENTRY };
		struct mod_cache_file_stamp found = read_stamp(&c);
		int order = compare(&found, stamp);
		if (order < 0) {
			lo = mid + 1;
		} else if (order > 0) {
			hi = mid;
		} else {
			uint64_t off = mod_cursor_u64(&c);
			uint32_t len = mod_cursor_u32(&c);
			*record = mod_cursor_range(&c, off, len);
			return !c.bad && is_same(&found, stamp);
		}
	}
	return false;
}

static int by_stamp(const void *a, const void *b)
{
	return compare(&((const struct mod_cache_file_entry *)a)->stamp,
		       &((const struct mod_cache_file_entry *)b)->stamp);
}

static void add_u64(struct mod_str *out, uint64_t number)
{
	number = htole64(number);
	mod_str_addn(out, &number, sizeof number);
}

static void add_u32(struct mod_str *out, uint32_t number)
{
	number = htole32(number);
	mod_str_addn(out, &number, sizeof number);
}

static void add_entry(struct mod_str *out,
		      const struct mod_cache_file_entry *entry, uint64_t off)
{
	add_u64(out, entry->stamp.dev);
	add_u64(out, entry->stamp.ino);
	add_u64(out, entry->stamp.size);
	add_u64(out, (uint64_t)entry->stamp.mtime);
	add_u64(out, (uint64_t)entry->stamp.ctime);
	add_u32(out, entry->stamp.mtime_ns);
	add_u32(out, entry->stamp.ctime_ns);
	add_u64(out, off);
	add_u32(out, (uint32_t)entry->record.len);
}

/* Whether it is a file, or nothing yet.  As root, /dev/null could be replaced.
 * 0 or -errno.
 */
static int may_replace(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	if (!mod_path_concat(path, sizeof path, dir, "/", name, NULL))
		return -ENAMETOOLONG;
	return stat(path, &st) < 0 || S_ISREG(st.st_mode) ? 0 : -EEXIST;
}

int mod_cache_file_write(const char *dir, const char *name,
			 struct mod_cache_file_entry *entries, size_t n)
{
	_str_ struct mod_str out = { 0 };
	uint64_t off = HEADER + (uint64_t)n * ENTRY;
	const char *which;
	int r = may_replace(dir, name);

	if (r < 0)
		return r;
	qsort(entries, n, sizeof *entries, by_stamp);
	mod_str_addn(&out, magic, MAGIC_LEN);
	add_u64(&out, 0);
	mod_str_addn(&out, version(), VERSION_LEN);
	add_u32(&out, (uint32_t)n);
	for (size_t i = 0; i < n; off += entries[i++].record.len)
		add_entry(&out, &entries[i], off);
	for (size_t i = 0; i < n; i++)
		mod_str_addn(&out, entries[i].record.at, entries[i].record.len);
	if (out.bad)
		return -ENOMEM;
	uint64_t sum = htole64(checksum((struct mod_bytes){
		(uint8_t *)out.at + CHECKED_FROM, out.len - CHECKED_FROM }));
	memcpy(out.at + MAGIC_LEN, &sum, sizeof sum);
	const struct mod_replacement file = { name,
					      { (uint8_t *)out.at, out.len } };
	/* Losing it costs time and nothing else: no need to wait for disks. */
	return mod_replace_all(dir, &file, 1, false, 1, &which);
}
