/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/model/scan.h"

#include "libmod/base/parallel.h"
#include "libmod/format/unpack.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

struct scan {
	struct mod_scanned *files;
	size_t n;
	struct mod_unpacker unpackers[MOD_PARALLEL_MAX]; /* one each worker */
	atomic_bool out_of_memory;
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

static int record_packed(struct mod_unpacker *unpacker, struct mod_file *packed,
			 enum mod_codec codec, struct mod_scanned *file,
			 struct mod_str *out)
{
	struct mod_bytes all, image;
	struct mod_memory memory;

	int r = mod_source_range(&packed->src, 0, packed->src.size, &all);
	if (r == 0)
		r = mod_unpacker_run(unpacker, codec, all, MOD_UNPACK_LIMIT,
				     &image, &file->why);
	if (r < 0)
		return r;
	mod_memory_init(&memory, image);
	return record_from(&memory.src, file, out);
}

static int record_of(struct mod_unpacker *unpacker, struct mod_scanned *file,
		     struct mod_str *out)
{
	struct mod_file source;
	struct mod_bytes head = { 0 };

	int r = mod_file_source(&source, file->path);
	if (r < 0)
		return r;
	uint64_t size = source.src.size;
	r = mod_source_range(&source.src, 0, size < 64 ? size : 64, &head);
	if (r == 0 && size < MOD_CODEC_MAGIC)
		r = -EINVAL;
	if (r == 0) {
		enum mod_codec codec = mod_codec_of(head);
		r = codec == MOD_CODEC_NONE
			? record_from(&source.src, file, out)
			: record_packed(unpacker, &source, codec, file, out);
	}
	mod_file_fini(&source);
	return r;
}

static int scan_one(struct mod_unpacker *unpacker, struct mod_scanned *file)
{
	_str_ struct mod_str out = { 0 };

	file->error = record_of(unpacker, file, &out);
	if (file->error == -ENOMEM) /* says nothing about the file */
		return file->error;
	if (file->error < 0) {
		out.len = 0;
		mod_record_write_empty(&out);
	}
	size_t len = out.len;
	file->bytes.at = (uint8_t *)mod_str_take(&out);
	file->bytes.len = len;
	return file->bytes.at ? mod_record_open(&file->record, file->bytes)
			      : -ENOMEM;
}

static void scan_next(void *data, unsigned worker, size_t i)
{
	struct scan *scan = data;
	struct mod_scanned *file = &scan->files[i];

	if (!file->recalled && scan_one(&scan->unpackers[worker], file) < 0)
		atomic_store(&scan->out_of_memory, true);
	if (worker == 0 && scan->progress)
		scan->progress(scan->data, i, scan->n);
}

int mod_scan_all(struct mod_scanned *files, size_t n, unsigned threads,
		 void (*progress)(void *data, size_t done, size_t n),
		 void *data)
{
	_free_ struct scan *scan = calloc(1, sizeof *scan);

	if (!scan)
		return -ENOMEM;
	scan->files = files;
	scan->n = n;
	scan->progress = progress;
	scan->data = data;
	mod_parallel(threads, n, scan_next, scan);
	for (unsigned i = 0; i < MOD_PARALLEL_MAX; i++)
		mod_unpacker_fini(&scan->unpackers[i]);
	return atomic_load(&scan->out_of_memory) ? -ENOMEM : 0;
}

bool mod_scan_is_whole(const struct mod_scanned *file)
{
	return file->error == 0 && file->errors.exports == 0 &&
		file->errors.needs == 0 && file->errors.info == 0;
}

void mod_scan_free(struct mod_scanned *files, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!files[i].recalled)
			free((void *)files[i].bytes.at);
}
