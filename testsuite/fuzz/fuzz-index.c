/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libmod/base/cleanup.h"
#include "libmod/base/match.h"
#include "libmod/index/index.h"
#include "testsuite/unit/index-writer.h"

enum { KEYS = 200, QUERY = 100 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool sound)
{
	if (!sound)
		abort();
}

struct seen {
	const struct mod_index *index;
	size_t values;
};

/* Every key that the walk gives can be got. */
static int see(void *data, const char *key, size_t key_len, const char *value,
	       size_t value_len)
{
	struct seen *seen = data;
	const char *got;

	check(strlen(key) == key_len && strlen(value) == value_len);
	seen->values += value_len + 1;
	if (seen->values < 1000 && strlen(key) < QUERY)
		check(mod_index_get(seen->index, key, &got) <= 0 || *key == 0);
	return 0;
}

/* The input is an index; its last bytes are the query. */
static void use_file(struct mod_bytes file)
{
	static const char *const queries[] = { "", "loop", "pci:v1d2sv3" };
	_cleanup_(mod_index_hits_fini) struct mod_index_hits hits = { 0 };
	struct mod_index index;
	struct seen seen = { .index = &index };
	const char *value;
	char own[QUERY + 1] = "";
	size_t n = file.len < QUERY ? file.len : QUERY;

	if (mod_index_open(&index, file) < 0)
		return;
	memcpy(own, file.at + file.len - n, n);
	int r = mod_index_walk(&index, see, &seen);
	check(r <= 0);
	for (size_t i = 0; i < 4; i++) {
		const char *query = i < 3 ? queries[i] : own;
		check(mod_index_search(&index, query, &hits) <= 0);
		if (mod_index_get(&index, query, &value) == 0)
			seen.values += strlen(value);
	}
	for (size_t i = 0; i < hits.n; i++)
		seen.values += strlen(hits.at[i].value);
	__asm__ volatile("" ::"r"(seen.values)); /* keep the reads */
}

static bool matches(const char *key, const char *query)
{
	size_t plain = strcspn(key, "*?[");

	if (!key[plain])
		return strcmp(key, query) == 0;
	return strncmp(key, query, plain) == 0 &&
		mod_match(key + plain, query + plain);
}

static int count(void *data, const char *key, size_t key_len, const char *value,
		 size_t value_len)
{
	(void)key;
	(void)key_len;
	(void)value;
	(void)value_len;
	++*(size_t *)data;
	return 0;
}

/* What was written is read again, and what matches is found. */
static void use_keys(struct index_entry *entries, size_t n, const char *query,
		     enum index_layout layout)
{
	_cleanup_(mod_index_hits_fini) struct mod_index_hits hits = { 0 };
	_str_ struct mod_str out = { 0 };
	struct mod_index index;
	size_t want = 0, walked = 0;

	index_write(&out, entries, n, layout);
	check(!out.bad);
	struct mod_bytes file = { (const uint8_t *)out.at, out.len };
	check(mod_index_open(&index, file) == 0);
	check(mod_index_walk(&index, count, &walked) == 0);
	check(walked == n);
	check(mod_index_search(&index, query, &hits) == 0);
	for (size_t i = 0; i < n; i++)
		want += matches(entries[i].key, query);
	check(hits.n == want || (hits.n > want && strpbrk(query, "*?[")));
	for (size_t i = 1; i < hits.n; i++)
		check(hits.at[i - 1].priority <= hits.at[i].priority);
}

/* The input is lines: a query, then keys.  The first byte is the layout. */
static void use_text(const uint8_t *data, size_t size)
{
	_free_ char *text = calloc(size, 1);
	struct index_entry entries[KEYS];
	size_t n = 0;

	check(text);
	memcpy(text, data + 1, size - 1);
	char *rest = text;
	const char *query = strsep(&rest, "\n");
	for (char *key; n < KEYS && (key = strsep(&rest, "\n"));)
		if (*key) {
			entries[n] = (struct index_entry){
				.key = key,
				.value = "v",
				.priority = (uint32_t)(n % 3)
			};
			n++;
		}
	use_keys(entries, n, query, data[0] % INDEX_LAYOUTS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || data[0] == 0xb0)
		use_file((struct mod_bytes){ data, size });
	else if (size < 20000)
		use_text(data, size);
	return 0;
}
