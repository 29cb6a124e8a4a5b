/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* node.h - the nodes of an index, for the files that read them.
 *
 * Source of the format: the bytes that kmod's depmod writes.
 */
#pragma once

#include "libmod/base/cursor.h"
#include "libmod/index/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	HEADER = 12,             /* bytes: magic, version, root */
	OFFSET = 0x0fffffff,     /* the rest of a reference is flags */
	SLOT = sizeof(uint32_t), /* of a child */
	MIN_VALUE = SLOT + 1,    /* priority and "" */

	/* Each level of nodes is a byte of a key, and depmod takes no key that
	 * does not fit into PATH_MAX.
	 */
	MAX_DEPTH = 4096,
};

static const uint32_t HAS_PREFIX = 0x80000000;
static const uint32_t HAS_VALUES = 0x40000000;
static const uint32_t HAS_CHILDREN = 0x20000000;

/* Where the parts of a node are; offsets from the start of the file. */
struct node {
	uint32_t children;   /* slots, one for each byte in first..last */
	uint32_t values;     /* their count, then they; 0: none */
	uint8_t first, last; /* 0: no children */
};

static inline struct mod_cursor cur_at(const struct mod_index *index,
				       size_t off)
{
	return (struct mod_cursor){ .in = index->file,
				    .pos = off,
				    .big = true,
				    .bad = off < HEADER ||
					    off > index->file.len };
}

/* Reads the node after its prefix; leaves c before the values. */
static inline int read_node(struct mod_cursor *c, uint32_t ref,
			    struct node *node)
{
	*node = (struct node){ 0 };
	if (ref & HAS_CHILDREN) {
		node->first = mod_cursor_u8(c);
		node->last = mod_cursor_u8(c);
		if (node->first == 0 || node->first > node->last)
			return -EBADMSG;
		node->children = (uint32_t)c->pos;
		mod_cursor_take(c,
				(size_t)(node->last - node->first + 1) * SLOT);
	}
	if (ref & HAS_VALUES)
		node->values = (uint32_t)c->pos;
	return c->bad ? -EBADMSG : 0;
}

/* The reference to the child for a byte; 0 when there is none. */
static inline uint32_t child_of(const struct mod_index *index,
				const struct node *node, uint8_t byte)
{
	if (byte < node->first || byte > node->last || byte == 0)
		return 0;
	return mod_bytes_be32(index->file,
			      node->children +
				      (uint32_t)(byte - node->first) * SLOT);
}

/* How many values a node has; leaves c in front of the first. */
static inline size_t count_values(const struct mod_index *index,
				  const struct node *node, struct mod_cursor *c)
{
	*c = (struct mod_cursor){ 0 };
	if (!node->values)
		return 0;
	*c = cur_at(index, node->values);
	uint32_t n = mod_cursor_u32(c);
	return mod_cursor_count(c, n, MIN_VALUE);
}

static inline int next_value(struct mod_cursor *c, struct mod_index_hit *hit)
{
	size_t len;

	hit->priority = mod_cursor_u32(c);
	hit->value = c->bad ? NULL : mod_bytes_text(c->in, &c->pos, &len);
	return hit->value ? 0 : -EBADMSG;
}

/* A sound file is a tree: one walk comes to each of its bytes once.  So its
 * length bounds the work, and cycles and shared nodes use that budget up.
 */
static inline int spend(size_t *budget, size_t n)
{
	if (n > *budget)
		return -EBADMSG;
	*budget -= n;
	return 0;
}
