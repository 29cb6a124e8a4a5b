/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lsmod.c - the loaded modules, from one read of /proc/modules. */
#include "src/out.h"
#include "src/say.h"
#include "src/tool.h"

#include <getopt.h>
#include <stdint.h>
#include <string.h>

static const char usage[] =
	"Usage:\n"
	"\tlsmod [options]\n"
	"\n"
	"Options:\n"
	"\t-s, --syslog   messages go to syslog, not to stderr\n"
	"\t-v, --verbose  more messages; may be given again\n"
	"\t-V, --version  show version\n"
	"\t-h, --help     show this help\n";

static int parse(int argc, char **argv)
{
	static const struct option options[] = {
		TOOL_OPTION_SYSLOG,
		TOOL_OPTION_VERBOSE,
		TOOL_OPTION_VERSION,
		TOOL_OPTION_HELP,
		{ 0 },
	};
	int c, r;

	while ((c = getopt_long(argc, argv, "svVh", options, NULL)) != -1) {
		r = tool_option(c, usage);
		if (r != TOOL_GOES_ON)
			return r;
	}
	if (optind < argc)
		return say_error("too many arguments provided.");
	return TOOL_GOES_ON;
}

static void pad(size_t used, size_t width)
{
	if (used < width)
		out_blanks(width - used);
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

static void header(bool *printed)
{
	if (!*printed)
		out_text("Module                  Size  Used by\n");
	*printed = true;
}

/* "%-19s %8ld  %d" and, for holders, a blank before them.  The kernel that
 * cannot unload modules counts nothing: "-", as in /proc/modules.
 */
static int row(void *data, const struct mod_loaded *mod)
{
	const char *name = mod_loaded_name(mod);
	const char *holders = mod_loaded_holders(mod);
	long count = mod_loaded_count(mod);
	char buf[24];

	header(data);
	out_text(name);
	pad(strlen(name), 19);
	const char *size = digits(mod_loaded_size(mod), buf);
	out_blanks(1);
	pad(strlen(size), 8);
	out_text(size);
	out_text(count < 0 ? "  -" : "  ");
	if (count == -1)
		out_text("1");
	else if (count >= 0)
		out_text(digits((uint64_t)count, buf));
	if (*holders) {
		out_blanks(1);
		out_text(holders);
	}
	out_text("\n");
	return 0;
}

static int lsmod(int argc, char **argv)
{
	_ctx_ struct mod_ctx *ctx = NULL;
	bool printed = false;

	int r = parse(argc, argv);
	if (r != TOOL_GOES_ON)
		return r;
	if (tool_ctx(&ctx) != 0)
		return 1;
	r = mod_loaded_each(ctx, row, &printed);
	if (r < 0) {
		say_error("%s", mod_error_sentence(ctx));
		return say_error("could not get list of modules: %s",
				 tool_strerror(ctx, r));
	}
	header(&printed);
	return 0;
}

const struct tool tool_lsmod = { "lsmod", lsmod, "list the loaded modules" };
