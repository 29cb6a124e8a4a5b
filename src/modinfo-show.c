/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modinfo-show.c - information about a module, for people and scripts.
 *
 * Scripts read this output: columns, order and the mixture of forms under -0
 * are kmod's, to the byte.
 */
#include "src/log.h"
#include "src/modinfo.h"
#include "src/output.h"
#include "src/parameters.h"

#include <errno.h>
#include <string.h>

/* One module under way. */
struct show {
	const struct modinfo_opts *o;
	struct parameters parms;
};

/* ---- records */

static bool wanted(const struct modinfo_opts *o, const char *key, size_t len)
{
	return !o->field ||
		(strlen(o->field) == len && memcmp(o->field, key, len) == 0);
}

static void end_record(const struct modinfo_opts *o)
{
	output_bytes(&o->end, 1);
}

/* Values begin in column 17. */
static void padded_key(const char *key, size_t len)
{
	enum { WIDTH = 15 };

	output_bytes(key, len);
	output_text(":");
	if (len < WIDTH)
		output_spaces(WIDTH - len);
}

/* Name, file and parameters keep the padded form under -0. */
static void padded(const struct modinfo_opts *o, const char *key,
		   const char *value)
{
	if (!o->field)
		padded_key(key, strlen(key));
	output_text(value);
	end_record(o);
}

static void start_field(const struct modinfo_opts *o, const char *key,
			size_t len)
{
	if (o->field)
		return;
	if (o->end) {
		padded_key(key, len);
		return;
	}
	output_bytes(key, len);
	output_text("=");
}

/* "00:01:...", twenty bytes in a line. */
static void hex(const uint8_t *at, size_t len)
{
	enum { PER_LINE = 20 };

	for (; len > PER_LINE; at += PER_LINE, len -= PER_LINE) {
		output_hex(at, PER_LINE);
		output_text(":\n\t\t");
	}
	output_hex(at, len);
}

/* ---- fields, as the library hands them out */

static int add_parm(struct show *show, const char *key, size_t key_len,
		    const char *value, size_t len)
{
	bool type = key_len != strlen("parm");
	int r = parameters_add(&show->parms, type, value, len);

	if (r == 1)
		log_error("Found invalid \"%.*s=%.*s\": missing ':'",
			  (int)key_len, key, (int)len, value);
	return r < 0 ? r : 0;
}

static int show_text(void *data, const struct mod_field *field)
{
	const char *key = field->key;
	const size_t key_len = field->key_len, len = field->value_len;
	struct show *show = data;
	const struct modinfo_opts *o = show->o;
	static const char parm[] = "parm", parmtype[] = "parmtype";
	bool is_type = key_len == strlen(parmtype) &&
		memcmp(key, parmtype, key_len) == 0;
	bool is_parm = is_type ||
		(key_len == strlen(parm) && memcmp(key, parm, key_len) == 0);

	/* -F parm needs the types, too; -F parmtype wants them as they are. */
	if (is_parm && wanted(o, parm, strlen(parm)))
		return add_parm(show, key, key_len, field->value, len);
	if (!wanted(o, key, key_len))
		return 0;
	start_field(o, key, key_len);
	output_bytes(field->value, len);
	end_record(o);
	return 0;
}

static void show_in_hex(const struct show *show, const char *key,
			const void *value, size_t len)
{
	start_field(show->o, key, strlen(key));
	hex(value, len);
	end_record(show->o);
}

static int show_signature(void *data, const struct mod_field *field)
{
	const struct show *show = data;
	bool in_hex = strcmp(field->key, "sig_key") == 0 ||
		strcmp(field->key, "signature") == 0;

	if (!in_hex)
		return show_text(data, field);
	if (wanted(show->o, field->key, field->key_len))
		show_in_hex(show, field->key, field->value, field->value_len);
	return 0;
}

static void show_parm(void *data, const struct parameter *parm)
{
	const struct show *show = data;
	bool alone = show->o->field;

	if (!alone)
		padded_key("parm", strlen("parm"));
	output_bytes(parm->name, parm->name_len);
	output_text(":");
	output_bytes(parm->what, parm->what_len);
	if (parm->type && (parm->what || alone)) {
		output_text(" (");
		output_bytes(parm->type, parm->type_len);
		output_text(")");
	} else {
		output_bytes(parm->type, parm->type_len);
	}
	end_record(show->o);
}

/* ---- modules */

bool modinfo_wants_signature(const struct modinfo_opts *o)
{
	return !o->field || strncmp(o->field, "sig", strlen("sig")) == 0;
}

/* Returns 1 when there is no .modinfo section. */
static int show_parts(struct show *show, struct mod_module *module)
{
	const void *id;
	size_t len;
	int r = mod_module_info_each(module, show_text, show);

	if (r == 1)
		return 1;
	if (wanted(show->o, "build-id", strlen("build-id"))) {
		if (r == 0)
			r = mod_module_build_id(module, &id, &len);
		if (r == 0)
			show_in_hex(show, "build-id", id, len);
	}
	if (r >= 0 && modinfo_wants_signature(show->o))
		r = mod_module_signature_each(module, show_signature, show);
	return r < 0 ? r : 0;
}

int modinfo_no_section(const char *name, const char *path)
{
	return log_error("could not get modinfo from '%s': %s "
			 "(%s: no .modinfo section)",
			 name, strerror(ENODATA), path);
}

int modinfo_could_not(const struct mod_ctx *ctx, const char *name, int error)
{
	const char *cause = tool_cause(mod_ctx_error(ctx), error);

	if (cause)
		return log_error("could not get modinfo from '%s': %s (%s)",
				 name, tool_strerror(mod_ctx_error(ctx), error),
				 cause);
	return log_error("could not get modinfo from '%s': %s", name,
			 tool_strerror(mod_ctx_error(ctx), error));
}

static int finish(struct mod_ctx *ctx, struct show *show, const char *name,
		  int r)
{
	if (r >= 0)
		r = parameters_each(&show->parms, show_parm, show);
	parameters_fini(&show->parms);
	return r < 0 ? modinfo_could_not(ctx, name, r) : 0;
}

static int show_file(struct mod_ctx *ctx, const struct modinfo_opts *o,
		     const char *name, const char *path)
{
	_module_ struct mod_module *module = NULL;
	struct show show = { .o = o };

	if (wanted(o, "filename", strlen("filename")))
		padded(o, "filename", path);
	if (o->field && strcmp(o->field, "filename") == 0)
		return 0; /* a broken file has a name, too */
	int r = mod_module_open(ctx, path, &module);
	if (r == 0)
		r = show_parts(&show, module);
	if (r == 1)
		return modinfo_no_section(name, path);
	return finish(ctx, &show, name, r);
}

static int show_builtin(struct mod_ctx *ctx, const struct modinfo_opts *o,
			const char *name)
{
	struct show show = { .o = o };

	if (wanted(o, "name", strlen("name")))
		padded(o, "name", name);
	if (wanted(o, "filename", strlen("filename")))
		padded(o, "filename", "(builtin)");
	if (o->field && strcmp(o->field, "filename") == 0)
		return 0;
	return finish(ctx, &show, name,
		      mod_builtin_info_each(ctx, name, show_text, &show));
}

const struct modinfo_job modinfo_show = { show_file, show_builtin };
