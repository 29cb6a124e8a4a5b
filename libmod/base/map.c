/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/map.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

static inline uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static inline void mix(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson, Bernstein). */
static uint32_t hash_of(const struct mod_map *map, const char *key, size_t len)
{
	const uint64_t *k = map->random;
	uint64_t last = (uint64_t)len << 56, word;
	uint64_t v[] = { k[0] ^ 0x736f6d6570736575, k[1] ^ 0x646f72616e646f6d,
			 k[0] ^ 0x6c7967656e657261, k[1] ^ 0x7465646279746573 };

	for (; len >= sizeof word; key += sizeof word, len -= sizeof word) {
		memcpy(&word, key, sizeof word);
		word = le64toh(word);
		v[3] ^= word;
		mix(v);
		v[0] ^= word;
	}
	word = 0;
	memcpy(&word, key, len);
	last |= le64toh(word);
	v[3] ^= last;
	mix(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	mix(v);
	mix(v);
	mix(v);
	uint64_t h = v[0] ^ v[1] ^ v[2] ^ v[3];
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

/* From the kernel, which gives every process 16 bytes of them. */
static void take_random(struct mod_map *map)
{
	const void *bytes = (const void *)getauxval(AT_RANDOM);

	if (bytes)
		memcpy(map->random, bytes, sizeof map->random);
}

static int resize(struct mod_map *map, size_t cap)
{
	struct mod_map old = *map;

	map->cap = cap;
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

/* At most half of the slots are ever taken. */
int mod_map_reserve(struct mod_map *map, size_t n)
{
	size_t cap = map->cap ? map->cap : 64;

	if (n > SIZE_MAX / sizeof *map->slots / 4)
		return -ENOMEM;
	if (!map->cap)
		take_random(map);
	while (cap < n * 2)
		cap *= 2;
	return cap > map->cap ? resize(map, cap) : 0;
}

int mod_map_put(struct mod_map *map, const char *key, void ***slot)
{
	int r = mod_map_reserve(map, map->count + 1);

	if (r < 0)
		return r;
	uint32_t hash = hash_of(map, key, strlen(key));
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
	return mod_map_get_n(map, key, strlen(key));
}

void *mod_map_get_n(const struct mod_map *map, const char *key, size_t len)
{
	return map->cap ? find(map, key, hash_of(map, key, len))->value : NULL;
}

void mod_map_fini(struct mod_map *map)
{
	free(map->slots);
	*map = (struct mod_map){ 0 };
}
