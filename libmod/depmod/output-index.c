/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/output-index.h"

#include "libmod/base/arena.h"
#include "libmod/base/cursor.h"
#include "libmod/base/grow.h"
#include "libmod/base/map.h"
#include "libmod/base/name.h"
#include "libmod/index/writer.h"
#include "libmod/module/modinfo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

struct list {
	struct mod_index_entry *at;
	size_t n, cap;
	struct mod_arena arena; /* for the keys */
};

static void list_fini(struct list *list)
{
	free(list->at);
	mod_arena_fini(&list->arena);
}

static int add(struct list *list, const char *key, const char *value,
	       uint32_t priority)
{
	struct mod_index_entry *at =
		mod_grow(list->at, &list->cap, list->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	list->at = at;
	list->at[list->n++] = (struct mod_index_entry){ .key = key,
							.value = value,
							.priority = priority };
	return 0;
}

static int finish(struct list *list, int r, struct mod_str *out)
{
	if (r == 0)
		r = mod_index_writer_write(list->at, list->n, out);
	list_fini(list);
	return r;
}

/* An alias as the index has it.  *key is NULL for one that cannot be there. */
static int alias_key(struct list *list, const struct mod_output_input *input,
		     const char *alias, size_t len, const char **key)
{
	char *copy = mod_arena_raw(&list->arena, len + 1);

	*key = NULL;
	if (!copy)
		return -ENOMEM;
	if (mod_name_query(copy, len + 1, alias) < 0)
		mod_output_text_warn(input, "Unmatched bracket in %s", alias);
	else if (!mod_index_writer_key_fits(copy))
		mod_output_text_warn(
			input, "alias that is %s is not indexed: %.64s",
			len > MOD_INDEX_KEY_MAX ? "longer than 4095 bytes"
						: "not ASCII",
			alias);
	else
		*key = copy;
	return 0;
}

int mod_output_index_dep(const struct mod_graph *graph,
			 const struct mod_output_input *input,
			 struct mod_str *out)
{
	struct list list = { 0 };
	int r = 0;

	for (uint32_t i = 0; i < graph->n && r == 0; i++) {
		_str_ struct mod_str line = { 0 };
		const char *name = graph->at[i].name;
		if (!mod_index_writer_key_fits(name)) {
			mod_output_text_warn(
				input,
				"module with a name that is not ASCII "
				"is not indexed: %s",
				name);
			continue;
		}
		mod_output_text_dep_line(graph, i, &line);
		const char *value = line.bad
			? NULL
			: mod_arena_strn(&list.arena, line.at, line.len);
		r = value ? add(&list, name, value, i) : -ENOMEM;
	}
	return finish(&list, r, out);
}

/* Warns of a key that its module, whose others are in `keys`, has already. */
static int check_twice(struct mod_map *keys,
		       const struct mod_output_input *input, const char *key,
		       const char *module)
{
	void **slot;
	int r = mod_map_put(keys, key, &slot);

	if (r == 0 && *slot)
		mod_output_text_warn(input, "duplicate module alias:\n%s %s",
				     key, module);
	else if (r == 0)
		*slot = (void *)key;
	return r;
}

static int add_aliases(struct list *list, const struct mod_graph *graph,
		       const struct mod_output_input *input, uint32_t i)
{
	const struct mod_output_input quiet = { 0 };
	const struct mod_graph_module *m = &graph->at[i];
	struct mod_cursor cur = m->record.text_cur[MOD_RECORD_ALIAS];
	_cleanup_(mod_map_fini) struct mod_map keys = { 0 };
	int r = 0;

	for (size_t n = m->record.texts[MOD_RECORD_ALIAS]; n > 0 && r == 0;
	     n--) {
		size_t len;
		const char *alias = mod_record_text(&cur, &len), *key;
		/* Reported when the text was written. */
		if (!mod_output_text_is_clean(&quiet, m, alias, len))
			continue;
		r = alias_key(list, input, alias, len, &key);
		if (r < 0 || !key)
			continue;
		if (input->warn_duplicates)
			r = check_twice(&keys, input, key, m->name);
		if (r == 0)
			r = add(list, key, m->name, i);
	}
	return r;
}

int mod_output_index_alias(const struct mod_graph *graph,
			   const struct mod_output_input *input,
			   struct mod_str *out)
{
	struct list list = { 0 };
	int r = 0;

	for (uint32_t i = 0; i < graph->n && r == 0; i++)
		r = add_aliases(&list, graph, input, i);
	return finish(&list, r, out);
}

int mod_output_index_symbols(const struct mod_graph *graph,
			     const struct mod_output_input *input,
			     struct mod_str *out)
{
	static const char prefix[] = "symbol:";
	struct list list = { 0 };
	int r = 0;

	(void)input;
	for (size_t i = 0; i < graph->symbols.n && r == 0; i++) {
		const struct mod_export *sym = &graph->symbols.at[i];
		if (sym->owner == MOD_GRAPH_KERNEL ||
		    !mod_index_writer_key_fits(sym->name))
			continue;
		size_t len = strlen(sym->name);
		char *key = mod_arena_raw(&list.arena, sizeof prefix + len);
		if (key) {
			memcpy(key, prefix, sizeof prefix - 1);
			memcpy(key + sizeof prefix - 1, sym->name, len + 1);
		}
		r = key ? add(&list, key, graph->at[sym->owner].name,
			      sym->owner)
			: -ENOMEM;
	}
	return finish(&list, r, out);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int mod_output_index_builtin(const struct mod_graph *graph,
			     const struct mod_output_input *input,
			     struct mod_str *out)
{
	struct list list = { 0 };
	const char *at = input->builtin;
	const char *end = at ? at + input->builtin_len : at;
	char path[MOD_NAME_MAX], name[MOD_NAME_MAX];
	int r = 0;

	(void)graph;
	for (const char *next; r == 0 && at < end; at = next) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((lf ? lf : end) - at);
		next = lf ? lf + 1 : end;
		if (len < sizeof path) {
			memcpy(path, at, len);
			path[len] = '\0';
		}
		if (len >= sizeof path || !is_letter(*at) ||
		    mod_name_of_path(name, sizeof name, path) < 0) {
			mod_output_text_warn(
				input,
				"modules.builtin: ignoring bad line "
				"'%.*s'",
				len < 64 ? (int)len : 64, at);
			continue;
		}
		const char *key =
			mod_arena_strn(&list.arena, name, strlen(name));
		r = !key ? -ENOMEM
			: mod_index_writer_key_fits(key)
			? add(&list, key, "", 0)
			: 0;
	}
	return finish(&list, r, out);
}

int mod_output_index_builtin_alias(const struct mod_graph *graph,
				   const struct mod_output_input *input,
				   struct mod_str *out)
{
	static const char word[] = "alias=";
	struct list list = { 0 };
	struct mod_bytes left = { (const uint8_t *)input->builtin_info,
				  input->builtin_info_len };
	const char *record;
	int r = 0;

	(void)graph;
	while (r == 0 && left.at && (record = mod_bytes_str(left, 0))) {
		size_t used = strlen(record) + 1;
		const char *dot = strchr(record, '.');
		const char *key = NULL, *value;

		left = (struct mod_bytes){ left.at + used, left.len - used };
		if (!dot || dot == record ||
		    strncmp(dot + 1, word, strlen(word)) != 0 ||
		    !dot[1 + strlen(word)])
			continue;
		value = mod_arena_strn(&list.arena, record,
				       (size_t)(dot - record));
		if (!value)
			r = -ENOMEM;
		else
			r = alias_key(&list, input, dot + 1 + strlen(word),
				      used - (size_t)(dot + 1 - record) -
					      strlen(word) - 1,
				      &key);
		if (r == 0 && key)
			r = add(&list, key, value, 0);
	}
	return finish(&list, r, out);
}
