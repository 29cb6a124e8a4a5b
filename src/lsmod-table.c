/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lsmod-table.c - the loaded modules sorted, in chosen columns, or as JSON. */
#include "libmod/base/grow.h"
#include "src/json.h"
#include "src/log.h"
#include "src/lsmod.h"
#include "src/output.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	char *name; /* owned, followed by the texts below */
	const char *holders, *state, *taints;
	uint64_t size;
	long count;
	bool permanent;
	size_t place; /* in the kernel's order */
};

struct rows {
	struct row *at;
	size_t n, cap;
};

enum { NUMBER_TEXT = 24 }; /* bytes */

/* A column: the text of a cell, how rows compare, and the value in JSON. */
struct lsmod_column {
	const char *name, *head;
	bool number; /* aligned to the right */
	const char *(*cell)(const struct row *row, char buf[NUMBER_TEXT]);
	int (*compare)(const struct row *a, const struct row *b);
	struct js *(*value)(const struct row *row);
};

#define COMPARE(a, b) ((a) > (b)) - ((a) < (b))

/* A text of the row, by the name of its member. */
#define TEXT_COLUMN(member)                                                    \
	static const char *member##_cell(const struct row *row, char *buf)     \
	{                                                                      \
		(void)buf;                                                     \
		return *row->member ? row->member : "-";                       \
	}                                                                      \
	static int member##_compare(const struct row *a, const struct row *b)  \
	{                                                                      \
		return strcmp(a->member, b->member);                           \
	}
TEXT_COLUMN(name)
TEXT_COLUMN(holders)
TEXT_COLUMN(state)
TEXT_COLUMN(taints)

static struct js *name_value(const struct row *row)
{
	return js_text(row->name);
}

static struct js *state_value(const struct row *row)
{
	return js_text(row->state);
}

static struct js *taints_value(const struct row *row)
{
	return js_text(row->taints);
}

static struct js *holders_value(const struct row *row)
{
	struct js *list = js_array();
	const char *at = row->holders;

	while (*at) {
		size_t n = strcspn(at, ",");
		if (n)
			js_add(list, js_bytes(at, n));
		at += n + (at[n] == ',');
	}
	return list;
}

static const char *size_cell(const struct row *row, char buf[NUMBER_TEXT])
{
	snprintf(buf, NUMBER_TEXT, "%llu", (unsigned long long)row->size);
	return buf;
}

static int size_compare(const struct row *a, const struct row *b)
{
	return COMPARE(a->size, b->size);
}

static struct js *size_value(const struct row *row)
{
	return row->size > LLONG_MAX ? js_null()
				     : js_number((long long)row->size);
}

/* The result of mod_loaded_users() with a kernel that cannot unload. */
enum { UNCOUNTED = -2 };

static const char *used_cell(const struct row *row, char buf[NUMBER_TEXT])
{
	if (row->count == UNCOUNTED)
		return "-";
	snprintf(buf, NUMBER_TEXT, "%ld", row->count);
	return buf;
}

static int used_compare(const struct row *a, const struct row *b)
{
	return COMPARE(a->count, b->count);
}

static struct js *used_value(const struct row *row)
{
	return row->count == UNCOUNTED ? js_null() : js_number(row->count);
}

static const char *permanent_cell(const struct row *row, char *buf)
{
	(void)buf;
	return row->permanent ? "yes" : "no";
}

static int permanent_compare(const struct row *a, const struct row *b)
{
	return COMPARE(a->permanent, b->permanent);
}

static struct js *permanent_value(const struct row *row)
{
	return js_bool(row->permanent);
}

static const struct lsmod_column columns[] = {
	{ "name", "Module", false, name_cell, name_compare, name_value },
	{ "size", "Size", true, size_cell, size_compare, size_value },
	{ "used", "Used", true, used_cell, used_compare, used_value },
	{ "by", "By", false, holders_cell, holders_compare, holders_value },
	{ "state", "State", false, state_cell, state_compare, state_value },
	{ "taints", "Taints", false, taints_cell, taints_compare,
	  taints_value },
	{ "permanent", "Permanent", false, permanent_cell, permanent_compare,
	  permanent_value },
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const struct lsmod_column *find(const char *name, size_t len)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (strlen(columns[i].name) == len &&
		    memcmp(columns[i].name, name, len) == 0)
			return &columns[i];
	log_error("no column '%.*s'; there are: name, size, used, by, state, "
		  "taints, permanent.",
		  (int)(len > INT_MAX ? INT_MAX : len), name);
	return NULL;
}

int lsmod_set_sort(struct lsmod_opts *o, const char *key)
{
	o->backwards = *key == '-';
	o->sort = find(key + o->backwards, strlen(key + o->backwards));
	return o->sort ? TOOL_GOES_ON : 1;
}

int lsmod_set_columns(struct lsmod_opts *o, const char *list)
{
	o->n = 0;
	for (;;) {
		size_t len = strcspn(list, ",");
		const struct lsmod_column *column = find(list, len);

		if (!column)
			return 1;
		if (o->n == LSMOD_COLUMNS_MAX)
			return log_error("more than %d columns.",
					 LSMOD_COLUMNS_MAX);
		o->columns[o->n++] = column;
		if (!list[len])
			return TOOL_GOES_ON;
		list += len + 1;
	}
}

/* ---- rows */

static char *put(char **to, const char *text)
{
	char *at = *to;

	*to = stpcpy(at, text) + 1;
	return at;
}

static int add(void *data, const struct mod_loaded *mod)
{
	struct rows *rows = data;
	const char *name = mod_loaded_name(mod);
	const char *holders = mod_loaded_holders(mod);
	const char *state = mod_loaded_state(mod);
	const char *taints = mod_loaded_taints(mod);
	struct row *at =
		mod_grow(rows->at, &rows->cap, rows->n + 1, sizeof *at);

	if (!at)
		return -ENOMEM;
	rows->at = at;
	char *to = malloc(strlen(name) + strlen(holders) + strlen(state) +
			  strlen(taints) + 4);
	if (!to)
		return -ENOMEM;
	struct row *row = &rows->at[rows->n];
	row->name = put(&to, name);
	row->holders = put(&to, holders);
	row->state = put(&to, state);
	row->taints = put(&to, taints);
	row->size = mod_loaded_size(mod);
	row->count = mod_loaded_users(mod);
	row->permanent = mod_loaded_is_permanent(mod);
	row->place = rows->n++;
	return 0;
}

static int compare(const void *a, const void *b, void *data)
{
	const struct row *x = a, *y = b;
	const struct lsmod_opts *o = data;
	int r = o->sort->compare(x, y);

	if (r)
		return o->backwards ? -r : r;
	return COMPARE(x->place, y->place);
}

static void print_usual(const struct rows *rows)
{
	lsmod_header();
	for (size_t i = 0; i < rows->n; i++)
		lsmod_row(rows->at[i].name, rows->at[i].size, rows->at[i].count,
			  rows->at[i].holders);
}

static void print_cell(const char *text, size_t width, bool right, bool last)
{
	size_t len = strlen(text), spaces = width > len ? width - len : 0;

	if (right)
		output_spaces(spaces);
	output_text(text);
	if (!right && !last)
		output_spaces(spaces);
	output_text(last ? "\n" : "  ");
}

static void print_columns(const struct rows *rows, const struct lsmod_opts *o)
{
	size_t widths[LSMOD_COLUMNS_MAX];
	char buf[NUMBER_TEXT];

	for (size_t c = 0; c < o->n; c++) {
		widths[c] = strlen(o->columns[c]->head);
		for (size_t i = 0; i < rows->n; i++) {
			size_t n =
				strlen(o->columns[c]->cell(&rows->at[i], buf));
			widths[c] = n > widths[c] ? n : widths[c];
		}
	}
	for (size_t c = 0; c < o->n; c++)
		print_cell(o->columns[c]->head, widths[c],
			   o->columns[c]->number, c + 1 == o->n);
	for (size_t i = 0; i < rows->n; i++)
		for (size_t c = 0; c < o->n; c++)
			print_cell(o->columns[c]->cell(&rows->at[i], buf),
				   widths[c], o->columns[c]->number,
				   c + 1 == o->n);
}

static int print_json(const struct rows *rows, const struct lsmod_opts *o)
{
	struct js *list = js_array();

	for (size_t i = 0; i < rows->n; i++) {
		struct js *object = js_object();

		for (size_t c = 0; c < (o->n ? o->n : COLUMNS); c++) {
			const struct lsmod_column *column =
				o->n ? o->columns[c] : &columns[c];
			js_put(object, column->name,
			       column->value(&rows->at[i]));
		}
		js_add(list, object);
	}
	return js_end(list);
}

int lsmod_table(struct mod_ctx *ctx, const struct lsmod_opts *o)
{
	struct rows rows = { 0 };
	int status = 0;

	if (o->json && js_start() != 0)
		return 1;
	int r = mod_loaded_each(ctx, add, &rows);
	if (r == 0 && o->sort && rows.n)
		qsort_r(rows.at, rows.n, sizeof *rows.at, compare, (void *)o);
	if (r < 0)
		status = lsmod_could_not(ctx, r);
	else if (o->json)
		status = print_json(&rows, o);
	else if (o->n)
		print_columns(&rows, o);
	else
		print_usual(&rows);
	for (size_t i = 0; i < rows.n; i++)
		free(rows.at[i].name);
	free(rows.at);
	return status;
}
