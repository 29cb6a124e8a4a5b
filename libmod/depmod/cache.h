/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cache.h - records of earlier runs of depmod, in place of reading files. */
#pragma once

#include "libmod/ctx/ctx.h"
#include "libmod/depmod/cache-file.h"
#include "libmod/depmod/scan.h"

#include <stdatomic.h>

struct mod_depmod_cache {
	const char *dir;  /* where it is count, and under which name; NULL: */
	const char *name; /* nowhere.  Set by the caller */
	struct mod_cache_file file;
	struct timespec start; /* of looking at the files */
	atomic_size_t cached;
};

/* Reads the cache, before anybody looks at the files; it touches
 * nothing else.  Returns 0 or -ENOMEM.
 */
_check_ int mod_depmod_cache_read(struct mod_depmod_cache *cache);

/* Takes over the records of files, seen from the directory dir, that did not
 * change; they live as long as the cache.  Up to `threads` threads look at the
 * files.
 */
void mod_depmod_cache_find(struct mod_depmod_cache *cache,
			   struct mod_scanned *files, size_t n, int dir,
			   unsigned threads);

/* Stores the records for the next run.  A failure is only logged. */
void mod_depmod_cache_store(struct mod_depmod_cache *cache, struct mod_ctx *ctx,
			    const struct mod_scanned *files, size_t n);

void mod_depmod_cache_fini(struct mod_depmod_cache *cache);
