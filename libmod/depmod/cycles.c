/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/cycles.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A path under way from one module, looking for a way back to it. */
struct path {
	const struct mod_graph *graph;
	mod_cycle_fn *fn;
	void *data;
	uint32_t *at;   /* modules, start first */
	uint32_t *next; /* for each, how many of its deps are still to try */
	bool *on, *tried, *named;
	uint32_t n, count;
};

static void push(struct path *p, uint32_t i)
{
	p->at[p->n] = i;
	p->next[p->n++] = p->graph->at[i].dep_count;
	p->on[i] = p->tried[i] = true;
}

static void report(struct path *p)
{
	for (uint32_t i = 0; i < p->n; i++) {
		p->count += !p->named[p->at[i]];
		p->named[p->at[i]] = true;
	}
	p->fn(p->data, p->graph, p->at, p->n);
}

/* Depth first, the last dependency before the others.  A module that was tried
 * and led nowhere is not tried again: so this ends, on any graph, in time
 * linear in its edges.
 */
static void search(struct path *p, uint32_t start)
{
	p->n = 0;
	memset(p->tried, 0, p->graph->n * sizeof *p->tried);
	push(p, start);
	while (p->n > 0) {
		uint32_t i = p->at[p->n - 1];
		if (p->next[p->n - 1] == 0) {
			p->on[i] = false;
			p->n--;
			continue;
		}
		uint32_t dep = p->graph->at[i].deps[--p->next[p->n - 1]];
		if (dep == start)
			report(p);
		else if (!p->on[dep] && !p->tried[dep])
			push(p, dep);
	}
}

int mod_cycles_each(const struct mod_graph *graph, mod_cycle_fn *fn, void *data,
		    uint32_t *count)
{
	size_t n = graph->n;
	_free_ uint32_t *at = calloc(n, sizeof *at);
	_free_ uint32_t *next = calloc(n, sizeof *next);
	_free_ bool *on = calloc(n, sizeof *on);
	_free_ bool *tried = calloc(n, sizeof *tried);
	_free_ bool *named = calloc(n, sizeof *named);
	struct path p = {
		.graph = graph,
		.fn = fn,
		.data = data,
		.at = at,
		.next = next,
		.on = on,
		.tried = tried,
		.named = named,
	};

	if (!at || !next || !on || !tried || !named)
		return -ENOMEM;
	for (uint32_t i = 0; i < graph->n; i++)
		if (graph->at[i].users > 0 && !named[i])
			search(&p, i);
	*count = p.count;
	return 0;
}
