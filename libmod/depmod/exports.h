/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* exports.h - who exports a symbol.
 *
 * Symbols are added one after another, then sorted once, then looked up by any
 * number of threads.  They have the order of modules.symbols: that of the
 * buckets of kmod's table, and of their names in each.
 */
#pragma once

#include "libmod/base/cleanup.h"

#include <stddef.h>
#include <stdint.h>

struct mod_export {
	const char *name; /* lent */
	uint64_t crc;
	uint32_t hash;  /* mod_kmod_hash() of the name */
	uint32_t owner; /* the caller's own */
};

struct mod_exports {
	struct mod_export *at;
	size_t n, cap;
	uint32_t *ends; /* of each bucket, in at */
};

/* Returns 0 or -ENOMEM. */
_check_ int mod_exports_add(struct mod_exports *exports, struct mod_export one);

/* Of those of one name only the last is kept.  Returns 0 or -ENOMEM. */
_check_ int mod_exports_sort(struct mod_exports *exports);

/* The symbol, or NULL; they are sorted. */
const struct mod_export *mod_exports_get(const struct mod_exports *exports,
					 const char *name, uint32_t hash);

void mod_exports_fini(struct mod_exports *exports);
