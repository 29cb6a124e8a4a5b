/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* parameter-check.c - whether a module has the parameters that a step gives it;
 * documented in libmod/libmod.h.
 */
#include "libmod/base/parameter.h"
#include "libmod/ctx/error.h"
#include "libmod/load/step.h"
#include "libmod/module/module.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A name so far from all that there are is no slip of the hand. */
enum { FAR = 3 };

/* The strings of a module about one name. */
struct looking {
	const char *name;
	bool known;
	const char *type;
	size_t type_len;
	char nearest[64];
	size_t distance; /* of that one */
	char kept[64];   /* the type: a built-in's strings do not stay */
};

static void note_nearest(struct looking *l, const char *name, size_t len)
{
	size_t d = mod_parameter_distance(l->name, strlen(l->name), name, len,
					  FAR);

	if (d >= l->distance || len >= sizeof l->nearest)
		return;
	l->distance = d;
	memcpy(l->nearest, name, len);
	l->nearest[len] = '\0';
}

static int look(void *data, const struct mod_field *field)
{
	struct looking *l = data;
	const char *key = field->key, *name = field->value;
	const size_t key_len = field->key_len, value_len = field->value_len;
	bool type = key_len == 8 && memcmp(key, "parmtype", 8) == 0;
	const char *colon = value_len ? memchr(name, ':', value_len) : NULL;

	if (!colon || (!type && (key_len != 4 || memcmp(key, "parm", 4) != 0)))
		return 0;
	size_t len = (size_t)(colon - name);
	if (!mod_parameter_is_name(l->name, strlen(l->name), name, len)) {
		note_nearest(l, name, len);
		return 0;
	}
	l->known = true;
	if (type && value_len - len - 1 < sizeof l->kept) {
		l->type_len = value_len - len - 1;
		l->type = memcpy(l->kept, colon + 1, l->type_len);
		l->kept[l->type_len] = '\0';
	}
	return 0;
}

/* Some parameters have neither parm= nor parmtype=.  Then their names are only
 * there as the text that the kernel compares: between two NULs.
 */
static bool is_in_text(struct mod_module *module, const char *name)
{
	struct mod_source *src;
	struct mod_bytes all;
	char text[66] = "";
	size_t len = strlen(name);

	if (len >= sizeof text - 1 || mod_module_source(module, &src) < 0 ||
	    mod_source_range(src, 0, src->size, &all) < 0)
		return false;
	for (size_t i = 0; i < len; i++)
		text[i + 1] = name[i] == '-' ? '_' : name[i];
	return memmem(all.at, all.len, text, len + 2);
}

static bool is(const char *name, const char *other)
{
	return mod_parameter_is_name(name, strlen(name), other, strlen(other));
}

/* The kernel takes these for every module; the first also as X.dyndbg. */
static bool is_general(const char *name)
{
	const char *dot = strchr(name, '.');

	return is(dot ? dot + 1 : name, "dyndbg") || is(name, "async_probe");
}

struct checking {
	struct mod_ctx *ctx;
	const struct mod_step *step;
	struct mod_module *module;   /* NULL: a built-in */
	const struct mod_rule *rule; /* the line that is being checked */
	size_t end;                  /* of its text, in the step's options */
	mod_parameter_fault_fn *fn;
	void *data;
	int result; /* of fn; the walk ends once it is not 0 */
};

/* Returns 1 when nothing can be known. */
static int ask(const struct checking *c, struct looking *l)
{
	int r = c->module
		? mod_module_walk_info(c->module, look, l)
		: mod_module_walk_builtin(c->ctx, c->step->name, look, l);

	if (r == 0 && !l->known && c->module)
		l->known = is_in_text(c->module, l->name);
	return r == -ENOMEM ? r : r != 0;
}

/* To the first of these lines that gave the step options. */
static void go_to_line(struct checking *c, const struct mod_rule *rule)
{
	const struct mod_step *step = c->step;

	while (rule && strcmp(rule->name, step->name) != 0 &&
	       (!step->alias || strcmp(rule->name, step->alias) != 0))
		rule = rule->next;
	c->rule = rule;
	c->end += rule ? strlen(rule->text) + 1 : 0;
}

/* Which line the text at an offset of a step's options is from; the offset of
 * one call is not below that of the one before.
 */
static const struct mod_rule *line_of(struct checking *c, size_t at)
{
	while (c->rule && at >= c->end)
		go_to_line(c, c->rule->next);
	return c->rule;
}

/* Ends a part of the text that begins at start; returns the part. */
static char *cut(char *start, const char *part, size_t len)
{
	char *at = start + (part - start);

	at[len] = '\0';
	return at;
}

/* The parameter is in text, and its name and value are ended there. */
static int check(struct checking *c, char *text,
		 const struct mod_parameter *param)
{
	const char *name = cut(text, param->name, param->name_len);
	const char *value = NULL;
	/* module.parameter= is how the kernel command line has it. */
	const char *dot = strchr(name, '.');
	struct looking l = { .name = name, .distance = FAR };
	const struct mod_rule *rule = line_of(c, (size_t)(param->start - text));

	if (param->value)
		value = cut(text, param->value, param->value_len);
	if (is_general(name))
		return 0;
	int r = ask(c, &l);
	if (r == 0 && !l.known && dot) {
		l.name = dot + 1;
		r = ask(c, &l);
		if (r == 0 && l.known && strlen(l.name) < sizeof l.nearest)
			strcpy(l.nearest, l.name);
		l.known = false;
	}
	if (r != 0 ||
	    (l.known &&
	     (!l.type ||
	      mod_parameter_fits(l.type, l.type_len, value, param->value_len))))
		return r < 0 ? r : 0;
	c->result = c->fn(c->data,
			  &(struct mod_parameter_fault){
				  .name = name,
				  .value = value,
				  .type = l.known ? l.type : NULL,
				  .nearest = *l.nearest ? l.nearest : NULL,
				  .rule = rule,
			  });
	return 0;
}

static int check_all(struct checking *c)
{
	_free_ char *text = strdup(c->step->options);
	struct mod_parameter param;
	const char *at = text, *end = text ? text + strlen(text) : NULL;
	int r = text ? 0 : -ENOMEM;

	go_to_line(c, c->step->rules[MOD_RULE_OPTIONS]);
	if (r == 0 && c->step->action == MOD_ACTION_LOAD)
		r = mod_module_open_file(c->ctx, c->step->path, &c->module);
	while (r == 0 && c->result == 0 && mod_parameter_next(&at, end, &param))
		r = check(c, text, &param);
	mod_module_free(c->module);
	return r;
}

int mod_step_faults_each(struct mod_ctx *ctx, const struct mod_step *step,
			 mod_parameter_fault_fn *fn, void *data)
{
	struct checking c = {
		.ctx = ctx, .step = step, .fn = fn, .data = data
	};
	int r = 0;

	mod_error_clear(ctx);
	if (step->action == MOD_ACTION_LOAD ||
	    step->action == MOD_ACTION_BUILTIN)
		r = check_all(&c);
	mod_error_clear(ctx);
	return mod_error_end(ctx, r == -ENOMEM ? r : c.result);
}
