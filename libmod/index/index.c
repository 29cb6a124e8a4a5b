/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/index/index.h"

#include "libmod/base/cursor.h"
#include "libmod/index/node.h"

static const uint32_t MAGIC = 0xb007f457;
static const uint32_t MAJOR = 2; /* upper half of the version */

int mod_index_open(struct mod_index *index, struct mod_bytes file)
{
	struct mod_cursor c = { .in = file, .big = true };

	*index = (struct mod_index){ .file = file };
	if (file.len == 0)
		return 0;
	uint32_t magic = mod_cursor_u32(&c);
	if (c.bad || magic != MAGIC)
		return -ENOEXEC;
	uint32_t version = mod_cursor_u32(&c);
	if (!c.bad && version >> 16 != MAJOR)
		return -EOPNOTSUPP;
	index->root = mod_cursor_u32(&c);
	uint32_t off = index->root & OFFSET;
	return c.bad || off < HEADER || off > file.len ? -EBADMSG : 0;
}

/* Takes a prefix off the front of *key; 1 when *key has another. */
static int eat_prefix(struct mod_cursor *c, const char **key)
{
	uint8_t byte;

	while ((byte = mod_cursor_u8(c)) != 0) {
		if (byte != (uint8_t) * *key)
			return 1;
		(*key)++;
	}
	return c->bad ? -EBADMSG : 0;
}

static int first_value(const struct mod_index *index, const struct node *node,
		       const char **value)
{
	struct mod_cursor c;
	struct mod_index_hit hit;
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
		struct mod_cursor c = cur_at(index, ref & OFFSET);
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

/* The walk over everything: a node's values, then its children.  It sees tens
 * of thousands of nodes, so here every call and every check that is spared
 * counts: a part of a node is proved to be inside once, then read by pointer.
 */

struct spot {
	const uint8_t *slot, *end; /* of children, those not looked at yet */
	size_t key_len;            /* bytes, with the node's prefix */
	uint8_t last;              /* byte of the last child */
};

struct walk {
	struct mod_bytes nodes; /* the file after its header */
	const uint8_t *end;     /* of them */
	size_t budget;          /* bytes of the file that may still be read */
	struct mod_str key;
	struct spot *spots; /* MAX_DEPTH of them */
	struct spot *here;  /* after the last, from the root; without leaves */
	mod_index_fn *fn;
	void *data;
};

static void walk_fini(struct walk *walk)
{
	mod_str_fini(&walk->key);
	free(walk->spots);
}

static inline size_t left(const struct walk *walk, const uint8_t *at)
{
	return (size_t)(walk->end - at);
}

/* The parts of a node, each of which moves *at to its end. */

static int add_long_prefix(struct walk *walk, const uint8_t **at)
{
	size_t n = left(walk, *at), len = strnlen((const char *)*at, n);

	if (len == n)
		return -EBADMSG;
	mod_str_addn(&walk->key, *at, len);
	*at += len + 1;
	return walk->key.bad ? -ENOMEM : 0;
}

/* Most prefixes fit, and end well before the end of the file. */
static inline int walk_prefix(struct walk *walk, const uint8_t **at)
{
	struct mod_str *key = &walk->key;
	size_t n = left(walk, *at), room = key->cap - key->len;

	n = n < room ? n : room;
	size_t len = mod_bytes_copy_text(key->at + key->len, *at, n);
	if (len == n)
		return add_long_prefix(walk, at);
	key->len += len;
	*at += len + 1;
	return 0;
}

/* Room for the byte of a child, which walk_next() adds. */
static bool reserve_byte(struct mod_str *key)
{
	if (key->cap - key->len >= sizeof "b")
		return true;
	if (!mod_str_room(key, 1))
		return false;
	key->len--; /* the NUL is where it was */
	return true;
}

/* Steps over the table of children, and remembers it. */
static inline int walk_table(struct walk *walk, const uint8_t **at)
{
	struct spot *here = walk->here;

	if (left(walk, *at) < 2)
		return -EBADMSG;
	uint8_t first = (*at)[0], last = (*at)[1];
	const uint8_t *slot = *at + 2;
	size_t size = (last - first + 1U) * SLOT;
	if (first == 0 || first > last || size > left(walk, slot) ||
	    here == walk->spots + MAX_DEPTH)
		return -EBADMSG;
	if (!reserve_byte(&walk->key))
		return -ENOMEM;
	*at = slot + size;
	here->slot = slot;
	here->end = *at;
	here->key_len = walk->key.len;
	here->last = last;
	walk->here = here + 1;
	return 0;
}

static inline int walk_values(struct walk *walk, const uint8_t **at)
{
	if (left(walk, *at) < sizeof(uint32_t))
		return -EBADMSG;
	uint32_t n = mod_bytes_be32_at(*at);
	const uint8_t *value = *at + sizeof n;

	for (; n; n--) {
		if (left(walk, value) < MIN_VALUE)
			return -EBADMSG;
		value += sizeof(uint32_t); /* priority */
		size_t max = left(walk, value),
		       len = strnlen((const char *)value, max);
		if (len == max)
			return -EBADMSG;
		int r = walk->fn(walk->data, walk->key.at, walk->key.len,
				 (const char *)value, len);
		if (r != 0)
			return r;
		value += len + 1;
	}
	*at = value;
	return 0;
}

/* Goes to the node at ref; walk->key is its key without the prefix. */
static inline int walk_node(struct walk *walk, uint32_t ref)
{
	size_t from = (size_t)(ref & OFFSET) - HEADER;
	int r = 0;

	if (from > walk->nodes.len) /* as in the header: it wrapped around */
		return -EBADMSG;
	const uint8_t *node = walk->nodes.at + from, *at = node;
	if (ref & HAS_PREFIX)
		r = walk_prefix(walk, &at);
	if (r == 0 && ref & HAS_CHILDREN)
		r = walk_table(walk, &at);
	if (r == 0 && ref & HAS_VALUES)
		r = walk_values(walk, &at);
	if (r != 0)
		return r;
	return spend(&walk->budget, (size_t)(at - node));
}

/* The next node, whose byte is added to the key; 0 when that was all. */
static inline uint32_t walk_next(struct walk *walk)
{
	for (; walk->here != walk->spots; walk->here--) {
		struct spot *spot = walk->here - 1;
		const uint8_t *slot = spot->slot;
		while (slot != spot->end && !mod_bytes_be32_at(slot))
			slot += SLOT;
		if (slot == spot->end)
			continue;
		spot->slot = slot + SLOT;
		size_t rest = (size_t)(spot->end - spot->slot) / SLOT;
		char *key = walk->key.at + spot->key_len;
		key[0] = (char)(spot->last - rest);
		key[1] = '\0';
		walk->key.len = spot->key_len + 1;
		return mod_bytes_be32_at(slot);
	}
	return 0;
}

int mod_index_walk(const struct mod_index *index, mod_index_fn *fn, void *data)
{
	struct mod_bytes file = index->file;
	_cleanup_(walk_fini) struct walk walk = { .budget = file.len,
						  .fn = fn,
						  .data = data };
	uint32_t ref = index->root;

	if (file.len < HEADER) /* an empty one */
		return 0;
	walk.nodes = (struct mod_bytes){ file.at + HEADER, file.len - HEADER };
	walk.end = file.at + file.len;
	walk.spots = walk.here =
		reallocarray(NULL, MAX_DEPTH, sizeof *walk.spots);
	mod_str_add(&walk.key, ""); /* the root's key */
	if (!walk.spots || walk.key.bad)
		return -ENOMEM;
	do {
		int r = walk_node(&walk, ref);
		if (r != 0)
			return r;
	} while ((ref = walk_next(&walk)));
	return 0;
}
