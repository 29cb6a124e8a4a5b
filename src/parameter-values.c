/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/parameter-values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The kernel takes - and _ in the name of a parameter for the same. */
static bool same(const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len)
		return false;
	for (size_t i = 0; i < a_len; i++)
		if ((a[i] == '-' ? '_' : a[i]) != (b[i] == '-' ? '_' : b[i]))
			return false;
	return true;
}

static struct parameter_value *find(struct parameter_values *live,
				    const char *name, size_t len)
{
	for (size_t i = 0; i < live->n; i++)
		if (same(live->at[i].name, live->at[i].name_len, name, len))
			return &live->at[i];
	return NULL;
}

/* NULL: memory. */
static struct parameter_value *add(struct parameter_values *live,
				   const char *name, size_t len)
{
	size_t cap = live->cap ? live->cap * 2 : 16;

	if (live->n == live->cap) {
		struct parameter_value *at =
			reallocarray(live->at, cap, sizeof *at);
		if (!at) {
			live->error = -ENOMEM;
			return NULL;
		}
		live->at = at;
		live->cap = cap;
	}
	live->at[live->n] =
		(struct parameter_value){ .name = name, .name_len = len };
	return &live->at[live->n++];
}

/* No name comes twice, and a hostile module has a million: they are not looked
 * for.
 */
void parameter_values_add(void *data, const struct parameter *parm)
{
	struct parameter_value *to = add(data, parm->name, parm->name_len);

	if (!to)
		return;
	to->known = true;
	to->type = parm->type;
	to->type_len = parm->type_len;
	to->what = parm->what;
	to->what_len = parm->what_len;
}

static int take_value(void *data, const char *name, const char *value,
		      int error)
{
	struct parameter_values *live = data;
	size_t len = strlen(name);
	struct parameter_value *to = find(live, name, len);

	if (!to) { /* the module is silent about it: the name is to be kept */
		char *copy = strdup(name);
		to = copy ? add(live, copy, len) : NULL;
		if (!to) {
			free(copy);
			return -ENOMEM;
		}
		to->own_name = copy;
	}
	to->known = true;
	to->error = error;
	free(to->value);
	to->value = value ? strdup(value) : NULL;
	return value && !to->value ? -ENOMEM : 0;
}

int parameter_values_read_kernel(struct parameter_values *live,
				 struct mod_ctx *ctx, const char *name)
{
	int r = mod_loaded_params_each(ctx, name, take_value, live);

	return r < 0 ? r : 0;
}

/* The next setting of an options line: blanks divide, and do not between '"'.
 * Source: the kernel's lib/cmdline.c, next_arg().
 */
static bool next_setting(const char **at, const char **word, size_t *len)
{
	bool quoted = false;

	*at += strspn(*at, " \t");
	*word = *at;
	for (; **at && (quoted || (**at != ' ' && **at != '\t')); ++*at)
		quoted ^= **at == '"';
	*len = (size_t)(*at - *word);
	return *len > 0;
}

static int take_options(void *data, const char *options, const char *file,
			unsigned line)
{
	struct parameter_values *live = data;
	const char *word;
	size_t len;

	while (next_setting(&options, &word, &len)) {
		if (len > 1 && *word == '"' && word[len - 1] == '"')
			word++, len -= 2;
		const char *equal = memchr(word, '=', len);
		size_t n = equal ? (size_t)(equal - word) : len;
		struct parameter_value *to = find(live, word, n);

		to = to ? to : add(live, word, n);
		if (!to)
			return -ENOMEM;
		to->set = equal ? equal + 1 : NULL;
		to->set_len = equal ? len - n - 1 : 0;
		if (to->set_len > 1 && *to->set == '"' &&
		    to->set[to->set_len - 1] == '"')
			to->set++, to->set_len -= 2;
		to->file = file;
		to->line = line;
	}
	return 0;
}

int parameter_values_read_config(struct parameter_values *live,
				 struct mod_ctx *ctx, const char *name)
{
	return mod_options_each(ctx, name, take_options, live);
}

static bool is_type(const struct parameter_value *parm,
		    const char *const *types)
{
	for (; *types; types++)
		if (parm->type && strlen(*types) == parm->type_len &&
		    memcmp(*types, parm->type, parm->type_len) == 0)
			return true;
	return false;
}

/* A whole number, as the kernel reads it.  False when it is none. */
static bool read_number(const char *text, long long *n)
{
	char *end;

	errno = 0;
	*n = strtoll(text, &end, 0);
	return !errno && end != text && !*end;
}

/* 1, 0, or -1 for what is no truth value.  Source: the kernel's kstrtobool().
 */
static int read_bool(const char *text)
{
	switch (*text) {
	case 'y':
	case 'Y':
	case 't':
	case 'T':
	case '1':
		return 1;
	case 'n':
	case 'N':
	case 'f':
	case 'F':
	case '0':
		return 0;
	case 'o':
	case 'O':
		if (text[1] == 'n' || text[1] == 'N')
			return 1;
		return text[1] == 'f' || text[1] == 'F' ? 0 : -1;
	}
	return -1;
}

bool parameter_values_is_changed(const struct parameter_value *parm)
{
	static const char *const numbers[] = {
		"byte", "short", "ushort", "int", "uint", "long", "hexint", NULL
	};
	static const char *const bools[] = { "bool", "bint", NULL };
	static const char *const texts[] = { "charp", "string", NULL };
	long long a, b;
	bool changed = false;

	if (!parm->file || !parm->value)
		return false;
	char *set = parm->set ? strndup(parm->set, parm->set_len) : strdup("");
	if (!set)
		return false;
	if (is_type(parm, numbers))
		changed = read_number(set, &a) &&
			read_number(parm->value, &b) && a != b;
	else if (is_type(parm, bools))
		changed = (parm->set ? read_bool(set) : 1) !=
			read_bool(parm->value);
	else if (is_type(parm, texts))
		changed = parm->set && strcmp(set, parm->value) != 0;
	free(set);
	return changed;
}

void parameter_values_fini(struct parameter_values *live)
{
	for (size_t i = 0; i < live->n; i++) {
		free(live->at[i].value);
		free(live->at[i].own_name);
	}
	free(live->at);
	*live = (struct parameter_values){ 0 };
}
