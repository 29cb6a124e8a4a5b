/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lsmod.c - the loaded modules, from one read of /proc/modules. */
#include "src/lsmod.h"
#include "src/log.h"
#include "src/output.h"

#include <getopt.h>

static const char usage[] =
	"Usage:\n"
	"\tlsmod [options]\n"
	"\n"
	"Options:\n"
	"\t-o, --output COLUMNS  these columns, by commas: name, size, used,\n"
	"\t                      by, state, taints, permanent\n"
	"\t    --sort KEY        by that column; -KEY: the other way round\n"
	"\t    --json            as JSON, see kmod-json(5)\n"
	"\t-s, --syslog          messages go to syslog, not to stderr\n"
	"\t-v, --verbose         more messages; may be given again\n"
	"\t-V, --version         show version\n"
	"\t-h, --help            show this help\n";

static int parse(struct lsmod_opts *o, int argc, char **argv)
{
	enum { SORT = 256, JSON };
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "sort", required_argument, NULL, SORT },
		{ "json", no_argument, NULL, JSON },
		TOOL_OPTION_SYSLOG,
		TOOL_OPTION_VERBOSE,
		TOOL_OPTION_VERSION,
		TOOL_OPTION_HELP,
		{ 0 },
	};
	int c, r;

	*o = (struct lsmod_opts){ 0 };
	while ((c = getopt_long(argc, argv, "o:svVh", options, NULL)) != -1) {
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
			r = tool_option(c, usage);
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
		  mod_loaded_count(mod), mod_loaded_holders(mod));
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
