/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* insmod.c - one file into the kernel, and nothing else. */
#include "src/log.h"
#include "src/output.h"
#include "src/tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct insmod_opts {
	unsigned flags;      /* MOD_RUN_FORCE_* */
	const char *file;    /* as typed */
	char *const *params; /* up to NULL */
};

enum { FORCE_MODVERSION = OPTIONS_LONG, FORCE_VERMAGIC };

static const struct option_row rows[] = {
	{ 'f', "force", "", "both of the --force-* options" },
	{ FORCE_MODVERSION, "force-modversion", "",
	  "ignore the versions of symbols" },
	{ FORCE_VERMAGIC, "force-vermagic", "", "ignore the kernel's version" },
	OPTION_SYSLOG,
	OPTION_VERBOSE,
	OPTION_VERSION,
	OPTION_HELP,
};

static const struct options options = {
	"Usage:\n"
	"\tinsmod [options] FILE [PARAMETER[=VALUE]]...\n"
	"\tinsmod [options] - [PARAMETER[=VALUE]]... <FILE\n"
	"\n"
	"Options:\n",
	.column = 24,
	OPTIONS_ROWS(rows),
};

static int parse(struct insmod_opts *o, int argc, char **argv)
{
	struct options_reader reader;
	int c, r;

	*o = (struct insmod_opts){ .file = "" };
	options_start(&reader, &options, "");
	while ((c = options_next(&reader, argc, argv)) != -1) {
		switch (c) {
		case 'f':
			o->flags |= MOD_RUN_FORCE_MODVERSION |
				MOD_RUN_FORCE_VERMAGIC;
			break;
		case FORCE_MODVERSION:
			o->flags |= MOD_RUN_FORCE_MODVERSION;
			break;
		case FORCE_VERMAGIC:
			o->flags |= MOD_RUN_FORCE_VERMAGIC;
			break;
		default:
			r = tool_option(c, &options);
			if (r != TOOL_GOES_ON)
				return r;
		}
	}
	if (optind >= argc)
		return log_error("missing filename.");
	o->file = argv[optind];
	o->params = &argv[optind + 1];
	return TOOL_GOES_ON;
}

static bool is_stdin(const char *file)
{
	return strcmp(file, "-") == 0;
}

/* What the kernel means by a number.  Scripts know these texts. */
static const char *refusal(const struct mod_error *error)
{
	int r = mod_error_code(error);

	switch (tool_errno(error, r)) {
	case ENOEXEC:
		return "Invalid module format";
	case ENOENT:
		return "Unknown symbol in module";
	case ESRCH:
		return "Module has wrong symbol version";
	case EINVAL:
		return "Invalid parameters";
	}
	return tool_strerror(error, r);
}

static int complain(const struct mod_error *error, const char *file)
{
	const char *cause = tool_cause(error, mod_error_code(error));
	struct stat st;

	if (!is_stdin(file) && mod_error_origin(error) == MOD_ORIGIN_FILE &&
	    stat(file, &st) < 0)
		return log_error("could not load module %s: %s", file,
				 strerror(errno));
	if (cause)
		return log_error("could not insert module %s: %s (%s)", file,
				 refusal(error), cause);
	return log_error("could not insert module %s: %s", file,
			 refusal(error));
}

static int insmod(int argc, char **argv)
{
	_ctx_ struct mod_ctx *ctx = NULL;
	struct insmod_opts o;
	char *params;

	int r = parse(&o, argc, argv);
	if (r != TOOL_GOES_ON)
		return r;
	if (tool_ctx(&ctx) != 0)
		return 1;
	params = tool_join_params(o.params);
	if (!params)
		return log_error("out of memory");
	r = is_stdin(o.file) ? mod_insert_fd(ctx, STDIN_FILENO,
					     "standard input", params, o.flags)
			     : mod_insert(ctx, o.file, params, o.flags);
	free(params);
	return r < 0 ? complain(mod_ctx_error(ctx), o.file) : 0;
}

const struct tool tool_insmod = { "insmod", insmod,
				  "put a module file into the kernel" };
