/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* source.h - where the bytes of one file are asked for, range by range.
 *
 * The reader of a format asks for the ranges that it needs and does not care
 * whether they come from an open file (sys/file) or from memory (here).
 * What a range hands out lives as long as its source.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"

/* No module comes near, and a file may be long and yet empty: one of 60 GB
 * takes no room on a disk, but would in memory.
 */
enum { MOD_RANGE_LIMIT = 1 << 30 }; /* bytes */

struct mod_source {
	uint64_t size; /* bytes */
	/* See mod_source_range(), which checks bounds before it calls. */
	int (*range)(struct mod_source *src, uint64_t off, size_t len,
		     struct mod_bytes *out);
};

/* A source over bytes that are in memory already. */
struct mod_source_memory {
	struct mod_source src;
	struct mod_bytes bytes; /* borrowed */
};

void mod_source_from_memory(struct mod_source_memory *mem,
			    struct mod_bytes bytes);

/* The range, whole.  Returns 0; -EBADMSG when it does not lie inside the
 * source; -E2BIG over MOD_RANGE_LIMIT; -EIO, -ENOMEM and other errors of
 * reading.
 */
_check_ int mod_source_range(struct mod_source *src, uint64_t off, uint64_t len,
			     struct mod_bytes *out);
