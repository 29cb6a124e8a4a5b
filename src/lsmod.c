/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lsmod.c - the loaded modules, from one read of /proc/modules. */
#include "src/lsmod.h"
#include "src/log.h"

enum { SORT = OPTIONS_LONG, JSON };

static const struct option_row rows[] = {
	{ 'o', "output", "COLUMNS",
	  "these columns, by commas: name, size, used,\n"
	  "by, state, taints, permanent" },
	{ SORT, "sort", "KEY", "by that column; -KEY: the other way round" },
	{ JSON, "json", "", "as JSON, see kmod-json(5)" },
	OPTION_SYSLOG,
	OPTION_VERBOSE,
	OPTION_VERSION,
	OPTION_HELP,
};

static const struct options options = {
	"Usage:\n"
	"\tlsmod [options]\n"
	"\n"
	"Options:\n",
	.column = 22,
	OPTIONS_ROWS(rows),
};

static int parse(struct lsmod_opts *o, int argc, char **argv)
{
	struct options_reader reader;
	int c, r;

	*o = (struct lsmod_opts){ 0 };
	options_start(&reader, &options, "");
	while ((c = options_next(&reader, argc, argv)) != -1) {
		switch (c) {
		case 'o':
			r = lsmod_set_columns(o, optarg);
			break;
		case SORT:
			r = lsmod_set_sort(o, optarg);
			break;
		case JSON:
			o->json = true;
			continue;
		default:
			r = tool_option(c, &options);
		}
		if (r != TOOL_GOES_ON)
			return r;
	}
	if (optind < argc)
		return log_error("too many arguments provided.");
	return TOOL_GOES_ON;
}

static int row(void *data, const struct mod_loaded *mod)
{
	bool *printed = data;

	if (!*printed)
		lsmod_header();
	*printed = true;
	lsmod_row(mod_loaded_name(mod), mod_loaded_size(mod),
		  mod_loaded_users(mod), mod_loaded_holders(mod));
	return 0;
}

static int lsmod(int argc, char **argv)
{
	_ctx_ struct mod_ctx *ctx = NULL;
	struct lsmod_opts o;
	bool printed = false;

	int r = parse(&o, argc, argv);
	if (r != TOOL_GOES_ON)
		return r;
	if (tool_ctx(&ctx) != 0)
		return 1;
	if (o.json || o.sort || o.n)
		return lsmod_table(ctx, &o);
	r = mod_loaded_each(ctx, row, &printed);
	if (r < 0)
		return lsmod_could_not(ctx, r);
	if (!printed)
		lsmod_header();
	return 0;
}

const struct tool tool_lsmod = { "lsmod", lsmod, "list the loaded modules" };
