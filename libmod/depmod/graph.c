/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/graph.h"

#include "libmod/base/map.h"
#include "libmod/base/parallel.h"
#include "libmod/depmod/kmod-hash.h"

#include <errno.h>
#include <stdatomic.h>
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
	for (uint32_t i = 0; graph->at && i < graph->n; i++) {
		free(graph->at[i].deps);
		free(graph->at[i].all);
	}
	free(graph->at);
	mod_exports_fini(&graph->symbols);
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
			.hash = mod_kmod_hash(graph->at[i].name) % BUCKETS,
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

int mod_graph_add_kernel(struct mod_graph *graph, const char *name,
			 uint64_t crc)
{
	return mod_exports_add(&graph->symbols,
			       (struct mod_export){ name, crc,
						    mod_kmod_hash(name),
						    MOD_GRAPH_KERNEL });
}

/* A symbol without the byte that it may begin with. */
static void drop_prefix(struct mod_record_symbol *sym, char prefix)
{
	if (!prefix || *sym->name != prefix)
		return;
	sym->name++;
	sym->hash = mod_kmod_hash(sym->name);
}

/* Later modules win, and modules before the kernel. */
static int add_exports(struct mod_graph *graph, char prefix)
{
	for (uint32_t i = 0; i < graph->n; i++) {
		const struct mod_record_symbols *exports =
			&graph->at[i].record.exports;
		for (size_t k = 0; k < exports->n; k++) {
			struct mod_record_symbol sym =
				mod_record_symbol(exports, k);
			drop_prefix(&sym, prefix);
			int r = mod_exports_add(
				&graph->symbols,
				(struct mod_export){ sym.name, sym.crc,
						     sym.hash, i });
			if (r < 0)
				return r;
		}
	}
	return mod_exports_sort(&graph->symbols);
}

/* Symbols that the kernel makes itself; no one exports them. */
static bool is_made_up(const char *name)
{
	return strcmp(name, "__this_module") == 0 ||
		strcmp(name, "_GLOBAL_OFFSET_TABLE_") == 0 ||
		strcmp(name, "TOC.") == 0;
}

/* The state of a thread, reused for each of its modules. */
struct lists {
	uint32_t *seen; /* for each module, who reached it last, plus one */
	uint32_t *list; /* of the module at hand */
};

struct making {
	struct mod_graph *graph;
	const struct mod_graph_report *report;
	const uint32_t *at_number; /* module of each number */
	char prefix;
	struct lists lists[MOD_PARALLEL_MAX];
	atomic_bool out_of_memory;
};

/* The thread's lists, made when they are first wanted; NULL without memory. */
static struct lists *lists_of(struct making *m, unsigned worker)
{
	struct lists *lists = &m->lists[worker];

	if (!lists->seen)
		lists->seen = calloc(m->graph->n, sizeof *lists->seen);
	if (!lists->list)
		lists->list = malloc(m->graph->n * sizeof *lists->list);
	if (lists->seen && lists->list)
		return lists;
	atomic_store(&m->out_of_memory, true);
	return NULL;
}

/* Has `fn` done for each module. */
static int each_module(struct making *m, unsigned threads, mod_parallel_fn *fn)
{
	mod_parallel(threads, m->graph->n, fn, m);
	for (unsigned i = 0; i < MOD_PARALLEL_MAX; i++) {
		free(m->lists[i].seen);
		free(m->lists[i].list);
		m->lists[i] = (struct lists){ 0 };
	}
	return atomic_load(&m->out_of_memory) ? -ENOMEM : 0;
}

static uint32_t *keep(struct making *m, const uint32_t *list, uint32_t n)
{
	uint32_t *at = n ? malloc(n * sizeof *at) : NULL;

	if (at)
		memcpy(at, list, n * sizeof *at);
	else if (n)
		atomic_store(&m->out_of_memory, true);
	return at;
}

/* The export that satisfies an import, or NULL. */
static const struct mod_export *
find_symbol(const struct making *m, const struct mod_graph_module *module,
	    const struct mod_record_symbol *needed)
{
	struct mod_record_symbol sym = *needed;

	sym.name += *sym.name == '.';
	drop_prefix(&sym, m->prefix);
	const struct mod_export *has =
		mod_exports_get(&m->graph->symbols, sym.name, sym.hash);
	if (sym.bind == 'W')
		return has;
	if (!has && m->report->unknown && !is_made_up(sym.name))
		m->report->unknown(m->report->data, module, needed->name);
	if (has && m->report->disagrees && has->crc != sym.crc)
		m->report->disagrees(m->report->data, module, needed->name);
	return has;
}

/* All that one module needs. */
static void add_needs(void *data, unsigned worker, size_t i)
{
	struct making *m = data;
	struct mod_graph_module *at = m->graph->at, *module = &at[i];
	const struct mod_record_symbols *needs = &module->record.needs;
	struct lists *lists = lists_of(m, worker);
	uint32_t n = 0;

	for (size_t k = 0; lists && k < needs->n; k++) {
		struct mod_record_symbol sym = mod_record_symbol(needs, k);
		const struct mod_export *has = find_symbol(m, module, &sym);
		if (!has || has->owner == MOD_GRAPH_KERNEL ||
		    lists->seen[has->owner] == i + 1)
			continue;
		lists->seen[has->owner] = (uint32_t)i + 1;
		lists->list[n++] = has->owner;
		if (m->report->edge)
			m->report->edge(m->report->data, module, has->name,
					&at[has->owner]);
	}
	module->deps = lists ? keep(m, lists->list, n) : NULL;
	module->dep_count = module->deps ? n : 0;
}

/* Reports are made in order: by one thread. */
static int add_edges(struct making *m)
{
	const struct mod_graph_report *report = m->report;
	bool reports = report->unknown || report->disagrees || report->edge;
	struct mod_graph_module *at = m->graph->at;

	int r = each_module(m, reports ? 1 : m->graph->threads, add_needs);
	for (uint32_t i = 0; i < m->graph->n; i++)
		for (uint32_t d = 0; d < at[i].dep_count; d++)
			at[at[i].deps[d]].users++;
	return r;
}

/* Dependents before their dependencies.  Returns how many got a number; those
 * in cycles, and modules that only they need, get none.
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

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Everything below a module, each once: the list is its own queue. */
static uint32_t close_list(const struct mod_graph_module *at, uint32_t i,
			   struct lists *lists)
{
	uint32_t n = 0;

	for (uint32_t next = i, done = 0;; next = lists->list[done++]) {
		for (uint32_t d = 0; d < at[next].dep_count; d++) {
			uint32_t dep = at[next].deps[d];
			if (lists->seen[dep] == i + 1)
				continue;
			lists->seen[dep] = i + 1;
			lists->list[n++] = dep;
		}
		if (done == n)
			return n;
	}
}

static void close_one(void *data, unsigned worker, size_t i)
{
	struct making *m = data;
	struct mod_graph_module *at = m->graph->at;
	struct lists *lists = at[i].dep_count ? lists_of(m, worker) : NULL;

	if (!lists)
		return;
	uint32_t n = close_list(at, (uint32_t)i, lists);
	for (uint32_t k = 0; k < n; k++)
		lists->list[k] = at[lists->list[k]].number;
	qsort(lists->list, n, sizeof *lists->list, by_number);
	for (uint32_t k = 0; k < n; k++)
		lists->list[k] = m->at_number[lists->list[k]];
	at[i].all = keep(m, lists->list, n);
	at[i].all_count = at[i].all ? n : 0;
}

static int close_all(struct making *m)
{
	const struct mod_graph *graph = m->graph;
	_free_ uint32_t *at_number = calloc(graph->n + 1, sizeof *at_number);

	if (!at_number)
		return -ENOMEM;
	for (uint32_t i = 0; i < graph->n; i++)
		at_number[graph->at[i].number] = i;
	m->at_number = at_number;
	return each_module(m, graph->threads, close_one);
}

int mod_graph_build(struct mod_graph *graph, char prefix,
		    const struct mod_graph_report *report)
{
	uint32_t numbered = 0;

	if (graph->n == 0)
		return 0;
	_free_ struct making *making = calloc(1, sizeof *making);
	if (!making)
		return -ENOMEM;
	making->graph = graph;
	making->report = report;
	making->prefix = prefix;
	int r = add_exports(graph, prefix);
	if (r == 0)
		r = add_edges(making);
	if (r == 0)
		r = number_all(graph, &numbered);
	if (r < 0)
		return r;
	return numbered < graph->n ? 1 : close_all(making);
}
