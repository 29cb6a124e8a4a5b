/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/index/writer.h"

#include "libmod/index/node.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t no_children[4 * 128]; /* to be patched */

struct writing {
	const struct mod_index_entry *entries; /* sorted */
	struct mod_str *out;
	size_t start; /* of the index in out */
};

bool mod_index_writer_key_fits(const char *key)
{
	const uint64_t tops = 0x8080808080808080;
	size_t len = strlen(key), i = 0;
	uint64_t word, any = 0;

	for (; len - i >= sizeof word; i += sizeof word) {
		memcpy(&word, key + i, sizeof word);
		any |= word;
	}
	for (; i < len; i++)
		any |= (unsigned char)key[i];
	return !(any & tops) && len <= MOD_INDEX_KEY_MAX;
}

/* Entries of one key. */
static int by_priority(const void *a, const void *b)
{
	const struct mod_index_entry *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	return x->place > y->place ? -1 : 1;
}

/* Entries whose keys are one up to depth. */
static bool is_before(const struct mod_index_entry *x,
		      const struct mod_index_entry *y, size_t depth)
{
	int r = strcmp(x->key + depth, y->key + depth);

	return r ? r < 0 : by_priority(x, y) < 0;
}

static void sort_few(struct mod_index_entry *at, size_t n, size_t depth)
{
	for (size_t i = 1; i < n; i++) {
		struct mod_index_entry entry = at[i];
		size_t to = i;
		for (; to > 0 && is_before(&entry, &at[to - 1], depth); to--)
			at[to] = at[to - 1];
		at[to] = entry;
	}
}

struct sorting {
	struct mod_index_entry *spare; /* as many as there are entries */
	size_t place[0x80];            /* for each byte; used and left */
};

/* Puts n entries in order of their byte at depth.  False when all have the same
 * one.
 */
static bool distribute(struct sorting *s, struct mod_index_entry *at, size_t n,
		       size_t depth)
{
	size_t sum = 0;

	memset(s->place, 0, sizeof s->place);
	for (size_t i = 0; i < n; i++)
		s->place[(unsigned char)at[i].key[depth]]++;
	if (s->place[(unsigned char)at[0].key[depth]] == n)
		return false;
	for (size_t byte = 0; byte < 0x80; byte++) {
		size_t count = s->place[byte];
		s->place[byte] = sum;
		sum += count;
	}
	memcpy(s->spare, at, n * sizeof *at);
	for (size_t i = 0; i < n; i++)
		at[s->place[(unsigned char)s->spare[i].key[depth]]++] =
			s->spare[i];
	return true;
}

/* Most keys begin alike, so they are sorted byte by byte: no byte is looked at
 * twice.  Goes as deep as keys branch.
 */
static void sort(struct sorting *s, struct mod_index_entry *at, size_t n,
		 size_t depth)
{
	enum { FEW = 16 };

	if (n <= FEW) {
		sort_few(at, n, depth);
		return;
	}
	while (!distribute(s, at, n, depth))
		if (!at[0].key[depth++]) {
			qsort(at, n, sizeof *at, by_priority);
			return;
		}
	for (size_t lo = 0, hi; lo < n; lo = hi) {
		char byte = at[lo].key[depth];
		for (hi = lo + 1; hi < n && at[hi].key[depth] == byte;)
			hi++;
		if (byte)
			sort(s, at + lo, hi - lo, depth + 1);
		else
			qsort(at + lo, hi - lo, sizeof *at, by_priority);
	}
}

static int sort_all(struct mod_index_entry *entries, size_t n)
{
	struct sorting s = { .spare = malloc(n * sizeof *s.spare + 1) };

	if (!s.spare)
		return -ENOMEM;
	sort(&s, entries, n, 0);
	free(s.spare);
	return 0;
}

static void add_u32(struct mod_str *out, uint32_t number)
{
	uint32_t big = htobe32(number);

	mod_str_addn(out, &big, sizeof big);
}

static void patch_u32(struct writing *w, size_t at, uint32_t number)
{
	uint32_t big = htobe32(number);

	if (!w->out->bad)
		memcpy(w->out->at + at, &big, sizeof big);
}

/* How far the keys of entries lo to hi (not included) are one, from depth on.
 */
static size_t shared(const struct writing *w, size_t lo, size_t hi,
		     size_t depth)
{
	const char *first = w->entries[lo].key;
	const char *last = w->entries[hi - 1].key;
	size_t n = depth;

	while (first[n] && first[n] == last[n])
		n++;
	return n;
}

static void add_values(struct writing *w, size_t lo, size_t hi)
{
	add_u32(w->out, (uint32_t)(hi - lo));
	for (; lo < hi; lo++) {
		const char *value = w->entries[lo].value;
		add_u32(w->out, w->entries[lo].priority);
		mod_str_addn(w->out, value, strlen(value) + 1);
	}
}

/* The node of the entries from lo to hi, whose keys are one up to depth, and
 * all below it.  Returns its offset with its flags.  Goes as deep as keys
 * branch, at most their length.
 */
static uint32_t add_node(struct writing *w, size_t lo, size_t hi, size_t depth,
			 bool root)
{
	size_t at = w->out->len;
	uint32_t flags = 0;
	size_t end = root || lo == hi ? depth : shared(w, lo, hi, depth);
	size_t branch = lo; /* first entry whose key goes on */

	if (end > depth) {
		flags |= HAS_PREFIX;
		mod_str_addn(w->out, w->entries[lo].key + depth, end - depth);
		mod_str_addn(w->out, "", 1);
	}
	while (branch < hi && !w->entries[branch].key[end])
		branch++;

	size_t table = w->out->len + 2;
	unsigned char first = 0;
	if (branch < hi) {
		flags |= HAS_CHILDREN;
		first = (unsigned char)w->entries[branch].key[end];
		unsigned char last = (unsigned char)w->entries[hi - 1].key[end];
		mod_str_addn(w->out, (unsigned char[]){ first, last }, 2);
		mod_str_addn(w->out, no_children, 4U * (last - first + 1U));
	}
	if (branch > lo) {
		flags |= HAS_VALUES;
		add_values(w, lo, branch);
	}
	while (branch < hi) {
		unsigned char byte = (unsigned char)w->entries[branch].key[end];
		size_t next = branch;
		while (next < hi &&
		       (unsigned char)w->entries[next].key[end] == byte)
			next++;
		uint32_t child = add_node(w, branch, next, end + 1, false);
		patch_u32(w, table + 4U * (byte - first), child);
		branch = next;
	}
	return flags | ((uint32_t)(at - w->start) & OFFSET);
}

int mod_index_writer_write(struct mod_index_entry *entries, size_t n,
			   struct mod_str *out)
{
	struct writing w = { .entries = entries,
			     .out = out,
			     .start = out->len };

	if (n > UINT32_MAX)
		return -E2BIG;
	for (size_t i = 0; i < n; i++) {
		if (!mod_index_writer_key_fits(entries[i].key))
			return -EINVAL;
		entries[i].place = (uint32_t)i;
	}
	int r = sort_all(entries, n);
	if (r < 0)
		return r;
	add_u32(out, 0xb007f457);
	add_u32(out, 0x00020001);
	add_u32(out, 0);
	uint32_t root = add_node(&w, 0, n, 0, true);
	patch_u32(&w, w.start + 8, root);
	if (out->bad)
		return -ENOMEM;
	return out->len - w.start > OFFSET ? -E2BIG : 0;
}
