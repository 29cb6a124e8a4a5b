/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lsmod.c - the loaded modules, from one read of /proc/modules. */
#include "src/lsmod.h"
#include "src/log.h"
#include "src/output.h"

#include <getopt.h>
#include <stdint.h>
#include <string.h>

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

static void pad(size_t used, size_t width)
{
	if (used < width)
		output_spaces(width - used);
}

/* The digits of n, in the end of buf. */
static const char *digits(uint64_t n, char buf[24])
{
	char *at = &buf[23];

	*at = '\0';
	do
		*--at = (char)('0' + n % 10);
	while (n /= 10);
	return at;
}

void lsmod_header(void)
{
	output_text("Module                  Size  Used by\n");
}

/* "%-19s %8ld  %d" and, for holders, a blank before them.  The kernel that
 * cannot unload modules counts nothing: "-", as in /proc/modules.
 */
void lsmod_row(const char *name, uint64_t bytes, long count,
	       const char *holders)
{
	char buf[24];

	output_text(name);
	pad(strlen(name), 19);
	const char *size = digits(bytes, buf);
	output_spaces(1);
	pad(strlen(size), 8);
	output_text(size);
	output_text(count < 0 ? "  -" : "  ");
	if (count == -1)
		output_text("1");
	else if (count >= 0)
		output_text(digits((uint64_t)count, buf));
	if (*holders) {
		output_spaces(1);
		output_text(holders);
	}
	output_text("\n");
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

int lsmod_could_not(const struct mod_ctx *ctx, int error)
{
	log_error("%s", mod_error_sentence(ctx));
	return log_error("could not get list of modules: %s",
			 tool_strerror(ctx, error));
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
