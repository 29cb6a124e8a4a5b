/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/scan.h"

#include "libmod/base/parallel.h"
#include "libmod/compress/decompress.h"
#include "libmod/ctx/error.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The state of a thread, reused for each of its files. */
struct tools {
	struct mod_decompressor decompressor;
	struct mod_arena arena; /* for the ranges read of a file */
	struct mod_str record;
};

struct scan {
	struct mod_scanned *files;
	size_t n;
	int dir;
	struct tools tools[MOD_PARALLEL_MAX]; /* of each worker */
	atomic_int failed; /* an error that its file did not cause, or 0 */
	atomic_size_t done;
	void (*progress)(void *data, size_t done, size_t n);
	void *data;
};

static int record_from(struct mod_source *src, struct mod_scanned *file,
		       struct mod_str *out)
{
	struct mod_elf elf;
	int r = mod_elf_open(&elf, src);

	return r < 0 ? r : mod_record_write(&elf, out, &file->errors);
}

static int record_compressed(struct mod_decompressor *decompressor,
			     struct mod_file *compressed, enum mod_codec codec,
			     struct mod_scanned *file, struct mod_str *out)
{
	struct mod_bytes all, image;
	struct mod_source_memory memory;

	int r = mod_source_range(&compressed->src, 0, compressed->src.size,
				 &all);
	if (r == 0)
		r = mod_decompress_with(decompressor, codec, all,
					MOD_DECOMPRESS_LIMIT, &image,
					&file->why);
	if (r == -E2BIG)
		file->why = "too large when decompressed";
	if (r < 0)
		return r;
	mod_source_from_memory(&memory, image);
	return record_from(&memory.src, file, out);
}

static int record_of(struct tools *tools, int dir, struct mod_scanned *file)
{
	struct mod_str *out = &tools->record;
	struct mod_file source;
	struct mod_bytes head = { 0 };

	int r = mod_file_source_at(&source, dir, file->from_dir);
	if (r < 0)
		return r;
	source.arena = tools->arena;
	file->stamp = mod_cache_file_stamp(&source.stat);
	uint64_t size = source.src.size;
	r = mod_source_range(&source.src, 0, size < 64 ? size : 64, &head);
	if (r == 0 && size < MOD_CODEC_MAGIC)
		r = -EINVAL;
	if (r == 0) {
		enum mod_codec codec = mod_codec_of(head);
		r = codec == MOD_CODEC_NONE
			? record_from(&source.src, file, out)
			: record_compressed(&tools->decompressor, &source,
					    codec, file, out);
	}
	tools->arena = source.arena;
	source.arena = (struct mod_arena){ 0 };
	mod_arena_clear(&tools->arena);
	mod_file_fini(&source);
	return r;
}

static int scan_one(struct tools *tools, int dir, struct mod_scanned *file)
{
	struct mod_str *out = &tools->record;

	out->len = 0;
	file->error = record_of(tools, dir, file);
	if (mod_error_is_limit(file->error))
		return file->error;
	if (file->error < 0) {
		out->len = 0;
		mod_record_write_empty(out);
	}
	uint8_t *copy = out->bad ? NULL : malloc(out->len);
	out->bad = false;
	if (!copy)
		return -ENOMEM;
	memcpy(copy, out->at, out->len);
	file->bytes = (struct mod_bytes){ copy, out->len };
	return mod_record_open(&file->record, file->bytes);
}

static void scan_next(void *data, unsigned worker, size_t i)
{
	struct scan *scan = data;
	struct mod_scanned *file = &scan->files[i];

	if (!file->cached) {
		int r = scan_one(&scan->tools[worker], scan->dir, file);
		if (r < 0)
			atomic_store(&scan->failed, r);
	}
	size_t done = atomic_fetch_add(&scan->done, 1) + 1;
	if (worker == 0 && scan->progress)
		scan->progress(scan->data, done, scan->n);
}

int mod_scan_all(struct mod_scanned *files, size_t n, int dir, unsigned threads,
		 void (*progress)(void *data, size_t done, size_t n),
		 void *data)
{
	_free_ struct scan *scan = calloc(1, sizeof *scan);

	if (!scan)
		return -ENOMEM;
	scan->files = files;
	scan->n = n;
	scan->dir = dir;
	scan->progress = progress;
	scan->data = data;
	mod_parallel(threads, n, scan_next, scan);
	if (scan->progress)
		scan->progress(scan->data, n, n);
	for (unsigned i = 0; i < MOD_PARALLEL_MAX; i++) {
		mod_decompress_fini(&scan->tools[i].decompressor);
		mod_arena_fini(&scan->tools[i].arena);
		mod_str_fini(&scan->tools[i].record);
	}
	return atomic_load(&scan->failed);
}

bool mod_scan_is_whole(const struct mod_scanned *file)
{
	return file->error == 0 && file->errors.exports == 0 &&
		file->errors.needs == 0 && file->errors.info == 0;
}

void mod_scan_free(struct mod_scanned *files, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!files[i].cached)
			free((void *)files[i].bytes.at);
}
