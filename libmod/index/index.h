/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* index.h - a modules.*.bin index: keys to values, in a trie.
 *
 * Reads the files of kmod 30 (nodes in post-order) and newer (pre-order).
 * All numbers are big-endian; offsets count from the start of the file, their
 * top four bits are flags (0x80000000 prefix, 0x40000000 values, 0x20000000
 * children).  A file may be corrupt: offsets are checked, depth and work are
 * bounded, so cycles and bombs end in -EBADMSG.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"
#include "libmod/base/str.h"

struct mod_index {
	struct mod_bytes file; /* borrowed; an empty file is an empty index */
	uint32_t root;
};

struct mod_index_hit {
	const char *value; /* lent by the file */
	uint32_t priority;
	uint32_t order; /* found as the order-th of its search */
};

struct mod_index_hits {
	struct mod_index_hit *at;
	size_t n, cap;
};

void mod_index_hits_fini(struct mod_index_hits *hits);

/* Returns 0; -ENOEXEC for another magic; -EOPNOTSUPP for a major version that
 * is not 2; -EBADMSG for a root outside of the file.
 */
_check_ int mod_index_open(struct mod_index *index, struct mod_bytes file);

/* The first value of a key, exactly.  0; 1 when there is none; -EBADMSG. */
_check_ int mod_index_get(const struct mod_index *index, const char *key,
			  const char **value);

/* Every value whose key, taken as a pattern, matches query, appended to hits
 * in the order of spec: ascending priority, among equals the later found
 * first; found in the walk along query with '*' before '?' before '[' before
 * the byte itself.  Returns 0 (also when nothing matches), -EBADMSG, -ENOMEM.
 */
_check_ int mod_index_search(const struct mod_index *index, const char *query,
			     struct mod_index_hits *hits);

/* Called for every key and value, both ended by a NUL, in byte order of keys,
 * values as stored; a result that is not 0 ends the walk and is returned.
 * -EBADMSG, -ENOMEM.
 */
typedef int mod_index_fn(void *data, const char *key, size_t key_len,
			 const char *value, size_t value_len);
_check_ int mod_index_walk(const struct mod_index *index, mod_index_fn *fn,
			   void *data);
