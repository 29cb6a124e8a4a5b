/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/format/index.h"

#include "libmod/format/index-node.h"

static const uint32_t MAGIC = 0xb007f457;
static const uint32_t MAJOR = 2; /* upper half of the version */

int mod_index_open(struct mod_index *index, struct mod_bytes file)
{
	struct mod_cur c = { .in = file, .big = true };

	*index = (struct mod_index){ .file = file };
	if (file.len == 0)
		return 0;
	uint32_t magic = mod_cur_u32(&c);
	if (c.bad || magic != MAGIC)
		return -ENOEXEC;
	uint32_t version = mod_cur_u32(&c);
	if (!c.bad && version >> 16 != MAJOR)
		return -EOPNOTSUPP;
	index->root = mod_cur_u32(&c);
	uint32_t off = index->root & OFFSET;
	return c.bad || off < HEADER || off > file.len ? -EBADMSG : 0;
}

/* Takes a prefix off the front of *key; 1 when *key has another. */
static int eat_prefix(struct mod_cur *c, const char **key)
{
	uint8_t byte;

	while ((byte = mod_cur_u8(c)) != 0) {
		if (byte != (uint8_t) * *key)
			return 1;
		(*key)++;
	}
	return c->bad ? -EBADMSG : 0;
}

static int first_value(const struct mod_index *index, const struct node *node,
		       const char **value)
{
	struct mod_cur c;
	struct mod_hit hit;
	size_t n = count_values(index, node, &c);

	if (c.bad)
		return -EBADMSG;
	if (n == 0)
		return 1;
	int r = next_value(&c, &hit);
	if (r == 0)
		*value = hit.value;
	return r;
}

int mod_index_get(const struct mod_index *index, const char *key,
		  const char **value)
{
	uint32_t ref = index->root;
	struct node node;

	while (ref) {
		struct mod_cur c = cur_at(index, ref & OFFSET);
		int r = ref & HAS_PREFIX ? eat_prefix(&c, &key) : 0;
		if (r == 0)
			r = read_node(&c, ref, &node);
		if (r != 0)
			return r;
		if (!*key)
			return first_value(index, &node, value);
		ref = child_of(index, &node, (uint8_t)*key++);
	}
	return 1;
}

/* The walk over everything: a node's values, then its children. */

struct spot {
	struct node node;
	unsigned next;  /* byte whose child comes next */
	size_t key_len; /* bytes, with the node's prefix */
};

struct walk {
	const struct mod_index *index;
	size_t budget; /* bytes of the file that may still be read */
	struct mod_str key;
	struct spot *spots; /* from the root to here */
	size_t depth, cap;
	mod_index_fn *fn;
	void *data;
};

static void walk_fini(struct walk *walk)
{
	mod_str_fini(&walk->key);
	free(walk->spots);
}

static int walk_values(struct walk *walk, const struct node *node)
{
	struct mod_cur c;
	struct mod_hit hit;
	size_t n = count_values(walk->index, node, &c);
	int r = c.bad ? -EBADMSG : 0;

	while (r == 0 && n--) {
		size_t from = c.pos;
		r = next_value(&c, &hit);
		if (r == 0)
			r = spend(&walk->budget, c.pos - from);
		if (r == 0)
			r = walk->fn(walk->data, walk->key.at, hit.value);
	}
	return r;
}

static int walk_prefix(struct walk *walk, struct mod_cur *c)
{
	const char *prefix = mod_bytes_str(c->in, c->pos);

	if (c->bad || !prefix)
		return -EBADMSG;
	size_t len = strlen(prefix);
	mod_cur_take(c, len + 1);
	mod_str_addn(&walk->key, prefix, len);
	return 0;
}

/* Goes to the node that ref says; walk->key is its key without the prefix. */
static int walk_down(struct walk *walk, uint32_t ref)
{
	struct mod_cur c = cur_at(walk->index, ref & OFFSET);
	size_t from = c.pos;
	int r = 0;

	if (walk->depth == MAX_DEPTH)
		return -EBADMSG;
	if (walk->depth == walk->cap) {
		void *spots =
			grow(walk->spots, &walk->cap, sizeof *walk->spots);
		if (!spots)
			return -ENOMEM;
		walk->spots = spots;
	}
	struct spot *spot = &walk->spots[walk->depth++];
	if (ref & HAS_PREFIX)
		r = walk_prefix(walk, &c);
	if (r == 0)
		r = read_node(&c, ref, &spot->node);
	if (r == 0)
		r = spend(&walk->budget, c.pos - from);
	if (r == 0 && walk->key.bad)
		r = -ENOMEM;
	spot->next = spot->node.first;
	spot->key_len = walk->key.len;
	return r < 0 ? r : walk_values(walk, &spot->node);
}

/* Goes on from the deepest spot: to its next child, or one up. */
static int walk_on(struct walk *walk)
{
	struct spot *spot = &walk->spots[walk->depth - 1];

	while (spot->next && spot->next <= spot->node.last) {
		uint8_t byte = (uint8_t)spot->next++;
		uint32_t ref = child_of(walk->index, &spot->node, byte);
		if (!ref)
			continue;
		walk->key.len = spot->key_len;
		mod_str_addn(&walk->key, &byte, 1);
		return walk_down(walk, ref);
	}
	walk->depth--;
	return 0;
}

int mod_index_walk(const struct mod_index *index, mod_index_fn *fn, void *data)
{
	_cleanup_(walk_fini) struct walk walk = { .index = index,
						  .budget = index->file.len,
						  .fn = fn,
						  .data = data };
	int r;

	if (!index->root)
		return 0;
	mod_str_add(&walk.key, ""); /* the root's key */
	r = walk_down(&walk, index->root);
	while (r == 0 && walk.depth)
		r = walk_on(&walk);
	return r;
}
