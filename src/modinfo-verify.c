/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modinfo-verify.c - modinfo --verify: verifies signatures. */
#include "src/modinfo.h"

#include "src/json.h"
#include "src/log.h"
#include "src/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int failed(const struct mod_ctx *ctx)
{
	return log_error("%s", mod_error_message(mod_ctx_error(ctx)));
}

static int add_keyring(struct mod_ctx *ctx, struct mod_keyring *keyring,
		       const char *word)
{
	int r;

	if (strcmp(word, "builtin") == 0)
		r = mod_keyring_add_builtin(keyring);
	else if (strcmp(word, "system") == 0)
		r = mod_keyring_add_system(keyring);
	else
		r = mod_keyring_add(keyring, word);
	return r < 0 ? failed(ctx) : 0;
}

/* An image that cannot be read is no end as long as there are others. */
static int add_defaults(struct mod_ctx *ctx, struct mod_keyring *keyring)
{
	if (mod_keyring_add_system(keyring) < 0)
		return failed(ctx);
	if (mod_keyring_add_builtin(keyring) == 0)
		return 0;
	failed(ctx);
	return mod_keyring_count(keyring) == 0;
}

static int add_all(struct mod_ctx *ctx, const struct modinfo_opts *o,
		   struct mod_keyring *keyring)
{
	int status = 0;

	if (o->keyring_count == 0)
		return add_defaults(ctx, keyring);
	for (size_t i = 0; i < o->keyring_count; i++)
		status |= add_keyring(ctx, keyring, o->keyrings[i]);
	return status;
}

int modinfo_read_keyrings(struct mod_ctx *ctx, struct modinfo_opts *o)
{
	struct mod_keyring *keyring;

	if (mod_keyring_new(ctx, &keyring) < 0)
		return log_error("cannot verify: %s",
				 mod_error_message(mod_ctx_error(ctx)));
	if (add_all(ctx, o, keyring) != 0) {
		mod_keyring_free(keyring);
		return 1;
	}
	o->keyring = keyring;
	return 0;
}

/* ---- one module */

enum { SIGNER, KEY, HASH, REASON, KEY_ID, CERTIFICATE, FIELDS };

struct fields {
	struct {
		char *at;
		size_t len;
	} field[FIELDS];
};

/* Values live only during the call. */
static int keep(void *data, const struct mod_field *field)
{
	static const char *const keys[] = {
		"signer", "sig_key", "sig_hashalgo",
		"reason", "key_id",  "certificate"
	};
	struct fields *fields = data;
	size_t len = field->value_len;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (strcmp(keys[i], field->key) != 0)
			continue;
		fields->field[i].at = malloc(len + 1);
		if (!fields->field[i].at)
			return -ENOMEM;
		memcpy(fields->field[i].at, field->value, len);
		fields->field[i].len = len;
	}
	return 0;
}

static void put_hex(const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		output_fmt("%s%02X", i ? ":" : "",
			   (unsigned)(unsigned char)at[i]);
}

/* Names are others' to choose: they must not look like another line. */
static void put_line(const struct modinfo_opts *o, const char *path,
		     const struct fields *f, enum mod_signature result)
{
	const char *between = " (";

	if (o->end)
		output_line_part(path, strlen(path));
	else
		output_text(path);
	output_fmt(": %s", mod_signature_name(result));
	if (f->field[REASON].len) {
		output_text(": ");
		output_line_part(f->field[REASON].at, f->field[REASON].len);
	}
	for (size_t i = SIGNER; i <= HASH; i++) {
		if (f->field[i].len == 0)
			continue;
		output_text(between);
		between = ", ";
		if (i == KEY) {
			output_text("key ");
			put_hex(f->field[i].at, f->field[i].len);
		} else {
			output_line_part(f->field[i].at, f->field[i].len);
		}
	}
	if (*between == ',')
		output_text(")");
	output_bytes(&o->end, 1);
}

static struct js *text(const struct fields *f, int field)
{
	return f->field[field].at
		? js_bytes(f->field[field].at, f->field[field].len)
		: js_null();
}

static struct js *hex(const struct fields *f, int field)
{
	return f->field[field].at
		? modinfo_hex(f->field[field].at, f->field[field].len)
		: js_null();
}

static void put_object(const struct modinfo_opts *o, const char *name,
		       const char *path, const struct fields *f,
		       enum mod_signature result)
{
	struct js *object = js_object();

	js_put(object, "name", js_text(name));
	js_put(object, "filename", js_text(path));
	js_put(object, "valid", js_bool(result == MOD_SIGNATURE_VALID));
	js_put(object, "result", js_text(mod_signature_name(result)));
	js_put(object, "reason", text(f, REASON));
	js_put(object, "signer", text(f, SIGNER));
	js_put(object, "key", hex(f, KEY));
	js_put(object, "hash", text(f, HASH));
	js_put(object, "key_id", hex(f, KEY_ID));
	js_put(object, "certificate", text(f, CERTIFICATE));
	js_add(o->list, object);
}

static int could_not(const struct mod_ctx *ctx)
{
	return log_error("could not verify %s",
			 mod_error_message(mod_ctx_error(ctx)));
}

static int verify_file(struct mod_ctx *ctx, const struct modinfo_opts *o,
		       const char *name, const char *path)
{
	_module_ struct mod_module *module = NULL;
	struct fields fields = { 0 };
	enum mod_signature result;

	if (mod_module_open(ctx, path, &module) < 0)
		return could_not(ctx);
	int r = mod_keyring_verify(o->keyring, module, &result, keep, &fields);
	if (r == 0 && o->list)
		put_object(o, name, path, &fields, result);
	else if (r == 0)
		put_line(o, path, &fields, result);
	for (size_t i = 0; i < FIELDS; i++)
		free(fields.field[i].at);
	if (r < 0)
		return could_not(ctx);
	return result != MOD_SIGNATURE_VALID;
}

static int verify_builtin(struct mod_ctx *ctx, const struct modinfo_opts *o,
			  const char *name)
{
	(void)ctx;
	(void)o;
	return log_error("%s is built into the kernel: there is no file to "
			 "verify",
			 name);
}

const struct modinfo_job modinfo_verify = { verify_file, verify_builtin };
