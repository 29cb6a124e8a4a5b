/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/index/index.h"

#include "libmod/base/cursor.h"
#include "libmod/base/glob.h"
#include "libmod/base/grow.h"
#include "libmod/index/node.h"

#include <stddef.h>

struct level {
	struct node node;
	unsigned next;              /* byte whose child comes next */
	struct mod_glob_state glob; /* fed with all up to the node */
};

struct search {
	const struct mod_index *index;
	size_t budget; /* bytes of the file that may still be read */
	struct mod_glob query;
	uint64_t wanted[4]; /* bytes that can take a match on */
	struct mod_index_hits *hits;
	size_t found;
	char *levels; /* from the wildcard to here, level_size each */
	size_t level_size, depth, cap;
};

static void search_fini(struct search *search)
{
	free(search->levels);
}

static bool is_wild(uint8_t byte)
{
	return byte == '*' || byte == '?' || byte == '[';
}

static void want(struct search *search, uint8_t byte)
{
	search->wanted[byte / 64] |= UINT64_C(1) << byte % 64;
}

/* The next of first..last that is wanted; 256 when none is. */
static unsigned next_wanted(const struct search *search, unsigned first,
			    unsigned last)
{
	while (first <= last) {
		uint64_t left = search->wanted[first / 64] >> first % 64;
		if (left)
			return first + (unsigned)__builtin_ctzll(left);
		first = (first / 64 + 1) * 64;
	}
	return 256;
}

static void search_init(struct search *search, const struct mod_index *index,
			const char *query, struct mod_index_hits *hits)
{
	size_t walks = 1;

	*search = (struct search){ .index = index, .hits = hits };
	mod_glob_init(&search->query, query);
	search->level_size =
		offsetof(struct level, glob) + mod_glob_size(&search->query);
	for (const char *q = query; *q; q++) {
		want(search, (uint8_t)*q);
		/* The nodes below it are then searched twice. */
		walks += is_wild((uint8_t)*q);
	}
	for (const char *q = "*?[\\"; *q; q++)
		want(search, (uint8_t)*q);
	if (__builtin_mul_overflow(walks, index->file.len, &search->budget))
		search->budget = SIZE_MAX;
}

static int collect(struct search *search, const struct node *node)
{
	struct mod_index_hits *hits = search->hits;
	struct mod_cursor c;
	size_t n = count_values(search->index, node, &c);
	int r = c.bad ? -EBADMSG : 0;

	while (r == 0 && n--) {
		struct mod_index_hit *at =
			mod_grow(hits->at, &hits->cap, hits->n + 1, sizeof *at);
		if (!at)
			return -ENOMEM;
		hits->at = at;
		struct mod_index_hit *hit = &hits->at[hits->n];
		size_t from = c.pos;
		r = next_value(&c, hit);
		if (r == 0)
			r = spend(&search->budget, c.pos - from);
		hit->order = (uint32_t)search->found++;
		hits->n += r == 0;
	}
	return r;
}

static struct level *level_at(const struct search *search, size_t depth)
{
	return (struct level *)(search->levels + depth * search->level_size);
}

static int more_levels(struct search *search)
{
	char *levels = mod_grow(search->levels, &search->cap, search->depth + 1,
				search->level_size);

	if (!levels)
		return -ENOMEM;
	search->levels = levels;
	return 0;
}

/* A level for one more node; it counts once search->depth is raised. */
static int add_level(struct search *search, struct level **level)
{
	if (search->depth == MAX_DEPTH)
		return -EBADMSG;
	if (search->depth == search->cap && more_levels(search) < 0)
		return -ENOMEM;
	*level = level_at(search, search->depth);
	return 0;
}

/* Reads the node at c into the level, unless its prefix rules a match out. */
static int enter(struct search *search, struct level *level, uint32_t ref,
		 struct mod_cursor *c)
{
	size_t from = c->pos;
	uint8_t byte;

	while (ref & HAS_PREFIX && (byte = mod_cursor_u8(c)) != 0)
		if (!mod_glob_feed(&search->query, &level->glob, byte))
			return spend(&search->budget, c->pos - from);
	int r = read_node(c, ref, &level->node);
	if (r < 0)
		return r;
	level->next = level->node.first;
	search->depth++;
	return spend(&search->budget, c->pos - from);
}

/* The next child of a level that may match; 0 when there is none. */
static uint32_t next_child(struct search *search, struct level *level,
			   uint8_t *byte)
{
	const struct node *node = &level->node;
	unsigned at = level->next;
	uint32_t ref = 0;

	for (; ref == 0 && at && at <= node->last; at++) {
		/* Members of [...] need not be in the query. */
		if (!level->glob.phase)
			at = next_wanted(search, at, node->last);
		*byte = (uint8_t)at;
		if (at <= node->last)
			ref = child_of(search->index, node, *byte);
	}
	level->next = at;
	return ref;
}

/* Goes on from the deepest level: to its next child; or, when there is none,
 * takes its values and goes up.
 */
static int sweep_on(struct search *search)
{
	struct level *below, *level = level_at(search, search->depth - 1);
	uint8_t byte;
	uint32_t ref = next_child(search, level, &byte);
	int r;

	if (!ref) {
		search->depth--;
		return mod_glob_matches(&search->query, &level->glob)
			? collect(search, &level->node)
			: 0;
	}
	r = add_level(search, &below);
	if (r < 0)
		return r;
	level = level_at(search, search->depth - 1); /* it may have moved */
	mod_glob_copy(&search->query, &below->glob, &level->glob);
	if (!mod_glob_feed(&search->query, &below->glob, byte))
		return 0;
	struct mod_cursor c = cur_at(search->index, ref & OFFSET);
	return enter(search, below, ref, &c);
}

/* Collects all matches below a wildcard.  That is the first byte at c, in a
 * prefix; or edge, in front of the node at c.
 */
static int sweep(struct search *search, size_t pos, uint8_t edge, uint32_t ref,
		 struct mod_cursor *c)
{
	struct level *level;
	int r = add_level(search, &level);

	if (r < 0)
		return r;
	mod_glob_start(&search->query, &level->glob, pos);
	if (edge && !mod_glob_feed(&search->query, &level->glob, edge))
		return 0;
	r = enter(search, level, ref, c);
	while (r == 0 && search->depth)
		r = sweep_on(search);
	return r;
}

static int sweep_children(struct search *search, const struct node *node,
			  size_t pos)
{
	static const uint8_t wild[] = { '*', '?', '[' };
	int r = 0;

	for (size_t i = 0; i < sizeof wild && r == 0; i++) {
		uint32_t ref = child_of(search->index, node, wild[i]);
		if (!ref)
			continue;
		struct mod_cursor c = cur_at(search->index, ref & OFFSET);
		r = sweep(search, pos, wild[i], ref, &c);
	}
	return r;
}

/* Takes a prefix off the front of *query.  1 when nothing is left to do: the
 * query goes elsewhere, or the rest of the prefix is a pattern, and swept.
 */
static int search_prefix(struct search *search, uint32_t ref,
			 struct mod_cursor *c, const char **query)
{
	uint8_t byte;

	while ((byte = mod_cursor_u8(c)) != 0) {
		if (is_wild(byte)) {
			c->pos--;
			size_t pos = (size_t)(*query - search->query.text);
			int r = sweep(search, pos, 0, ref, c);
			return r < 0 ? r : 1;
		}
		if (byte != (uint8_t) * *query)
			return 1;
		(*query)++;
	}
	return c->bad ? -EBADMSG : 0;
}

/* Along the query, with a look below each wildcard on the way. */
static int search_along(struct search *search, const char *query)
{
	const struct mod_index *index = search->index;
	uint32_t ref = index->root;
	struct node node;

	while (ref) {
		struct mod_cursor c = cur_at(index, ref & OFFSET);
		int r = ref & HAS_PREFIX
			? search_prefix(search, ref, &c, &query)
			: 0;
		if (r == 0)
			r = read_node(&c, ref, &node);
		if (r == 0)
			r = sweep_children(
				search, &node,
				(size_t)(query - search->query.text));
		if (r != 0)
			return r < 0 ? r : 0;
		if (!*query)
			return collect(search, &node);
		ref = child_of(index, &node, (uint8_t)*query++);
	}
	return 0;
}

static int by_priority(const void *a, const void *b)
{
	const struct mod_index_hit *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	return x->order > y->order ? -1 : x->order < y->order;
}

int mod_index_search(const struct mod_index *index, const char *query,
		     struct mod_index_hits *hits)
{
	_cleanup_(search_fini) struct search search;
	size_t before = hits->n;

	search_init(&search, index, query, hits);
	int r = search_along(&search, query);
	if (r == 0 && hits->n - before > 1)
		qsort(hits->at + before, hits->n - before, sizeof *hits->at,
		      by_priority);
	return r;
}

void mod_index_hits_fini(struct mod_index_hits *hits)
{
	free(hits->at);
	*hits = (struct mod_index_hits){ 0 };
}
