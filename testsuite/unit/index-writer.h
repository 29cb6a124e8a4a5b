/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* index-writer.h - the bytes of a modules.*.bin, for tests of its reader.
 *
 * Shares no code with the library's index files, so that the two check each
 * other.  The shape of the trie is depmod's: no prefix at the root, and below
 * it no node that has neither a value nor two children.
 */
#pragma once

#include "libmod/base/cleanup.h"
#include "libmod/base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum index_layout {
	INDEX_POST_ORDER, /* kmod up to 33: children before their node */
	INDEX_PRE_ORDER,  /* kmod 34: children behind it */
	INDEX_LAYOUTS,
};

struct index_entry {
	const char *key; /* not "", bytes of any value */
	const char *value;
	uint32_t priority;
	size_t added; /* filled in here */
};

static inline void index_set_u32(struct mod_str *out, size_t at, uint32_t n)
{
	for (size_t i = 0; i < sizeof n && !out->bad; i++)
		out->at[at + i] = (char)(n >> (24 - 8 * i) & 0xff);
}

static inline void index_put_u32(struct mod_str *out, uint32_t n)
{
	size_t at = out->len;

	mod_str_addn(out, "\0\0\0", sizeof n);
	index_set_u32(out, at, n);
}

/* Keys in byte order; values by priority, the last added first. */
static inline int index_by_key(const void *a, const void *b)
{
	const struct index_entry *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	if (order == 0 && x->priority != y->priority)
		order = x->priority < y->priority ? -1 : 1;
	if (order == 0)
		order = x->added > y->added ? -1 : 1;
	return order;
}

/* A node for n entries whose keys share their first bytes, up to `end`. */
struct index_node {
	const struct index_entry *e;
	size_t n, values;  /* entries; those whose key ends here */
	size_t from, end;  /* of the prefix, in the keys */
	uint8_t low, high; /* bytes with a slot; 0: none */
	size_t slots;      /* offset of the first */
};

static inline struct index_node index_measure(const struct index_entry *e,
					      size_t n, size_t from, bool root)
{
	struct index_node node = { .e = e, .n = n, .from = from, .end = from };
	const char *first = e[0].key, *last = e[n - 1].key;

	while (!root && first[node.end] && first[node.end] == last[node.end])
		node.end++;
	while (node.values < n && !e[node.values].key[node.end])
		node.values++;
	if (node.values < n) {
		node.low = (uint8_t)e[node.values].key[node.end];
		node.high = (uint8_t)last[node.end];
	}
	return node;
}

/* The node itself.  Returns the reference to it. */
static inline uint32_t index_put_own(struct mod_str *out,
				     struct index_node *node)
{
	uint32_t ref = (uint32_t)out->len;

	if (node->end > node->from) {
		ref |= 0x80000000;
		mod_str_addn(out, node->e[0].key + node->from,
			     node->end - node->from);
		mod_str_addn(out, "", 1);
	}
	if (node->low) {
		ref |= 0x20000000;
		mod_str_addn(out, &node->low, 1);
		mod_str_addn(out, &node->high, 1);
		node->slots = out->len;
		for (size_t c = node->low; c <= node->high; c++)
			index_put_u32(out, 0);
	}
	if (node->values) {
		ref |= 0x40000000;
		index_put_u32(out, (uint32_t)node->values);
	}
	for (size_t i = 0; i < node->values; i++) {
		const char *value = node->e[i].value;
		index_put_u32(out, node->e[i].priority);
		mod_str_addn(out, value, strlen(value) + 1);
	}
	return ref;
}

static inline uint32_t index_put_node(struct mod_str *out,
				      struct index_node node,
				      enum index_layout layout)
{
	size_t slots = node.low ? node.high - node.low + 1u : 0;
	_free_ uint32_t *refs = calloc(slots + 1, sizeof *refs);
	uint32_t ref = 0;

	if (!refs) {
		out->bad = true;
		return 0;
	}
	if (layout == INDEX_PRE_ORDER)
		ref = index_put_own(out, &node);
	for (size_t n, i = node.values; i < node.n; i += n) {
		uint8_t edge = (uint8_t)node.e[i].key[node.end];
		for (n = 1; i + n < node.n; n++)
			if ((uint8_t)node.e[i + n].key[node.end] != edge)
				break;
		refs[edge - node.low] = index_put_node(
			out, index_measure(node.e + i, n, node.end + 1, false),
			layout);
	}
	if (layout == INDEX_POST_ORDER)
		ref = index_put_own(out, &node);
	for (size_t i = 0; i < slots; i++)
		index_set_u32(out, node.slots + 4 * i, refs[i]);
	return ref;
}

/* An index of n entries, which are put in order; out->bad: no memory. */
static inline void index_write(struct mod_str *out, struct index_entry *entries,
			       size_t n, enum index_layout layout)
{
	for (size_t i = 0; i < n; i++)
		entries[i].added = i;
	if (n > 1)
		qsort(entries, n, sizeof *entries, index_by_key);
	out->len = 0;
	index_put_u32(out, 0xb007f457);
	index_put_u32(out, 0x00020001);
	index_put_u32(out, 12);
	if (n)
		index_set_u32(out, 8,
			      index_put_node(out,
					     index_measure(entries, n, 0, true),
					     layout));
}
