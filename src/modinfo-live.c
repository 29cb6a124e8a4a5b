/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modinfo-live.c - each parameter of a module: its meaning, its present value
 * and where that was set; for people and as JSON.
 */
#include "libmod/base/control.h"
#include "src/json.h"
#include "src/log.h"
#include "src/modinfo.h"
#include "src/output.h"
#include "src/parameter-values.h"

#include <errno.h>
#include <string.h>

/* What the kernel takes for every module. */
static const char *const generic[] = { "dyndbg", "async_probe" };

/* One module. */
struct about {
	const char *name, *path; /* path: NULL for a part of the kernel */
	const char *state;       /* a word; in the kernel unless it is absent */
	bool loaded, builtin;
	struct parameter_values live;
};

/* ---- for people */

/* Bytes that a terminal would obey become '?'. */
static void plain(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		output_bytes(mod_control_is(text[i]) ? "?" : text + i, 1);
}

static void plain_text(const char *text)
{
	plain(text, strlen(text));
}

/* A description may have lines of its own. */
static void indented(const char *text, size_t len)
{
	while (len && (text[len - 1] == '\n' || text[len - 1] == ' '))
		len--;
	while (len && *text == ' ')
		text++, len--;
	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;

		output_text("    ");
		plain(text, n);
		output_text("\n");
		n += end != NULL;
		text += n;
		len -= n;
	}
}

static bool is_generic(const struct parameter_value *parm)
{
	for (size_t i = 0; i < sizeof generic / sizeof *generic; i++)
		if (strlen(generic[i]) == parm->name_len &&
		    memcmp(generic[i], parm->name, parm->name_len) == 0)
			return true;
	return false;
}

static void print_value(const struct about *about,
			const struct parameter_value *parm)
{
	plain(parm->name, parm->name_len);
	if (parm->value) {
		output_text(" = ");
		plain_text(parm->value);
	}
	if (parm->type) {
		output_text(" (");
		plain(parm->type, parm->type_len);
		output_text(")");
	}
	if (parm->error)
		output_fmt(", not readable: %s", strerror(parm->error));
	else if (about->loaded && parm->known && !parm->value)
		output_text(", not shown by the kernel");
	output_text("\n");
}

/* modprobe reads its files for the modules that it loads. */
static bool does_nothing(const struct about *about,
			 const struct parameter_value *parm)
{
	return about->builtin && parm->rule && mod_rule_line(parm->rule);
}

static void print_origin(const struct about *about,
			 const struct parameter_value *parm)
{
	bool in_vain = parm->known && does_nothing(about, parm);

	if ((!parm->rule || in_vain) && parm->value)
		output_text("    default, or set by hand\n");
	if (!parm->rule)
		return;
	if (in_vain)
		output_text("    it is built in, so this does nothing:");
	else if (!parm->known && !is_generic(parm))
		output_text("    the module has no such parameter; set");
	else if (!about->loaded)
		output_text("    will be set");
	else
		output_text("    set");
	unsigned line = mod_rule_line(parm->rule);
	if (line)
		output_fmt("%s %s:%u", in_vain ? "" : " at",
			   mod_rule_file(parm->rule), line);
	else
		output_fmt(" on the %s", mod_rule_file(parm->rule));
	if (parm->set) {
		output_text(", to ");
		plain(parm->set, parm->set_len);
	}
	if (!in_vain && parameter_values_is_changed(parm))
		output_text(
			"; changed since, or loaded before that was written");
	output_text("\n");
}

static void print(const struct about *about)
{
	plain_text(about->name);
	output_text(": ");
	output_text(about->state);
	if (about->path) {
		output_text(", ");
		plain_text(about->path);
	}
	output_text("\n");
	for (size_t i = 0; i < about->live.n; i++) {
		const struct parameter_value *parm = &about->live.at[i];

		output_text("\n");
		print_value(about, parm);
		indented(parm->what, parm->what_len);
		print_origin(about, parm);
	}
}

/* ---- as JSON */

static struct js *bytes_or_null(const char *text, size_t len)
{
	return text ? js_bytes(text, len) : js_null();
}

static struct js *parm_object(const struct about *about,
			      const struct parameter_value *parm)
{
	bool set = parm->rule && !does_nothing(about, parm);
	struct js *one = js_object();

	js_put(one, "name", js_bytes(parm->name, parm->name_len));
	js_put(one, "type", bytes_or_null(parm->type, parm->type_len));
	js_put(one, "description", bytes_or_null(parm->what, parm->what_len));
	js_put(one, "known", js_bool(parm->known || is_generic(parm)));
	js_put(one, "value", js_text(parm->value));
	js_put(one, "set", js_bool(set));
	js_put(one, "set_to", bytes_or_null(parm->set, parm->set_len));
	js_put(one, "file",
	       parm->rule ? js_text(mod_rule_file(parm->rule)) : js_null());
	js_put(one, "line",
	       parm->rule && mod_rule_line(parm->rule)
		       ? js_number(mod_rule_line(parm->rule))
		       : js_null());
	js_put(one, "changed",
	       js_bool(set && parameter_values_is_changed(parm)));
	return one;
}

static void add_json(const struct about *about, struct js *list)
{
	struct js *object = js_object(), *parms = js_array();

	for (size_t i = 0; i < about->live.n; i++)
		js_add(parms, parm_object(about, &about->live.at[i]));
	js_put(object, "name", js_text(about->name));
	js_put(object, "filename", js_text(about->path));
	js_put(object, "state", js_text(about->state));
	js_put(object, "parameters", parms);
	js_add(list, object);
}

/* ---- one module */

static int add_field(void *data, const struct mod_field *field)
{
	bool type = field->key_len == strlen("parmtype") &&
		memcmp(field->key, "parmtype", field->key_len) == 0;

	if (!type &&
	    (field->key_len != strlen("parm") ||
	     memcmp(field->key, "parm", field->key_len) != 0))
		return 0;
	int r = parameters_add(data, type, field->value, field->value_len);
	return r < 0 ? r : 0;
}

static void set_state(struct mod_ctx *ctx, struct about *about, bool builtin)
{
	enum mod_state state = MOD_STATE_NONE;

	about->loaded = true;
	about->builtin = builtin;
	about->state = "built in";
	if (builtin)
		return;
	if (mod_loaded_state_of(ctx, about->name, &state) < 0)
		state = MOD_STATE_NONE;
	about->loaded = state != MOD_STATE_NONE;
	about->state = state == MOD_STATE_LIVE ? "loaded"
		: state == MOD_STATE_COMING    ? "being loaded"
		: state == MOD_STATE_GOING     ? "being removed"
					       : "not loaded";
}

static int show(struct mod_ctx *ctx, const struct modinfo_opts *o,
		struct about *about, struct parameters *parms)
{
	int r = parameters_each(parms, parameter_values_add, &about->live);

	if (r == 0)
		r = about->live.error;
	if (r == 0 && about->loaded)
		r = parameter_values_read_kernel(&about->live, ctx,
						 about->name);
	if (r == 0)
		r = parameter_values_read_config(&about->live, ctx,
						 about->name);
	if (r < 0)
		return modinfo_could_not(ctx, about->name, r);
	if (o->list) {
		add_json(about, o->list);
		return 0;
	}
	print(about);
	if (o->count > 1)
		output_text("\n");
	return 0;
}

static int live_file(struct mod_ctx *ctx, const struct modinfo_opts *o,
		     const char *name, const char *path)
{
	_module_ struct mod_module *module = NULL;
	struct about about = { .name = name, .path = path };
	struct parameters parms = { 0 };
	int failed = 1;

	int r = mod_module_open(ctx, path, &module);
	if (r == 0)
		r = mod_module_info_each(module, add_field, &parms);
	if (r < 0) {
		modinfo_could_not(ctx, name, r);
	} else {
		set_state(ctx, &about, false);
		failed = show(ctx, o, &about, &parms);
	}
	parameter_values_fini(&about.live);
	parameters_fini(&parms);
	return failed;
}

static int nothing(void *data, const struct mod_parameter_value *parameter)
{
	(void)data;
	(void)parameter;
	return 0;
}

/* builtin: it is part of the kernel; else it is loaded, or only a rule knows
 * it.
 */
static int without_file(struct mod_ctx *ctx, const struct modinfo_opts *o,
			const char *name, bool builtin)
{
	struct about about = { .name = name };
	struct parameters parms = { 0 };
	int r = 0, failed = 1;

	set_state(ctx, &about, builtin);
	if (builtin)
		r = mod_builtin_info_each(ctx, name, add_field, &parms);
	if (r < 0)
		modinfo_could_not(ctx, name, r);
	else
		failed = show(ctx, o, &about, &parms);
	parameter_values_fini(&about.live);
	parameters_fini(&parms);
	return failed;
}

static int live_builtin(struct mod_ctx *ctx, const struct modinfo_opts *o,
			const char *name)
{
	int r = mod_is_builtin(ctx, name);

	return r < 0 ? modinfo_could_not(ctx, name, r)
		     : without_file(ctx, o, name, r == 1);
}

int modinfo_live_part(struct mod_ctx *ctx, const struct modinfo_opts *o,
		      const char *name)
{
	return mod_loaded_parameters_each(ctx, name, nothing, NULL) == 0
		? without_file(ctx, o, name, true)
		: -1;
}

const struct modinfo_job modinfo_live = { live_file, live_builtin };
