/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* map.h - from a name to a pointer.
 *
 * Keys are borrowed: keep them alive as long as the map, in an arena for
 * example.  There is no removal; nothing here ever needs one.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct mod_map {
	struct mod_map_slot {
		const char *key; /* NULL: free slot */
		void *value;
		uint32_t hash;
	} * slots;
	size_t count;
	size_t cap;         /* slots, zero or a power of two */
	uint64_t random[2]; /* so that nobody can make up names that all fall
			     * into one place */
};

/* Sets *slot to the value of key, NULL for a key that is new.
 * Returns 0 or -ENOMEM.  *slot holds until the next put.
 */
__attribute__((warn_unused_result)) int
mod_map_put(struct mod_map *map, const char *key, void ***slot);

/* The value of key, or NULL. */
void *mod_map_get(const struct mod_map *map, const char *key);

/* The same for a key whose length is known. */
void *mod_map_get_n(const struct mod_map *map, const char *key, size_t len);

/* Makes room for n keys at once.  Returns 0 or -ENOMEM. */
__attribute__((warn_unused_result)) int mod_map_reserve(struct mod_map *map,
							size_t n);

void mod_map_fini(struct mod_map *map);
