/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* graph.h - who needs whom among the modules of a tree.
 *
 * Source of the orders: the bytes that kmod's depmod writes; scripts and other
 * programs compare them.
 */
#pragma once

#include "libmod/depmod/exports.h"
#include "libmod/depmod/record.h"

enum { MOD_GRAPH_KERNEL = UINT32_MAX }; /* owner of the kernel's own symbols */

struct mod_graph_module {
	const char *name;
	const char *path; /* as modules.dep has it */
	const char *key;  /* as modules.order has it */
	uint32_t tag;     /* the caller's own */
	struct mod_record record;

	/* Set by mod_graph_build(); indexes into the graph's modules. */
	uint32_t *deps; /* direct, each once, as they are first needed */
	uint32_t dep_count;
	uint32_t users;  /* how many need it directly and have no number */
	uint32_t number; /* dependents have lower ones */
	uint32_t *all;   /* deps of deps too, by number: last to load first */
	uint32_t all_count;
};

struct mod_graph {
	struct mod_graph_module *at; /* in the order of modules.dep */
	uint32_t n;
	unsigned threads;           /* that may be used; 0 is 1 */
	struct mod_exports symbols; /* their owners are modules' indexes */
};

/* Called while a graph is made; any may be NULL. */
struct mod_graph_report {
	/* A symbol, as the module spells it, that nobody exports. */
	void (*unknown)(void *data, const struct mod_graph_module *module,
			const char *symbol);
	/* One whose CRC differs from its exporter's. */
	void (*disagrees)(void *data, const struct mod_graph_module *module,
			  const char *symbol);
	/* The first symbol, as its exporter spells it, that makes one module
	 * need another.
	 */
	void (*edge)(void *data, const struct mod_graph_module *needs,
		     const char *symbol, const struct mod_graph_module *has);
	void *data;
};

void mod_graph_fini(struct mod_graph *graph);

/* Puts the modules in order: those that modules.order names, as it names them,
 * then the rest by their hash.  order_text is that file (NULL: none); its lines
 * end in LF.
 */
_check_ int mod_graph_order(struct mod_graph *graph, const char *order_text,
			    size_t len);

/* A symbol of the kernel itself; a module's of the same name has precedence.
 * name is lent.
 */
_check_ int mod_graph_add_kernel(struct mod_graph *graph, const char *name,
				 uint64_t crc);

/* Dependencies, numbers and closures.  prefix is a byte that symbols may begin
 * with (0: none).  Returns 0; 1 when there are dependency cycles (cycles.h
 * lists them); -ENOMEM.
 */
_check_ int mod_graph_build(struct mod_graph *graph, char prefix,
			    const struct mod_graph_report *report);
