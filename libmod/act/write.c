/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/act/write.h"

#include "libmod/act/write-index.h"
#include "libmod/base/order.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

enum { BUCKETS = 2048 }; /* of kmod's table of symbols */

__attribute__((format(printf, 2, 3))) void
mod_write_warn(const struct mod_write_input *input, const char *fmt, ...)
{
	_str_ struct mod_str text = { 0 };
	va_list ap;

	if (!input->warn)
		return;
	va_start(ap, fmt);
	mod_str_addv(&text, fmt, ap);
	va_end(ap);
	if (!text.bad)
		input->warn(input->data, LOG_WARNING, text.at);
}

/* A control byte in a value would become a line of configuration. */
bool mod_write_is_clean(const struct mod_write_input *input,
			const struct mod_graph_module *module, const char *text)
{
	for (const char *p = text; *p; p++) {
		if ((unsigned char)*p >= ' ' || *p == '\t')
			continue;
		mod_write_warn(input,
			       "%s: a value with a control character is "
			       "left out",
			       module->path);
		return false;
	}
	return true;
}

void mod_write_dep_line(const struct mod_graph *graph, uint32_t i,
			struct mod_str *out)
{
	const struct mod_graph_module *m = &graph->at[i];

	mod_str_add(out, m->path);
	mod_str_addn(out, ":", 1);
	for (uint32_t d = 0; d < m->all_count; d++) {
		mod_str_addn(out, " ", 1);
		mod_str_add(out, graph->at[m->all[d]].path);
	}
}

static int write_dep(const struct mod_graph *graph,
		     const struct mod_write_input *input, struct mod_str *out)
{
	(void)input;
	for (uint32_t i = 0; i < graph->n; i++) {
		mod_write_dep_line(graph, i, out);
		mod_str_addn(out, "\n", 1);
	}
	return 0;
}

/* "WORD VALUE NAME" or "WORD NAME VALUE" for each value of each module. */
static void write_values(const struct mod_graph *graph,
			 const struct mod_write_input *input,
			 enum mod_record_text which, const char *word,
			 bool name_last, struct mod_str *out)
{
	for (uint32_t i = 0; i < graph->n; i++) {
		const struct mod_graph_module *m = &graph->at[i];
		struct mod_cur cur = m->record.text_cur[which];
		for (size_t n = m->record.texts[which]; n > 0; n--) {
			const char *value = mod_record_text(&cur);
			if (!mod_write_is_clean(input, m, value))
				continue;
			mod_str_add(out, word);
			mod_str_add(out, name_last ? value : m->name);
			mod_str_addn(out, " ", 1);
			mod_str_add(out, name_last ? m->name : value);
			mod_str_addn(out, "\n", 1);
		}
	}
}

static int write_alias(const struct mod_graph *graph,
		       const struct mod_write_input *input, struct mod_str *out)
{
	mod_str_add(out, "# Aliases extracted from modules themselves.\n");
	write_values(graph, input, MOD_RECORD_ALIAS, "alias ", true, out);
	return 0;
}

static int write_softdep(const struct mod_graph *graph,
			 const struct mod_write_input *input,
			 struct mod_str *out)
{
	mod_str_add(out,
		    "# Soft dependencies extracted from modules themselves.\n");
	write_values(graph, input, MOD_RECORD_SOFTDEP, "softdep ", false, out);
	return 0;
}

static int write_weakdep(const struct mod_graph *graph,
			 const struct mod_write_input *input,
			 struct mod_str *out)
{
	mod_str_add(out,
		    "# Weak dependencies extracted from modules themselves.\n");
	write_values(graph, input, MOD_RECORD_WEAKDEP, "weakdep ", false, out);
	return 0;
}

struct placed {
	uint32_t bucket;
	const struct mod_graph_symbol *sym;
};

static int by_bucket(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->bucket != y->bucket)
		return x->bucket < y->bucket ? -1 : 1;
	return strcmp(x->sym->name, y->sym->name);
}

static int write_symbols(const struct mod_graph *graph,
			 const struct mod_write_input *input,
			 struct mod_str *out)
{
	_free_ struct placed *list =
		calloc(graph->symbols.count + 1, sizeof *list);
	size_t n = 0;

	(void)input;
	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < graph->symbols.cap; i++) {
		const struct mod_graph_symbol *sym =
			graph->symbols.slots[i].value;
		if (sym && sym->owner != MOD_GRAPH_KERNEL)
			list[n++] = (struct placed){
				mod_order_hash(sym->name) % BUCKETS, sym
			};
	}
	qsort(list, n, sizeof *list, by_bucket);
	mod_str_add(out, "# Aliases for symbols, used by symbol_request().\n");
	for (size_t i = 0; i < n; i++) {
		mod_str_add(out, "alias symbol:");
		mod_str_add(out, list[i].sym->name);
		mod_str_addn(out, " ", 1);
		mod_str_add(out, graph->at[list[i].sym->owner].name);
		mod_str_addn(out, "\n", 1);
	}
	return 0;
}

/* A decimal number as scanf("%u") reads it; NULL when there is none or it does
 * not fit.
 */
static const char *read_number(const char *at, unsigned long *number)
{
	char *end;

	at += strspn(at, " \t");
	if (*at < '0' || *at > '9')
		return NULL;
	errno = 0;
	*number = strtoul(at, &end, 10);
	return errno || *number > UINT32_MAX ? NULL : end;
}

/* "MAJOR-MINOR..."; both or none are set. */
static bool read_numbers(const char *at, unsigned long *major,
			 unsigned long *minor)
{
	unsigned long first, second;

	at = read_number(at, &first);
	if (!at || *at != '-' || !read_number(at + 1, &second))
		return false;
	*major = first;
	*minor = second;
	return true;
}

static void write_node(const struct mod_graph_module *m,
		       const struct mod_write_input *input, struct mod_str *out)
{
	struct mod_cur cur = m->record.text_cur[MOD_RECORD_ALIAS];
	unsigned long major = 0, minor = 0;
	const char *name = NULL;
	char type = 0;

	for (size_t n = m->record.texts[MOD_RECORD_ALIAS];
	     n > 0 && !(name && type); n--) {
		static const char dev[] = "devname:", chr[] = "char-major-",
				  blk[] = "block-major-";
		const char *alias = mod_record_text(&cur);
		if (strncmp(alias, dev, strlen(dev)) == 0)
			name = alias + strlen(dev);
		else if (strncmp(alias, chr, strlen(chr)) == 0 &&
			 read_numbers(alias + strlen(chr), &major, &minor))
			type = 'c';
		else if (strncmp(alias, blk, strlen(blk)) == 0 &&
			 read_numbers(alias + strlen(blk), &major, &minor))
			type = 'b';
	}
	if (!name || !mod_write_is_clean(input, m, name))
		return;
	if (!type) {
		_str_ struct mod_str text = { 0 };
		mod_str_addf(&text,
			     "Module '%s' has devname (%s) but lacks major and "
			     "minor information. Ignoring.",
			     m->name, name);
		if (input->warn && !text.bad)
			input->warn(input->data, LOG_ERR, text.at);
		return;
	}
	if (out->len == 0)
		mod_str_add(out,
			    "# Device nodes to trigger on-demand module "
			    "loading.\n");
	mod_str_addf(out, "%s %s %c%lu:%lu\n", m->name, name, type, major,
		     minor);
}

static int write_devname(const struct mod_graph *graph,
			 const struct mod_write_input *input,
			 struct mod_str *out)
{
	_str_ struct mod_str nodes = { 0 };

	for (uint32_t i = 0; i < graph->n; i++)
		write_node(&graph->at[i], input, &nodes);
	mod_str_addn(out, nodes.at ? nodes.at : "", nodes.len);
	return nodes.bad ? -ENOMEM : 0;
}

typedef int write_fn(const struct mod_graph *graph,
		     const struct mod_write_input *input, struct mod_str *out);

static const struct {
	const char *name;
	write_fn *write;
	bool text;
} outputs[MOD_OUTPUTS] = {
	[MOD_OUTPUT_DEP] = { "modules.dep", write_dep, true },
	[MOD_OUTPUT_DEP_BIN] = { "modules.dep.bin", mod_write_dep_bin, false },
	[MOD_OUTPUT_ALIAS] = { "modules.alias", write_alias, true },
	[MOD_OUTPUT_ALIAS_BIN] = { "modules.alias.bin", mod_write_alias_bin,
				   false },
	[MOD_OUTPUT_SOFTDEP] = { "modules.softdep", write_softdep, true },
	[MOD_OUTPUT_WEAKDEP] = { "modules.weakdep", write_weakdep, true },
	[MOD_OUTPUT_SYMBOLS] = { "modules.symbols", write_symbols, true },
	[MOD_OUTPUT_SYMBOLS_BIN] = { "modules.symbols.bin",
				     mod_write_symbols_bin, false },
	[MOD_OUTPUT_BUILTIN_BIN] = { "modules.builtin.bin",
				     mod_write_builtin_bin, false },
	[MOD_OUTPUT_BUILTIN_ALIAS_BIN] = { "modules.builtin.alias.bin",
					   mod_write_builtin_alias_bin, false },
	[MOD_OUTPUT_DEVNAME] = { "modules.devname", write_devname, true },
};

const char *mod_output_name(enum mod_output output)
{
	return outputs[output].name;
}

bool mod_output_is_text(enum mod_output output)
{
	return outputs[output].text;
}

int mod_write(const struct mod_graph *graph,
	      const struct mod_write_input *input, enum mod_output output,
	      struct mod_str *out)
{
	int r = outputs[output].write(graph, input, out);

	return r == 0 && out->bad ? -ENOMEM : r;
}
