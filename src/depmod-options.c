/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* depmod-options.c - depmod's command line. */
#include "src/depmod.h"
#include "src/json.h"
#include "src/log.h"
#include "src/tool.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"Usage:\n"
	"\tdepmod [-a|-A] [options] [VERSION]\n"
	"\tdepmod [options] VERSION /PATH/MODULE.ko...\n"
	"\n"
	"Options:\n"
	"\t-a, --all                all modules of the tree (the default)\n"
	"\t-A, --quick              only when something changed since the "
	"last run\n"
	"\t-b, --basedir DIR        root in front of the module directory\n"
	"\t-m, --moduledir DIR      module directory instead "
	"of " MOD_MODULE_DIRECTORY "\n"
	"\t-o, --outdir DIR         root in front of it for what is written\n"
	"\t-C, --config PATH        file or folder instead of depmod.d; may "
	"repeat\n"
	"\t-e, --errsyms            report unknown symbols; wants -E or -F\n"
	"\t-E, --symvers FILE       the kernel's symbols: a Module.symvers\n"
	"\t-F, --filesyms FILE      the kernel's symbols: a System.map\n"
	"\t-P, --symbol-prefix C    a character that symbols begin with\n"
	"\t-j, --jobs N             threads (default: the CPUs there are)\n"
	"\t-n, --show, --dry-run    print the text files, write nothing\n"
	"\t    --json               with -n: the modules and what each needs,\n"
	"\t                         as JSON\n"
	"\t-w, --warn               warn of aliases that a module has twice\n"
	"\t-x, --errexit            exit 1 when a module or folder was not "
	"read\n"
	"\t    --cache FILE         remember modules there between runs\n"
	"\t    --no-cache           remember nothing\n"
	"\t    --no-sync            do not wait until all is on the disk\n"
	"\t-v, --verbose            show who needs whom; twice: more messages\n"
	"\t-V, --version            show version\n"
	"\t-h, --help               show this help\n";

enum { OPT_CACHE = 256, OPT_NO_CACHE, OPT_NO_SYNC, OPT_JSON, OPT_IGNORED };

static int parse_jobs(struct depmod *d, const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '1' || *text > '9' || *end || n > 1024)
		return log_error("unexpected number of jobs '%s'.", text);
	d->opts.threads = (unsigned)n;
	return TOOL_GOES_ON;
}

static int take_option(struct depmod *d, int c)
{
	switch (c) {
	case 'a':
		d->all = true;
		break;
	case 'A':
		d->opts.flags |= MOD_DEPMOD_QUICK;
		break;
	case 'b':
		d->opts.root = optarg;
		break;
	case 'm':
		d->opts.module_dir = optarg;
		break;
	case 'o':
		d->opts.out_root = optarg;
		break;
	case 'C':
		if (mod_ctx_add_config(d->ctx, optarg) < 0)
			return log_error("out of memory");
		if (access(optarg, F_OK) < 0)
			log_warning("%s: %s", optarg, strerror(errno));
		break;
	case 'e':
		d->opts.flags |= MOD_DEPMOD_REPORT_SYMBOLS;
		break;
	case 'E':
		d->opts.symvers = optarg;
		break;
	case 'F':
		d->opts.map = optarg;
		break;
	case 'P':
		if (strlen(optarg) != 1)
			return log_fatal("-P only takes a single char");
		d->opts.prefix = *optarg;
		break;
	case 'j':
		return parse_jobs(d, optarg);
	case 'n':
		d->show = true;
		break;
	case 'w':
		d->opts.flags |= MOD_DEPMOD_WARN_DUPLICATES;
		break;
	case 'x':
		d->errexit = true;
		break;
	case 'v':
		/* The first shows edges, those after it more messages. */
		if (d->verbose++ > 0)
			log_more_verbose();
		break;
	case OPT_CACHE:
		d->opts.cache = optarg;
		break;
	case OPT_NO_CACHE:
		d->no_cache = true;
		break;
	case OPT_NO_SYNC:
		d->opts.flags |= MOD_DEPMOD_NO_SYNC;
		break;
	case OPT_JSON:
		d->json = true;
		break;
	case 'q':
	case 'r':
	case 'u':
	case OPT_IGNORED:
		break;
	default:
		return tool_option(c, usage);
	}
	return TOOL_GOES_ON;
}

int depmod_parse(struct depmod *d, int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", 0, NULL, 'a' },
		{ "quick", 0, NULL, 'A' },
		{ "basedir", 1, NULL, 'b' },
		{ "moduledir", 1, NULL, 'm' },
		{ "outdir", 1, NULL, 'o' },
		{ "config", 1, NULL, 'C' },
		{ "errsyms", 0, NULL, 'e' },
		{ "symvers", 1, NULL, 'E' },
		{ "filesyms", 1, NULL, 'F' },
		{ "symbol-prefix", 1, NULL, 'P' },
		{ "jobs", 1, NULL, 'j' },
		{ "show", 0, NULL, 'n' },
		{ "dry-run", 0, NULL, 'n' },
		{ "warn", 0, NULL, 'w' },
		{ "errexit", 0, NULL, 'x' },
		{ "cache", 1, NULL, OPT_CACHE },
		{ "no-cache", 0, NULL, OPT_NO_CACHE },
		{ "no-sync", 0, NULL, OPT_NO_SYNC },
		{ "json", 0, NULL, OPT_JSON },
		/* Of the 2.4 and 2.6 age; scripts still pass them. */
		{ "quiet", 0, NULL, 'q' },
		{ "root", 0, NULL, 'r' },
		{ "unresolved-error", 0, NULL, 'u' },
		{ "map", 0, NULL, OPT_IGNORED },
		TOOL_OPTION_VERBOSE,
		TOOL_OPTION_VERSION,
		TOOL_OPTION_HELP,
		{ 0 },
	};
	int c, r;

	while ((c = getopt_long(argc, argv, "aAb:m:o:C:E:F:evnP:j:wxqruVh",
				options, NULL)) != -1) {
		r = take_option(d, c);
		if (r != TOOL_GOES_ON)
			return r;
	}
	if (d->json && !d->show)
		return log_error("--json goes with -n. See -h.");
	if (d->json && js_start() != 0)
		return 1;
	return TOOL_GOES_ON;
}
