/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/exports.h"

#include "libmod/base/grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	BUCKETS = 2048, /* of kmod's table of symbols */
	FEW = 16,       /* compared one by one, by their hashes */
};

int mod_exports_add(struct mod_exports *exports, struct mod_export one)
{
	struct mod_export *at = mod_grow(exports->at, &exports->cap,
					 exports->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	exports->at = at;
	exports->at[exports->n++] = one;
	return exports->n < UINT32_MAX ? 0 : -ENOMEM;
}

struct place {
	uint32_t bucket;
	const struct mod_export *of; /* as it was added */
};

/* Pointers into one array: symbols of one name keep the order in which they
 * were added.
 */
static int by_bucket_and_name(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->bucket != y->bucket)
		return x->bucket < y->bucket ? -1 : 1;
	int r = strcmp(x->of->name, y->of->name);
	return r != 0 ? r : x->of < y->of ? -1 : x->of > y->of;
}

int mod_exports_sort(struct mod_exports *exports)
{
	_free_ struct place *sorted = calloc(exports->n + 1, sizeof *sorted);
	struct mod_export *at = calloc(exports->n + 1, sizeof *at);
	uint32_t *ends = calloc(BUCKETS, sizeof *ends);
	size_t n = 0;

	if (!sorted || !at || !ends) {
		free(at);
		free(ends);
		return -ENOMEM;
	}
	for (size_t i = 0; i < exports->n; i++)
		sorted[i] = (struct place){ exports->at[i].hash % BUCKETS,
					    &exports->at[i] };
	qsort(sorted, exports->n, sizeof *sorted, by_bucket_and_name);
	for (size_t i = 0; i < exports->n; i++) {
		const struct mod_export *one = sorted[i].of;
		if (n > 0 && at[n - 1].hash == one->hash &&
		    strcmp(at[n - 1].name, one->name) == 0)
			n--; /* the later one stays */
		at[n++] = *one;
		ends[sorted[i].bucket] = (uint32_t)n;
	}
	for (uint32_t i = 1; i < BUCKETS; i++)
		if (ends[i] == 0)
			ends[i] = ends[i - 1];
	mod_exports_fini(exports);
	*exports = (struct mod_exports){
		.at = at, .n = n, .cap = n, .ends = ends
	};
	return 0;
}

const struct mod_export *mod_exports_get(const struct mod_exports *exports,
					 const char *name, uint32_t hash)
{
	uint32_t bucket = hash % BUCKETS;

	if (!exports->ends)
		return NULL;
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
	*exports = (struct mod_exports){ 0 };
}
