/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* writer.h - keys and values to the bytes of a modules.*.bin index.
 *
 * The shape of the trie follows from its keys alone, so it is made from the
 * sorted entries in one pass, a node before its children (as kmod 34 and newer
 * write it; all readers accept it).  The format is described in index.h.
 */
#pragma once

#include "libmod/base/cleanup.h"
#include "libmod/base/str.h"

#include <stdint.h>

struct mod_index_entry {
	const char *key;   /* bytes 1 to 127 */
	const char *value; /* of one key: by priority, among equals the later
			    * entry first */
	uint32_t priority;
	uint32_t place; /* used while sorting */
};

enum {
	MOD_INDEX_KEY_MAX = 4095, /* bytes; kmod cuts longer ones, and nodes
				   * are as deep as keys are long */
};

/* True when an index can hold the key: ASCII, and not too long. */
bool mod_index_writer_key_fits(const char *key);

/* Appends the index to out.  The entries are sorted on the way.  Returns 0;
 * -EINVAL for a key that does not fit; -E2BIG when the file would pass 256 MiB,
 * which its offsets cannot; -ENOMEM.
 */
_check_ int mod_index_writer_write(struct mod_index_entry *entries, size_t n,
				   struct mod_str *out);
