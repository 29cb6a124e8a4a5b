/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/exports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	BUCKETS = 2048, /* of kmod's table of symbols */
	FEW = 16,       /* looked through one by one */
};

int mod_exports_add(struct mod_exports *exports, struct mod_export one)
{
	if (exports->n == exports->cap) {
		size_t cap = exports->cap ? exports->cap * 2 : 1024;
		struct mod_export *at =
			reallocarray(exports->at, cap, sizeof *at);
		if (!at)
			return -ENOMEM;
		exports->at = at;
		exports->cap = cap;
	}
	exports->at[exports->n++] = one;
	return exports->n < UINT32_MAX ? 0 : -ENOMEM;
}

/* Puts `from` into `to`, bucket after bucket, in the order they have. */
static void distribute(const struct mod_exports *from, struct mod_export *to,
		       uint32_t ends[BUCKETS])
{
	uint32_t next[BUCKETS], sum = 0;

	memset(ends, 0, BUCKETS * sizeof *ends);
	for (size_t i = 0; i < from->n; i++)
		ends[from->at[i].hash % BUCKETS]++;
	for (uint32_t i = 0; i < BUCKETS; i++) {
		next[i] = sum;
		sum = ends[i] += sum;
	}
	for (size_t i = 0; i < from->n; i++)
		to[next[from->at[i].hash % BUCKETS]++] = from->at[i];
}

/* By name; those of one name keep their order.  `spare` has room for n. */
static void sort(struct mod_export *at, size_t n, struct mod_export *spare)
{
	size_t half = n / 2, a = 0, b = half;

	if (n < 2)
		return;
	sort(at, half, spare);
	sort(at + half, n - half, spare);
	memcpy(spare, at, n * sizeof *at);
	for (size_t i = 0; i < n; i++) {
		bool left = b == n ||
			(a < half && strcmp(spare[a].name, spare[b].name) <= 0);
		at[i] = left ? spare[a++] : spare[b++];
	}
}

/* Moves the last of each name of a sorted bucket to `to`; returns how many. */
static size_t keep_last(struct mod_export *to, const struct mod_export *at,
			size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || at[i].hash != at[i + 1].hash ||
		    strcmp(at[i].name, at[i + 1].name) != 0)
			to[kept++] = at[i];
	return kept;
}

static void note(uint64_t *filter, uint32_t hash)
{
	uint32_t bit = hash % MOD_EXPORTS_FILTER;

	filter[bit / 64] |= UINT64_C(1) << bit % 64;
}

int mod_exports_sort(struct mod_exports *exports)
{
	struct mod_export *at = calloc(exports->n + 1, sizeof *at);
	uint32_t *ends = calloc(BUCKETS, sizeof *ends);
	uint64_t *filter = calloc(MOD_EXPORTS_FILTER / 64, sizeof *filter);
	size_t n = 0;

	if (!at || !ends || !filter) {
		free(at);
		free(ends);
		free(filter);
		return -ENOMEM;
	}
	distribute(exports, at, ends);
	for (uint32_t i = 0, begin = 0; i < BUCKETS; i++) {
		uint32_t end = ends[i];
		sort(at + begin, end - begin, exports->at);
		n += keep_last(at + n, at + begin, end - begin);
		ends[i] = (uint32_t)n;
		begin = end;
	}
	for (size_t i = 0; i < n; i++)
		note(filter, at[i].hash);
	mod_exports_fini(exports);
	*exports = (struct mod_exports){
		.at = at, .n = n, .cap = n, .ends = ends, .filter = filter
	};
	return 0;
}

const struct mod_export *mod_exports_get(const struct mod_exports *exports,
					 const char *name, uint32_t hash)
{
	if (!exports->filter || !mod_exports_may_have(exports, hash))
		return NULL;
	uint32_t bucket = hash % BUCKETS;
	size_t lo = bucket ? exports->ends[bucket - 1] : 0;
	size_t hi = exports->ends[bucket];
	while (hi - lo > FEW) {
		size_t mid = lo + (hi - lo) / 2;
		if (strcmp(exports->at[mid].name, name) <= 0)
			lo = mid;
		else
			hi = mid;
	}
	for (; lo < hi; lo++)
		if (exports->at[lo].hash == hash &&
		    strcmp(exports->at[lo].name, name) == 0)
			return &exports->at[lo];
	return NULL;
}

void mod_exports_fini(struct mod_exports *exports)
{
	free(exports->at);
	free(exports->ends);
	free(exports->filter);
	*exports = (struct mod_exports){ 0 };
}
