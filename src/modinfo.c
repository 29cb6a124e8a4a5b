/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modinfo.c - what a module says about itself.
 *
 * Scripts read this output: columns, order and the mixture of forms under -0
 * are kmod's, to the byte.
 */
#include "src/out.h"
#include "src/parms.h"
#include "src/say.h"
#include "src/tool.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct modinfo_opts {
	const char *field;          /* the only one wanted, or NULL */
	const char *release, *root; /* or NULL */
	bool names_only; /* operands are names, neither paths nor aliases */
	char end;        /* of a record: LF or NUL */
	char *const *operands;
};

/* One module under way. */
struct show {
	const struct modinfo_opts *o;
	struct parms parms;
};

static const char usage[] =
	"Usage:\n"
	"\tmodinfo [options] MODULE|FILE...\n"
	"\n"
	"Options:\n"
	"\t-a, --author               print only 'author'\n"
	"\t-d, --description          print only 'description'\n"
	"\t-l, --license              print only 'license'\n"
	"\t-p, --parameters           print only 'parm'\n"
	"\t-n, --filename             print only 'filename'\n"
	"\t-F, --field FIELD          print only the values of FIELD\n"
	"\t-0, --null                 end records with NUL, not with newline\n"
	"\t-m, --modname              operands are module names, not files or\n"
	"\t                           aliases\n"
	"\t-k, --set-version RELEASE  modules of RELEASE, not of this kernel\n"
	"\t-b, --basedir DIR          DIR/lib/modules in place of "
	"/lib/modules\n"
	"\t-V, --version              show version\n"
	"\t-h, --help                 show this help\n";

static int parse(struct modinfo_opts *o, int argc, char **argv)
{
	static const struct option options[] = {
		{ "author", no_argument, NULL, 'a' },
		{ "description", no_argument, NULL, 'd' },
		{ "license", no_argument, NULL, 'l' },
		{ "parameters", no_argument, NULL, 'p' },
		{ "filename", no_argument, NULL, 'n' },
		{ "field", required_argument, NULL, 'F' },
		{ "null", no_argument, NULL, '0' },
		{ "modname", no_argument, NULL, 'm' },
		{ "set-version", required_argument, NULL, 'k' },
		{ "basedir", required_argument, NULL, 'b' },
		TOOL_OPTION_VERSION,
		TOOL_OPTION_HELP,
		{ 0 },
	};
	int c;

	*o = (struct modinfo_opts){ .end = '\n', .operands = &argv[argc] };
	while ((c = getopt_long(argc, argv, "adlpn0mF:k:b:Vh", options,
				NULL)) != -1) {
		switch (c) {
		case 'a':
			o->field = "author";
			break;
		case 'd':
			o->field = "description";
			break;
		case 'l':
			o->field = "license";
			break;
		case 'p':
			o->field = "parm";
			break;
		case 'n':
			o->field = "filename";
			break;
		case 'F':
			o->field = optarg;
			break;
		case '0':
			o->end = '\0';
			break;
		case 'm':
			o->names_only = true;
			break;
		case 'k':
			o->release = optarg;
			break;
		case 'b':
			o->root = optarg;
			break;
		default:
			return tool_option(c, usage);
		}
	}
	if (optind >= argc)
		return say_error("missing module or filename.");
	o->operands = &argv[optind];
	return TOOL_GOES_ON;
}

/* ---- records */

static bool wanted(const struct modinfo_opts *o, const char *key, size_t len)
{
	return !o->field ||
		(strlen(o->field) == len && memcmp(o->field, key, len) == 0);
}

static void end_record(const struct modinfo_opts *o)
{
	out_bytes(&o->end, 1);
}

/* Values stand in column 17. */
static void padded_key(const char *key, size_t len)
{
	enum { WIDTH = 15 };

	out_bytes(key, len);
	out_text(":");
	if (len < WIDTH)
		out_blanks(WIDTH - len);
}

/* Name, file and parameters keep the padded form under -0. */
static void padded(const struct modinfo_opts *o, const char *key,
		   const char *value)
{
	if (!o->field)
		padded_key(key, strlen(key));
	out_text(value);
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
	out_bytes(key, len);
	out_text("=");
}

/* "00:01:...", twenty bytes in a line, written line by line. */
static void hex(const uint8_t *at, size_t len)
{
	enum { PER_LINE = 20 };
	static const char digits[] = "0123456789ABCDEF";
	char line[3UL * PER_LINE + sizeof "\n\t\t"];

	while (len) {
		size_t n = len < PER_LINE ? len : PER_LINE;
		char *to = line;

		for (size_t i = 0; i < n; i++) {
			*to++ = digits[at[i] >> 4];
			*to++ = digits[at[i] & 15];
			*to++ = ':';
		}
		at += n;
		len -= n;
		to = len ? stpcpy(to, "\n\t\t") : to - 1;
		out_bytes(line, (size_t)(to - line));
	}
}

/* ---- fields, as the library hands them out */

static int add_parm(struct show *show, const char *key, size_t key_len,
		    const char *value, size_t len)
{
	bool type = key_len != strlen("parm");
	int r = parms_add(&show->parms, type, value, len);

	if (r == 1)
		say_error("Found invalid \"%.*s=%.*s\": missing ':'",
			  (int)key_len, key, (int)len, value);
	return r < 0 ? r : 0;
}

static int show_text(void *data, const char *key, size_t key_len,
		     const void *value, size_t len)
{
	struct show *show = data;
	const struct modinfo_opts *o = show->o;
	static const char parm[] = "parm", parmtype[] = "parmtype";
	bool is_type = key_len == strlen(parmtype) &&
		memcmp(key, parmtype, key_len) == 0;
	bool is_parm = is_type ||
		(key_len == strlen(parm) && memcmp(key, parm, key_len) == 0);

	/* -F parm needs the types, too; -F parmtype wants them as they are. */
	if (is_parm && wanted(o, parm, strlen(parm)))
		return add_parm(show, key, key_len, value, len);
	if (!wanted(o, key, key_len))
		return 0;
	start_field(o, key, key_len);
	out_bytes(value, len);
	end_record(o);
	return 0;
}

static int show_made(void *data, const char *key, size_t key_len,
		     const void *value, size_t len)
{
	static const char *const in_hex[] = { "build-id", "sig_key",
					      "signature" };
	struct show *show = data;

	if (!wanted(show->o, key, key_len))
		return 0;
	for (size_t i = 0; i < sizeof in_hex / sizeof *in_hex; i++) {
		if (strcmp(in_hex[i], key) != 0)
			continue;
		start_field(show->o, key, key_len);
		hex(value, len);
		end_record(show->o);
		return 0;
	}
	return show_text(data, key, key_len, value, len);
}

static void show_parm(void *data, const struct parm *parm)
{
	const struct show *show = data;
	bool alone = show->o->field;

	if (!alone)
		padded_key("parm", strlen("parm"));
	out_bytes(parm->name, parm->name_len);
	out_text(":");
	out_bytes(parm->what, parm->what_len);
	if (parm->type && (parm->what || alone)) {
		out_text(" (");
		out_bytes(parm->type, parm->type_len);
		out_text(")");
	} else {
		out_bytes(parm->type, parm->type_len);
	}
	end_record(show->o);
}

/* ---- modules */

static bool wants_signature(const struct modinfo_opts *o)
{
	return !o->field || strncmp(o->field, "sig", strlen("sig")) == 0;
}

/* Returns 1 when there is no .modinfo section. */
static int show_parts(struct show *show, struct mod_module *module)
{
	int r = mod_module_info(module, show_text, show);

	if (r == 1)
		return 1;
	if (r == 0 && wanted(show->o, "build-id", strlen("build-id")))
		r = mod_module_build_id(module, show_made, show);
	if (r >= 0 && wants_signature(show->o))
		r = mod_module_signature(module, show_made, show);
	return r < 0 ? r : 0;
}

static int could_not(const struct mod_ctx *ctx, const char *name, int error)
{
	const char *cause = tool_cause(ctx, error);

	if (cause)
		return say_error("could not get modinfo from '%s': %s (%s)",
				 name, tool_strerror(ctx, error), cause);
	return say_error("could not get modinfo from '%s': %s", name,
			 tool_strerror(ctx, error));
}

static int finish(struct mod_ctx *ctx, struct show *show, const char *name,
		  int r)
{
	if (r >= 0)
		r = parms_each(&show->parms, show_parm, show);
	parms_fini(&show->parms);
	return r < 0 ? could_not(ctx, name, r) : 0;
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
		return say_error("could not get modinfo from '%s': %s "
				 "(%s: no .modinfo section)",
				 name, strerror(ENODATA), path);
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
		      mod_builtin_info(ctx, name, show_text, &show));
}

/* ---- operands */

/* A regular file with a module's suffix; anything else is a name. */
static bool is_module_file(const char *operand)
{
	static const char *const suffixes[] = { ".ko", ".ko.gz", ".ko.xz",
						".ko.zst" };
	size_t len = strlen(operand);
	struct stat st;

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		size_t n = strlen(suffixes[i]);
		if (len > n && strcmp(operand + len - n, suffixes[i]) == 0)
			return stat(operand, &st) == 0 && S_ISREG(st.st_mode);
	}
	return false;
}

static int path_operand(struct mod_ctx *ctx, const struct modinfo_opts *o,
			const char *operand)
{
	char name[PATH_MAX], path[2 * PATH_MAX];
	char *cwd = NULL;

	int r = mod_name_of_path(name, sizeof name, operand);
	if (r < 0)
		return could_not(ctx, operand, r);
	if (*operand == '/')
		return show_file(ctx, o, name, operand);
	cwd = get_current_dir_name();
	if (!cwd)
		return could_not(ctx, name, -errno);
	r = snprintf(path, sizeof path, "%s/%s", cwd, operand);
	free(cwd);
	if (r >= (int)sizeof path)
		return could_not(ctx, name, -ENAMETOOLONG);
	return show_file(ctx, o, name, path);
}

static int not_found(const struct mod_ctx *ctx, const struct modinfo_opts *o,
		     const char *operand, int r)
{
	if (r == 1 && o->names_only)
		return say_error("Module name %s not found.", operand);
	if (r == 1)
		return say_error("Module %s not found.", operand);
	if (mod_error_origin(ctx) == MOD_ORIGIN_CALLER)
		return say_error("Module alias %s not found.", operand);
	return say_error("Module %s not found: %s", operand,
			 tool_strerror(ctx, r));
}

static int name_operand(struct mod_ctx *ctx, const struct modinfo_opts *o,
			const char *operand)
{
	_targets_ struct mod_targets *targets = NULL;
	int failed = 0;

	int r = o->names_only ? mod_find_name(ctx, operand, &targets)
			      : mod_find_indexed(ctx, operand, &targets);
	if (r != 0)
		return not_found(ctx, o, operand, r);
	for (size_t i = 0; i < mod_targets_count(targets); i++) {
		const struct mod_target *target = mod_targets_at(targets, i);
		const char *path = mod_target_path(target);
		const char *name = mod_target_name(target);

		failed |= path ? show_file(ctx, o, name, path)
			       : show_builtin(ctx, o, name);
	}
	return failed;
}

static int modinfo(int argc, char **argv)
{
	_ctx_ struct mod_ctx *ctx = NULL;
	struct modinfo_opts o;
	int failed = 0;

	int r = parse(&o, argc, argv);
	if (r != TOOL_GOES_ON)
		return r;
	if (tool_ctx(&ctx) != 0)
		return 1;
	if ((o.release && mod_ctx_set_release(ctx, o.release) < 0) ||
	    (o.root && mod_ctx_set_root(ctx, o.root) < 0))
		return say_error("out of memory");
	for (; *o.operands; o.operands++) {
		bool path = !o.names_only && is_module_file(*o.operands);
		failed |= path ? path_operand(ctx, &o, *o.operands)
			       : name_operand(ctx, &o, *o.operands);
	}
	return failed;
}

const struct tool tool_modinfo = { "modinfo", modinfo,
				   "show what modules say about themselves" };
