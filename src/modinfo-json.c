/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modinfo-json.c - information about modules as JSON: kmod-json(5). */
#include "src/json.h"
#include "src/log.h"
#include "src/modinfo.h"
#include "src/parameters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One module under way. */
struct made {
	const struct modinfo_opts *o;
	struct js *fields, *signature; /* signature: NULL for none yet */
	struct js *build_id;
	struct parameters parms;
};

static bool is(const char *text, const char *key, size_t len)
{
	return strlen(text) == len && memcmp(text, key, len) == 0;
}

static bool wanted(const struct modinfo_opts *o, const char *key)
{
	return !o->field || strcmp(o->field, key) == 0;
}

struct js *modinfo_hex(const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	static const char digits[] = "0123456789abcdef";
	char *text = malloc(2 * len + 1);

	if (!text)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[at[i] >> 4];
		text[2 * i + 1] = digits[at[i] & 15];
	}
	struct js *value = js_bytes(text, 2 * len);
	free(text);
	return value;
}

/* A key may come again: each has a list of values. */
static int add_field(struct js *fields, const char *key, size_t key_len,
		     const void *value, size_t len)
{
	char *name = strndup(key, key_len);

	if (!name)
		return -ENOMEM;
	struct js *list = js_get(fields, name);
	if (!list) {
		list = js_array();
		js_put(fields, name, list);
	}
	js_add(list, js_bytes(value, len));
	free(name);
	return 0;
}

static int take_field(void *data, const struct mod_field *field)
{
	const char *key = field->key;
	const void *value = field->value;
	const size_t key_len = field->key_len, len = field->value_len;
	struct made *made = data;
	const struct modinfo_opts *o = made->o;
	bool type = is("parmtype", key, key_len);

	if (type || is("parm", key, key_len)) {
		int r = wanted(o, "parm")
			? parameters_add(&made->parms, type, value, len)
			: 0;
		if (r == 1)
			log_error("Found invalid \"%.*s=%.*s\": missing ':'",
				  (int)key_len, key, (int)len,
				  (const char *)value);
		if (r < 0 || !o->field || !is(o->field, key, key_len) || !type)
			return r < 0 ? r : 0;
	}
	if (o->field && !is(o->field, key, key_len))
		return 0;
	return add_field(made->fields, key, key_len, value, len);
}

/* The library's names, and ours: within "signature" they need no "sig_". */
static int take_signature(void *data, const struct mod_field *field)
{
	static const struct {
		const char *from, *to;
		bool in_hex;
	} keys[] = {
		{ "sig_id", "type", false },
		{ "signer", "signer", false },
		{ "sig_key", "key", true },
		{ "sig_hashalgo", "hash", false },
		{ "signature", "value", true },
	};
	struct made *made = data;

	if (!made->signature)
		made->signature = js_object();
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(keys[i].from, field->key) == 0)
			js_put(made->signature, keys[i].to,
			       keys[i].in_hex ? modinfo_hex(field->value,
							    field->value_len)
					      : js_bytes(field->value,
							 field->value_len));
	return 0;
}

static void add_parm(void *data, const struct parameter *parm)
{
	struct js *one = js_object();

	js_put(one, "name", js_bytes(parm->name, parm->name_len));
	js_put(one, "type",
	       parm->type ? js_bytes(parm->type, parm->type_len) : js_null());
	js_put(one, "description",
	       parm->what ? js_bytes(parm->what, parm->what_len) : js_null());
	js_add(data, one);
}

/* Adds the module to the list, with what was asked for. */
static int put(const struct modinfo_opts *o, const char *name, const char *path,
	       struct made *made)
{
	struct js *object = js_object();
	struct js *parms = js_array();
	int r = parameters_each(&made->parms, add_parm, parms);

	js_put(object, "name", js_text(name));
	if (wanted(o, "filename"))
		js_put(object, "filename", js_text(path));
	if (!o->field)
		js_put(object, "builtin", js_bool(!path));
	if (!o->field ||
	    (strcmp(o->field, "filename") != 0 &&
	     strcmp(o->field, "parm") != 0))
		js_put(object, "fields", made->fields);
	else
		js_drop(made->fields);
	if (wanted(o, "parm"))
		js_put(object, "parameters", parms);
	else
		js_drop(parms);
	if (wanted(o, "build-id"))
		js_put(object, "build_id",
		       made->build_id ? made->build_id : js_null());
	if (modinfo_wants_signature(o))
		js_put(object, "signature",
		       made->signature ? made->signature : js_null());
	js_add(o->list, object);
	return r;
}

static void drop(struct made *made)
{
	js_drop(made->fields);
	js_drop(made->build_id);
	js_drop(made->signature);
}

static int end(struct mod_ctx *ctx, const struct modinfo_opts *o,
	       const char *name, const char *path, struct made *made, int r)
{
	if (r < 0)
		drop(made);
	else
		r = put(o, name, path, made);
	parameters_fini(&made->parms);
	return r < 0 ? modinfo_could_not(ctx, name, r) : 0;
}

static int json_file(struct mod_ctx *ctx, const struct modinfo_opts *o,
		     const char *name, const char *path)
{
	_module_ struct mod_module *module = NULL;
	struct made made = { .o = o, .fields = js_object() };
	const void *id = NULL;
	size_t id_len = 0;

	if (o->field && strcmp(o->field, "filename") == 0)
		return end(ctx, o, name, path, &made, 0);
	int r = mod_module_open(ctx, path, &module);
	if (r == 0)
		r = mod_module_info_each(module, take_field, &made);
	if (r == 1) {
		drop(&made);
		return modinfo_no_section(name, path);
	}
	if (r == 0 && wanted(o, "build-id"))
		r = mod_module_build_id(module, &id, &id_len);
	if (r == 0 && id)
		made.build_id = modinfo_hex(id, id_len);
	if (r >= 0 && modinfo_wants_signature(o))
		r = mod_module_signature_each(module, take_signature, &made);
	return end(ctx, o, name, path, &made, r);
}

static int json_builtin(struct mod_ctx *ctx, const struct modinfo_opts *o,
			const char *name)
{
	struct made made = { .o = o, .fields = js_object() };
	bool only_name = o->field && strcmp(o->field, "filename") == 0;

	return end(ctx, o, name, NULL, &made,
		   only_name ? 0
			     : mod_builtin_info_each(ctx, name, take_field,
						     &made));
}

const struct modinfo_job modinfo_json = { json_file, json_builtin };
