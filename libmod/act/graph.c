/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/act/graph.h"

#include "libmod/base/order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 512 }; /* of kmod's table of modules */

struct rank {
	uint32_t hash, line, was;
	const char *name;
};

static const uint32_t NO_LINE = UINT32_MAX;

void mod_graph_fini(struct mod_graph *graph)
{
	free(graph->at);
	mod_map_fini(&graph->symbols);
	mod_arena_fini(&graph->arena);
	*graph = (struct mod_graph){ 0 };
}

static int by_rank(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* The number of each line of modules.order that names a module. */
static int rank_by_lines(const struct mod_graph *graph, struct rank *ranks,
			 char *text, size_t len)
{
	struct mod_map keys = { 0 };
	uint32_t line = 0;
	void **slot;
	int r = 0;

	for (uint32_t i = 0; i < graph->n && r == 0; i++) {
		r = mod_map_put(&keys, graph->at[i].key, &slot);
		if (r == 0)
			*slot = &ranks[i];
	}
	for (char *at = text, *end; r == 0 && at < text + len; at = end + 1) {
		end = memchr(at, '\n', len - (size_t)(at - text));
		if (!end)
			break;
		*end = '\0';
		struct rank *rank = mod_map_get(&keys, at);
		if (rank && rank->line == NO_LINE)
			rank->line = line;
		line++;
	}
	mod_map_fini(&keys);
	return r;
}

static int order(struct mod_graph *graph, struct rank *ranks, char *text,
		 size_t len)
{
	struct mod_graph_module *sorted;

	for (uint32_t i = 0; i < graph->n; i++)
		ranks[i] = (struct rank){
			.hash = mod_order_hash(graph->at[i].name) % BUCKETS,
			.line = NO_LINE,
			.was = i,
			.name = graph->at[i].name,
		};
	int r = text ? rank_by_lines(graph, ranks, text, len) : 0;
	if (r < 0)
		return r;
	qsort(ranks, graph->n, sizeof *ranks, by_rank);
	sorted = calloc(graph->n + 1, sizeof *sorted);
	if (!sorted)
		return -ENOMEM;
	for (uint32_t i = 0; i < graph->n; i++)
		sorted[i] = graph->at[ranks[i].was];
	free(graph->at);
	graph->at = sorted;
	return 0;
}

int mod_graph_order(struct mod_graph *graph, const char *order_text, size_t len)
{
	_free_ struct rank *ranks = calloc(graph->n + 1, sizeof *ranks);
	_free_ char *text = malloc(len + 1);

	if (!ranks || !text)
		return -ENOMEM;
	if (order_text)
		memcpy(text, order_text, len);
	return order(graph, ranks, order_text ? text : NULL, len);
}

static int put_symbol(struct mod_graph *graph, const char *name, uint64_t crc,
		      uint32_t owner)
{
	void **slot;
	int r = mod_map_put(&graph->symbols, name, &slot);

	if (r < 0)
		return r;
	struct mod_graph_symbol *sym = *slot;
	if (!sym)
		*slot = sym = mod_arena_raw(&graph->arena, sizeof *sym);
	if (!sym)
		return -ENOMEM;
	*sym = (struct mod_graph_symbol){ name, crc, owner };
	return 0;
}

int mod_graph_add_kernel(struct mod_graph *graph, const char *name,
			 uint64_t crc)
{
	return put_symbol(graph, name, crc, MOD_GRAPH_KERNEL);
}

/* Later modules win, and modules before the kernel. */
static int add_exports(struct mod_graph *graph, char prefix)
{
	for (uint32_t i = 0; i < graph->n; i++) {
		struct mod_record *record = &graph->at[i].record;
		struct mod_cur cur = record->export_cur;
		for (size_t n = record->exports; n > 0; n--) {
			struct mod_record_symbol sym = mod_record_export(&cur);
			const char *name =
				sym.name + (prefix && *sym.name == prefix);
			int r = put_symbol(graph, name, sym.crc, i);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* What the kernel makes itself; no one exports it. */
static bool is_made_up(const char *name)
{
	return strcmp(name, "__this_module") == 0 ||
		strcmp(name, "_GLOBAL_OFFSET_TABLE_") == 0 ||
		strcmp(name, "TOC.") == 0;
}

struct edges {
	struct mod_graph *graph;
	const struct mod_graph_hear *hear;
	uint32_t *seen; /* for each module, who needed it last, plus one */
	uint32_t *list; /* of the module at hand */
	char prefix;
};

static void tell_unknown(struct edges *e, const struct mod_graph_module *m,
			 const struct mod_record_symbol *sym, const char *name)
{
	if (e->hear->unknown && sym->bind != 'W' && !is_made_up(name))
		e->hear->unknown(e->hear->data, m, sym->name);
}

/* All that one module needs. */
static int add_needs(struct edges *e, uint32_t i)
{
	struct mod_graph_module *m = &e->graph->at[i];
	struct mod_cur cur = m->record.need_cur;
	uint32_t n = 0;

	for (size_t left = m->record.needs; left > 0; left--) {
		struct mod_record_symbol sym = mod_record_need(&cur);
		const char *name = sym.name + (*sym.name == '.');
		name += e->prefix && *name == e->prefix;
		const struct mod_graph_symbol *has =
			mod_map_get(&e->graph->symbols, name);
		if (!has) {
			tell_unknown(e, m, &sym, name);
			continue;
		}
		if (e->hear->disagrees && sym.bind != 'W' &&
		    has->crc != sym.crc)
			e->hear->disagrees(e->hear->data, m, sym.name);
		if (has->owner == MOD_GRAPH_KERNEL ||
		    e->seen[has->owner] == i + 1)
			continue;
		e->seen[has->owner] = i + 1;
		e->list[n++] = has->owner;
		e->graph->at[has->owner].users++;
		if (e->hear->edge)
			e->hear->edge(e->hear->data, m, sym.name,
				      &e->graph->at[has->owner]);
	}
	m->deps = mod_arena_raw(&e->graph->arena, n * sizeof *m->deps);
	if (!m->deps)
		return -ENOMEM;
	memcpy(m->deps, e->list, n * sizeof *m->deps);
	m->dep_count = n;
	return 0;
}

static int add_edges(struct mod_graph *graph, char prefix,
		     const struct mod_graph_hear *hear)
{
	_free_ uint32_t *seen = calloc(graph->n, sizeof *seen);
	_free_ uint32_t *list = calloc(graph->n, sizeof *list);
	struct edges e = { graph, hear, seen, list, prefix };

	if (!seen || !list)
		return -ENOMEM;
	for (uint32_t i = 0; i < graph->n; i++) {
		int r = add_needs(&e, i);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Dependents before what they need.  Returns how many got a number; those in
 * rings, and what only they need, get none.
 */
static int number_all(struct mod_graph *graph, uint32_t *numbered)
{
	_free_ uint32_t *stack = calloc(graph->n, sizeof *stack);
	_free_ uint32_t *left = calloc(graph->n, sizeof *left);
	uint32_t top = 0;

	if (!stack || !left)
		return -ENOMEM;
	*numbered = 0;
	for (uint32_t i = 0; i < graph->n; i++) {
		left[i] = graph->at[i].users;
		if (left[i] == 0)
			stack[top++] = i;
	}
	while (top > 0) {
		struct mod_graph_module *m = &graph->at[stack[--top]];
		m->number = (*numbered)++;
		for (uint32_t d = 0; d < m->dep_count; d++)
			if (--left[m->deps[d]] == 0)
				stack[top++] = m->deps[d];
	}
	for (uint32_t i = 0; i < graph->n; i++)
		graph->at[i].users = left[i];
	return 0;
}

struct closing {
	struct mod_graph *graph;
	uint32_t *seen;
	uint32_t *list;
	uint32_t n;
};

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Everything below a module, each once: the list is its own queue. */
static int close_one(struct closing *c, uint32_t i, const uint32_t *at_number)
{
	struct mod_graph_module *m = &c->graph->at[i];

	c->n = 0;
	for (uint32_t next = i, done = 0;; next = c->list[done++]) {
		const struct mod_graph_module *from = &c->graph->at[next];
		for (uint32_t d = 0; d < from->dep_count; d++) {
			uint32_t dep = from->deps[d];
			if (c->seen[dep] == i + 1)
				continue;
			c->seen[dep] = i + 1;
			c->list[c->n++] = dep;
		}
		if (done == c->n)
			break;
	}
	m->all = mod_arena_raw(&c->graph->arena, c->n * sizeof *m->all);
	if (!m->all)
		return -ENOMEM;
	for (uint32_t k = 0; k < c->n; k++)
		m->all[k] = c->graph->at[c->list[k]].number;
	qsort(m->all, c->n, sizeof *m->all, by_number);
	for (uint32_t k = 0; k < c->n; k++)
		m->all[k] = at_number[m->all[k]];
	m->all_count = c->n;
	return 0;
}

static int close_all(struct mod_graph *graph)
{
	_free_ uint32_t *seen = calloc(graph->n, sizeof *seen);
	_free_ uint32_t *list = calloc(graph->n, sizeof *list);
	_free_ uint32_t *at_number = calloc(graph->n, sizeof *at_number);
	struct closing c = { graph, seen, list, 0 };

	if (!seen || !list || !at_number)
		return -ENOMEM;
	for (uint32_t i = 0; i < graph->n; i++)
		at_number[graph->at[i].number] = i;
	for (uint32_t i = 0; i < graph->n; i++) {
		int r = close_one(&c, i, at_number);
		if (r < 0)
			return r;
	}
	return 0;
}

int mod_graph_build(struct mod_graph *graph, char prefix,
		    const struct mod_graph_hear *hear)
{
	uint32_t numbered;

	if (graph->n == 0)
		return 0;
	int r = add_exports(graph, prefix);
	if (r == 0)
		r = add_edges(graph, prefix, hear);
	if (r == 0)
		r = number_all(graph, &numbered);
	if (r < 0)
		return r;
	return numbered < graph->n ? 1 : close_all(graph);
}
