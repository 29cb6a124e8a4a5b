/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/parameters.h"

#include "libmod/base/grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct parameter_string {
	size_t at; /* in parms->text: the name, directly followed by the text */
	size_t name_len, text_len;
	bool type;
};

/* The texts of one name, and when it was seen first. */
struct entry {
	struct parameter parm;
	size_t first;
};

int parameters_add(struct parameters *parms, bool type, const char *value,
		   size_t len)
{
	const char *colon = len ? memchr(value, ':', len) : NULL;

	if (!colon)
		return 1;
	char *text = mod_grow(parms->text, &parms->room, parms->len + len, 1);
	if (!text)
		return -ENOMEM;
	parms->text = text;
	struct parameter_string *at =
		mod_grow(parms->at, &parms->cap, parms->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	parms->at = at;

	size_t name_len = (size_t)(colon - value);
	size_t text_len = len - name_len - 1;
	char *to = parms->text + parms->len;
	memcpy(mempcpy(to, value, name_len), colon + 1, text_len);
	parms->at[parms->n++] = (struct parameter_string){
		.at = parms->len,
		.name_len = name_len,
		.text_len = text_len,
		.type = type,
	};
	parms->len += name_len + text_len;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	size_t xn = x->parm.name_len, yn = y->parm.name_len;
	int r = memcmp(x->parm.name, y->parm.name, xn < yn ? xn : yn);

	if (r == 0)
		r = (xn > yn) - (xn < yn);
	return r ? r : (x->first > y->first) - (x->first < y->first);
}

static int last_first(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->first < y->first) - (x->first > y->first);
}

static void fill(const struct parameters *parms, struct entry *all)
{
	for (size_t i = 0; i < parms->n; i++) {
		const struct parameter_string *s = &parms->at[i];
		const char *text = parms->text + s->at + s->name_len;
		struct parameter *parm = &all[i].parm;

		all[i].first = i;
		parm->name = parms->text + s->at;
		parm->name_len = s->name_len;
		*(s->type ? &parm->type : &parm->what) = text;
		*(s->type ? &parm->type_len : &parm->what_len) = s->text_len;
	}
}

/* Makes one entry of those with one name; returns how many are left. */
static size_t join(struct entry *all, size_t n)
{
	struct entry *last = all;

	for (struct entry *e = all + 1; e < all + n; e++) {
		struct parameter *to = &last->parm;
		const struct parameter *from = &e->parm;

		if (from->name_len != to->name_len ||
		    memcmp(from->name, to->name, to->name_len) != 0) {
			*++last = *e;
			continue;
		}
		if (from->what) {
			to->what = from->what;
			to->what_len = from->what_len;
		}
		if (from->type) {
			to->type = from->type;
			to->type_len = from->type_len;
		}
	}
	return (size_t)(last - all) + 1;
}

int parameters_each(struct parameters *parms,
		    void (*fn)(void *data, const struct parameter *parm),
		    void *data)
{
	struct entry *all;
	size_t n;

	if (!parms->n)
		return 0;
	all = calloc(parms->n, sizeof *all);
	if (!all)
		return -ENOMEM;
	fill(parms, all);
	qsort(all, parms->n, sizeof *all, by_name);
	n = join(all, parms->n);
	qsort(all, n, sizeof *all, last_first);
	for (size_t i = 0; i < n; i++)
		fn(data, &all[i].parm);
	free(all);
	return 0;
}

void parameters_fini(struct parameters *parms)
{
	free(parms->text);
	free(parms->at);
	*parms = (struct parameters){ 0 };
}
