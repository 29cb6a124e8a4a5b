/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/output-text.h"
#include "libmod/base/cursor.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

__attribute__((format(printf, 2, 3))) void
mod_output_text_warn(const struct mod_output_input *input, const char *fmt, ...)
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

/* Whether any byte is below ' ' and no tab. */
static bool has_control(const char *text, size_t len)
{
	for (; len > 0; text++, len--)
		if ((unsigned char)*text < ' ' && *text != '\t')
			return true;
	return false;
}

/* A control byte in a value would become a line of configuration. */
bool mod_output_text_is_clean(const struct mod_output_input *input,
			      const struct mod_graph_module *module,
			      const char *text, size_t len)
{
	if (!has_control(text, len))
		return true;
	mod_output_text_warn(input,
			     "%s: a value with a control character is left out",
			     module->path);
	return false;
}

void mod_output_text_dep_line(const struct mod_graph *graph, uint32_t i,
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

int mod_output_text_dep(const struct mod_graph *graph,
			const struct mod_output_input *input,
			struct mod_str *out)
{
	(void)input;
	for (uint32_t i = 0; i < graph->n; i++) {
		mod_output_text_dep_line(graph, i, out);
		mod_str_addn(out, "\n", 1);
	}
	return 0;
}

/* "ONE TWO\n" */
static void add_line(struct mod_str *out, const char *one, size_t one_len,
		     const char *two, size_t two_len)
{
	char *at = mod_str_room(out, one_len + 1 + two_len + 1);

	if (!at)
		return;
	memcpy(at, one, one_len);
	at[one_len] = ' ';
	memcpy(at + one_len + 1, two, two_len);
	at[one_len + 1 + two_len] = '\n';
}

/* "WORD VALUE NAME" or "WORD NAME VALUE" for each value of each module. */
static void write_values(const struct mod_graph *graph,
			 const struct mod_output_input *input,
			 enum mod_record_text which, const char *word,
			 bool name_last, struct mod_str *out)
{
	size_t word_len = strlen(word);

	for (uint32_t i = 0; i < graph->n; i++) {
		const struct mod_graph_module *m = &graph->at[i];
		size_t name_len = strlen(m->name);
		struct mod_cursor cur = m->record.text_cur[which];
		for (size_t n = m->record.texts[which]; n > 0; n--) {
			size_t len;
			const char *value = mod_record_text(&cur, &len);
			if (!mod_output_text_is_clean(input, m, value, len))
				continue;
			mod_str_addn(out, word, word_len);
			if (name_last)
				add_line(out, value, len, m->name, name_len);
			else
				add_line(out, m->name, name_len, value, len);
		}
	}
}

int mod_output_text_alias(const struct mod_graph *graph,
			  const struct mod_output_input *input,
			  struct mod_str *out)
{
	mod_str_add(out, "# Aliases extracted from modules themselves.\n");
	write_values(graph, input, MOD_RECORD_ALIAS, "alias ", true, out);
	return 0;
}

int mod_output_text_softdep(const struct mod_graph *graph,
			    const struct mod_output_input *input,
			    struct mod_str *out)
{
	mod_str_add(out,
		    "# Soft dependencies extracted from modules themselves.\n");
	write_values(graph, input, MOD_RECORD_SOFTDEP, "softdep ", false, out);
	return 0;
}

int mod_output_text_weakdep(const struct mod_graph *graph,
			    const struct mod_output_input *input,
			    struct mod_str *out)
{
	mod_str_add(out,
		    "# Weak dependencies extracted from modules themselves.\n");
	write_values(graph, input, MOD_RECORD_WEAKDEP, "weakdep ", false, out);
	return 0;
}

int mod_output_text_symbols(const struct mod_graph *graph,
			    const struct mod_output_input *input,
			    struct mod_str *out)
{
	static const char head[] = "alias symbol:";

	(void)input;
	mod_str_add(out, "# Aliases for symbols, used by symbol_request().\n");
	for (size_t i = 0; i < graph->symbols.n; i++) {
		const struct mod_export *sym = &graph->symbols.at[i];
		if (sym->owner == MOD_GRAPH_KERNEL)
			continue;
		const char *owner = graph->at[sym->owner].name;
		mod_str_addn(out, head, sizeof head - 1);
		add_line(out, sym->name, strlen(sym->name), owner,
			 strlen(owner));
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
		       const struct mod_output_input *input,
		       struct mod_str *out)
{
	struct mod_cursor cur = m->record.text_cur[MOD_RECORD_ALIAS];
	unsigned long major = 0, minor = 0;
	const char *name = NULL;
	char type = 0;

	for (size_t n = m->record.texts[MOD_RECORD_ALIAS];
	     n > 0 && !(name && type); n--) {
		static const char dev[] = "devname:", chr[] = "char-major-",
				  blk[] = "block-major-";
		size_t len;
		const char *alias = mod_record_text(&cur, &len);
		if (strncmp(alias, dev, strlen(dev)) == 0)
			name = alias + strlen(dev);
		else if (strncmp(alias, chr, strlen(chr)) == 0 &&
			 read_numbers(alias + strlen(chr), &major, &minor))
			type = 'c';
		else if (strncmp(alias, blk, strlen(blk)) == 0 &&
			 read_numbers(alias + strlen(blk), &major, &minor))
			type = 'b';
	}
	if (!name || !mod_output_text_is_clean(input, m, name, strlen(name)))
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

int mod_output_text_devname(const struct mod_graph *graph,
			    const struct mod_output_input *input,
			    struct mod_str *out)
{
	_str_ struct mod_str nodes = { 0 };

	for (uint32_t i = 0; i < graph->n; i++)
		write_node(&graph->at[i], input, &nodes);
	mod_str_addn(out, nodes.at ? nodes.at : "", nodes.len);
	return nodes.bad ? -ENOMEM : 0;
}
