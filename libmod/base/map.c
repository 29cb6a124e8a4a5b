/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a, 64 bits, folded. */
static uint32_t hash_of(const char *key)
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *key; key++)
		h = (h ^ (uint8_t)*key) * 0x100000001b3;
	return (uint32_t)(h ^ h >> 32);
}

/* The slot that holds key, or the free one where it belongs.
 * Needs cap > count, so that a free slot ends the walk.
 */
static struct mod_map_slot *find(const struct mod_map *map, const char *key,
				 uint32_t hash)
{
	for (size_t i = hash;; i++) {
		struct mod_map_slot *s = &map->slots[i & (map->cap - 1)];
		if (!s->key || (s->hash == hash && strcmp(s->key, key) == 0))
			return s;
	}
}

/* Doubles the slots, so that at most half of them are ever taken. */
static int grow(struct mod_map *map)
{
	struct mod_map old = *map;

	map->cap = old.cap ? old.cap * 2 : 64;
	map->slots = calloc(map->cap, sizeof *map->slots);
	if (!map->slots) {
		*map = old;
		return -ENOMEM;
	}
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].key)
			*find(map, old.slots[i].key, old.slots[i].hash) =
				old.slots[i];
	free(old.slots);
	return 0;
}

int mod_map_put(struct mod_map *map, const char *key, void ***slot)
{
	uint32_t hash = hash_of(key);

	if (map->count * 2 >= map->cap) {
		int r = grow(map);
		if (r < 0)
			return r;
	}
	struct mod_map_slot *s = find(map, key, hash);
	if (!s->key) {
		s->key = key;
		s->hash = hash;
		map->count++;
	}
	*slot = &s->value;
	return 0;
}

void *mod_map_get(const struct mod_map *map, const char *key)
{
	return map->cap ? find(map, key, hash_of(key))->value : NULL;
}

void mod_map_fini(struct mod_map *map)
{
	free(map->slots);
	*map = (struct mod_map){ 0 };
}
