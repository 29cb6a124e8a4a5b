/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* depmod-options.c - depmod's command line. */
#include "src/depmod.h"
#include "src/json.h"
#include "src/log.h"
#include "src/tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CACHE = OPTIONS_LONG, NO_CACHE, NO_SYNC, JSON, IGNORED };

static const struct option_row rows[] = {
	{ 'a', "all", "", "all modules of the tree (the default)" },
	{ 'A', "quick", "", "only when something changed since the last run" },
	{ 'b', "basedir", "DIR", "root in front of the module directory" },
	{ 'm', "moduledir", "DIR", "module directory instead of @" },
	{ 'o', "outdir", "DIR", "root in front of it for the output files" },
	{ 'C', "config", "PATH",
	  "file or directory instead of depmod.d; may repeat" },
	{ 'e', "errsyms", "", "report unknown symbols; wants -E or -F" },
	{ 'E', "symvers", "FILE", "the kernel's symbols: a Module.symvers" },
	{ 'F', "filesyms", "FILE", "the kernel's symbols: a System.map" },
	{ 'P', "symbol-prefix", "C", "a character that symbols begin with" },
	{ 'j', "jobs", "N", "threads (default: the CPUs there are)" },
	{ 'n', "show\0dry-run", "", "print the text files, write nothing" },
	{ JSON, "json", "",
	  "with -n: the modules and their dependencies,\n"
	  "as JSON" },
	{ 'w', "warn", "", "warn of aliases that a module has twice" },
	{ 'x', "errexit", "",
	  "exit 1 when a module or directory was not read" },
	{ CACHE, "cache", "FILE", "cache the records of modules in that file" },
	{ NO_CACHE, "no-cache", "", "do not use a cache" },
	{ NO_SYNC, "no-sync", "", "do not wait for the disk" },
	{ 'v', "verbose", "", "print the dependencies; twice: more messages" },
	OPTION_VERSION,
	OPTION_HELP,
	/* Of the 2.4 and 2.6 age; scripts still pass them. */
	{ 'q', "quiet", "", "" },
	{ 'r', "root", "", "" },
	{ 'u', "unresolved-error", "", "" },
	{ IGNORED, "map", "", "" },
};

static const struct options options = {
	"Usage:\n"
	"\tdepmod [-a|-A] [options] [VERSION]\n"
	"\tdepmod [options] VERSION /PATH/MODULE.ko...\n"
	"\n"
	"Options:\n",
	.column = 25,
	OPTIONS_ROWS(rows),
};

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
	case CACHE:
		d->opts.cache = optarg;
		break;
	case NO_CACHE:
		d->no_cache = true;
		break;
	case NO_SYNC:
		d->opts.flags |= MOD_DEPMOD_NO_SYNC;
		break;
	case JSON:
		d->json = true;
		break;
	case 'q':
	case 'r':
	case 'u':
	case IGNORED:
		break;
	default:
		return tool_option(c, &options);
	}
	return TOOL_GOES_ON;
}

int depmod_parse(struct depmod *d, int argc, char **argv)
{
	struct options_reader reader;
	int c, r;

	options_start(&reader, &options, "");
	while ((c = options_next(&reader, argc, argv)) != -1) {
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
