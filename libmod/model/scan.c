/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/model/scan.h"

#include "libmod/format/unpack.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { THREADS_MAX = 256 };

struct scan {
	struct mod_scanned *files;
	size_t n;
	atomic_size_t next; /* to be taken by whoever is free */
	atomic_bool out_of_memory;
	void (*progress)(void *data, size_t done, size_t n);
	void *data;
};

/* One thread's own. */
struct scanner {
	struct scan *scan;
	struct mod_unpacker unpacker;
	bool reports;
};

static int record_from(struct mod_source *src, struct mod_scanned *file,
		       struct mod_str *out)
{
	struct mod_elf elf;
	int r = mod_elf_open(&elf, src);

	return r < 0 ? r : mod_record_write(&elf, out, &file->errors);
}

static int record_packed(struct scanner *s, struct mod_file *packed,
			 enum mod_codec codec, struct mod_scanned *file,
			 struct mod_str *out)
{
	struct mod_bytes all, image;
	struct mod_memory memory;

	int r = mod_source_range(&packed->src, 0, packed->src.size, &all);
	if (r == 0)
		r = mod_unpacker_run(&s->unpacker, codec, all, MOD_UNPACK_LIMIT,
				     &image, &file->why);
	if (r < 0)
		return r;
	mod_memory_init(&memory, image);
	return record_from(&memory.src, file, out);
}

static int record_of(struct scanner *s, struct mod_scanned *file,
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
			: record_packed(s, &source, codec, file, out);
	}
	mod_file_fini(&source);
	return r;
}

static int scan_one(struct scanner *s, struct mod_scanned *file)
{
	_str_ struct mod_str out = { 0 };

	file->error = record_of(s, file, &out);
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

static void *scan_some(void *at)
{
	struct scanner *s = at;
	struct scan *scan = s->scan;
	size_t i;

	while ((i = atomic_fetch_add(&scan->next, 1)) < scan->n) {
		if (!scan->files[i].recalled &&
		    scan_one(s, &scan->files[i]) < 0)
			atomic_store(&scan->out_of_memory, true);
		if (s->reports && scan->progress)
			scan->progress(scan->data, i, scan->n);
	}
	mod_unpacker_fini(&s->unpacker);
	return NULL;
}

int mod_scan_all(struct mod_scanned *files, size_t n, unsigned threads,
		 void (*progress)(void *data, size_t done, size_t n),
		 void *data)
{
	struct scan scan = {
		.files = files, .n = n, .progress = progress, .data = data
	};
	pthread_t ids[THREADS_MAX];
	struct scanner scanners[THREADS_MAX] = { { .scan = &scan,
						   .reports = true } };
	unsigned started = 1;

	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	for (; started < threads && started < n; started++) {
		scanners[started].scan = &scan;
		if (pthread_create(&ids[started], NULL, scan_some,
				   &scanners[started]) != 0)
			break; /* fewer do it too */
	}
	scan_some(&scanners[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(ids[i], NULL);
	return atomic_load(&scan.out_of_memory) ? -ENOMEM : 0;
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

unsigned mod_scan_cpus(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
							    : 1;

	return n > 0 ? (unsigned)n : 1;
}
