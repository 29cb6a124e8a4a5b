/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-options.c - the command line of modprobe. */
#include "src/modprobe.h"

#include "src/say.h"
#include "src/words.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"Usage:\n"
	"\tmodprobe [options] NAME|PATH [PARAMETER[=VALUE]]...\n"
	"\tmodprobe [options] -a NAME|PATH...\n"
	"\tmodprobe [options] -r NAME...\n"
	"\tmodprobe [options] -R [-a] NAME|PATH...\n"
	"\tmodprobe [options] --show-modversions|--show-exports NAME|PATH\n"
	"\n"
	"A NAME is a module's name or an alias; a PATH starts with / or ./\n"
	"\n"
	"What to do:\n"
	"\t-a, --all                 load each NAME; an unknown one is no\n"
	"\t                          reason to stop\n"
	"\t-r, --remove              unload, with what nothing needs then\n"
	"\t    --remove-holders      unload, but first what uses it\n"
	"\t-R, --show-alias          print which modules a NAME means\n"
	"\t-D, --show-depends        print what would be done if nothing were\n"
	"\t                          loaded\n"
	"\t    --show-modversions    print the symbol versions a module needs\n"
	"\t    --show-exports        print the symbol versions it exports\n"
	"\n"
	"How:\n"
	"\t-n, --dry-run             print what would be done\n"
	"\t-i, --ignore-install, --ignore-remove\n"
	"\t                          ignore install and remove commands and\n"
	"\t                          softdeps of the modules named\n"
	"\t-b, --use-blacklist       blacklists hold for names as for aliases\n"
	"\t    --first-time          nothing to do is an error\n"
	"\t-w, --wait MSEC           with -r: go on trying for so long while\n"
	"\t                          a module is in use\n"
	"\t-f, --force               load: both of the --force-* options;\n"
	"\t                          unload: even while in use. DANGEROUS\n"
	"\t    --force-modversion    ignore the versions of symbols\n"
	"\t    --force-vermagic      ignore the kernel's version\n"
	"\n"
	"Where:\n"
	"\t-C, --config PATH         file or folder in place of the standard\n"
	"\t                          modprobe.d folders; may be given again\n"
	"\t-d, --dirname DIR         folder in front of /lib/modules\n"
	"\t-S, --set-version VERSION in place of the running kernel's\n"
	"\n"
	"\t-q, --quiet               no messages\n"
	"\t-v, --verbose             more messages; may be given again\n"
	"\t-s, --syslog              messages go to syslog, not to stderr\n"
	"\t-V, --version             show version\n"
	"\t-h, --help                show this help\n";

/* "-": names come among the options and in order. */
static const char short_options[] = "-arw:RibfDnC:d:S:sqvVh";

enum {
	NAME = 1, /* no option but a name */
	FIRST_TIME = 256,
	FORCE_MODVERSION,
	FORCE_VERMAGIC,
	REMOVE_HOLDERS,
	SHOW_EXPORTS,
	SHOW_MODVERSIONS,
};

/* Those marked are older spellings, which scripts use. */
static const struct option long_options[] = {
	{ "all", no_argument, NULL, 'a' },
	{ "remove", no_argument, NULL, 'r' },
	{ "remove-holders", no_argument, NULL, REMOVE_HOLDERS },
	{ "remove-dependencies", no_argument, NULL, REMOVE_HOLDERS }, /* old */
	{ "wait", required_argument, NULL, 'w' },
	{ "first-time", no_argument, NULL, FIRST_TIME },
	{ "ignore-install", no_argument, NULL, 'i' },
	{ "ignore-remove", no_argument, NULL, 'i' },
	{ "use-blacklist", no_argument, NULL, 'b' },
	{ "force", no_argument, NULL, 'f' },
	{ "force-modversion", no_argument, NULL, FORCE_MODVERSION },
	{ "force-vermagic", no_argument, NULL, FORCE_VERMAGIC },
	{ "show-depends", no_argument, NULL, 'D' },
	{ "show-alias", no_argument, NULL, 'R' },
	{ "resolve-alias", no_argument, NULL, 'R' }, /* old */
	{ "show-modversions", no_argument, NULL, SHOW_MODVERSIONS },
	{ "dump-modversions", no_argument, NULL, SHOW_MODVERSIONS }, /* old */
	{ "show-exports", no_argument, NULL, SHOW_EXPORTS },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "show", no_argument, NULL, 'n' }, /* old */
	{ "config", required_argument, NULL, 'C' },
	{ "dirname", required_argument, NULL, 'd' },
	{ "set-version", required_argument, NULL, 'S' },
	{ "quiet", no_argument, NULL, 'q' },
	TOOL_OPTION_SYSLOG,
	TOOL_OPTION_VERBOSE,
	TOOL_OPTION_VERSION,
	TOOL_OPTION_HELP,
	{ 0 },
};

/* The jobs' names in messages. */
static const char *const job_names[MODPROBE_JOBS] = {
	[MODPROBE_SHOW_ALIAS] = "-R",
	[MODPROBE_REMOVE] = "-r",
	[MODPROBE_SHOW_MODVERSIONS] = "--show-modversions",
	[MODPROBE_SHOW_EXPORTS] = "--show-exports",
};

static int set_job(struct modprobe *o, enum modprobe_job job)
{
	if (o->job != MODPROBE_INSERT && o->job != job)
		return say_error("%s and %s exclude each other. See -h.",
				 job_names[o->job], job_names[job]);
	o->job = job;
	return TOOL_GOES_ON;
}

static int set_wait(struct modprobe *o, const char *text)
{
	char *end;

	errno = 0;
	o->wait_ms = strtoul(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end || errno)
		return say_error("unexpected wait value '%s'.", text);
	return TOOL_GOES_ON;
}

static int out_of_memory(void)
{
	return say_error("out of memory");
}

/* own: from the command line, not from the environment. */
static int add_config(struct modprobe *o, const char *path, bool own)
{
	struct modprobe_exports *e = &o->exports;
	const char **at;

	if (mod_ctx_add_config(o->ctx, path) < 0)
		return out_of_memory();
	if (!own)
		return TOOL_GOES_ON;
	at = reallocarray(e->configs, e->config_count + 1, sizeof *at);
	if (!at)
		return out_of_memory();
	e->configs = at;
	e->configs[e->config_count++] = path;
	return TOOL_GOES_ON;
}

static int set_place(struct modprobe *o, int c, const char *text, bool own)
{
	int r = 0;

	switch (c) {
	case 'C':
		return add_config(o, text, own);
	case 'd':
		o->exports.root = own ? text : NULL;
		r = mod_ctx_set_root(o->ctx, text);
		break;
	case 'S':
		o->exports.release = own ? text : NULL;
		r = mod_ctx_set_release(o->ctx, text);
		break;
	}
	return r < 0 ? out_of_memory() : TOOL_GOES_ON;
}

static void set_messages(struct modprobe *o, int c, bool own)
{
	struct modprobe_exports *e = &o->exports;

	switch (c) {
	case 'q':
		o->level = LOG_EMERG;
		e->quiet |= own;
		e->louder = 0;
		break;
	case 'v':
		o->level++;
		e->louder += own;
		break;
	case 's':
		o->syslog = true;
		e->syslog |= own;
		break;
	}
}

static void set_flag(struct modprobe *o, int c)
{
	static const unsigned force =
		MOD_RUN_FORCE_MODVERSION | MOD_RUN_FORCE_VERMAGIC;

	switch (c) {
	case 'a':
		o->all = true;
		break;
	case 'i':
		o->plan_flags |= MOD_PLAN_IGNORE_COMMANDS;
		break;
	case 'b':
		o->plan_flags |= MOD_PLAN_BLACKLIST_ALL;
		break;
	case 'f':
		o->run_flags |= force | MOD_RUN_FORCE_UNLOAD;
		break;
	case 'D':
		o->plan_flags |= MOD_PLAN_IGNORE_LOADED;
		o->run_flags |= MOD_RUN_IGNORE_LOADED;
		/* fall through */
	case 'n':
		o->run_flags |= MOD_RUN_DRY;
		o->shows = true;
		break;
	case FIRST_TIME:
		o->run_flags |= MOD_RUN_FIRST_TIME;
		break;
	case FORCE_MODVERSION:
		o->run_flags |= MOD_RUN_FORCE_MODVERSION;
		break;
	case FORCE_VERMAGIC:
		o->run_flags |= MOD_RUN_FORCE_VERMAGIC;
		break;
	}
}

static int set_option(struct modprobe *o, int c, bool own)
{
	switch (c) {
	case NAME:
		o->words[o->word_count++] = optarg;
		return TOOL_GOES_ON;
	case REMOVE_HOLDERS:
		o->plan_flags |= MOD_PLAN_HOLDERS;
		/* fall through */
	case 'r':
		return set_job(o, MODPROBE_REMOVE);
	case 'R':
		return set_job(o, MODPROBE_SHOW_ALIAS);
	case SHOW_MODVERSIONS:
		return set_job(o, MODPROBE_SHOW_MODVERSIONS);
	case SHOW_EXPORTS:
		return set_job(o, MODPROBE_SHOW_EXPORTS);
	case 'w':
		return set_wait(o, optarg);
	case 'C':
	case 'd':
	case 'S':
		return set_place(o, c, optarg, own);
	case 'q':
	case 'v':
	case 's':
		set_messages(o, c, own);
		return TOOL_GOES_ON;
	case 'V':
	case 'h':
	case '?':
		return tool_option(c, usage);
	default:
		set_flag(o, c);
		return TOOL_GOES_ON;
	}
}

/* words[0] is the program; those from `own` on are the command line's.  The
 * names are moved together at words[1]: what is overwritten has been read.
 */
static int parse(struct modprobe *o, char **words, int count, int own)
{
	const char *options = short_options + !!getenv("POSIXLY_CORRECT");
	bool dashes;
	int c, at;

	o->words = words + 1;
	for (;;) {
		at = optind;
		c = getopt_long(count, words, options, long_options, NULL);
		if (c == -1)
			break;
		int r = set_option(o, c, at >= own);
		if (r != TOOL_GOES_ON)
			return r;
	}
	dashes = optind > at;
	o->path_count = o->word_count;
	while (optind < count)
		o->words[o->word_count++] = words[optind++];
	o->words[o->word_count] = NULL;
	/* The kernel calls `modprobe -q -- NAME`, with any text for NAME. */
	if (!dashes || !o->exports.quiet)
		o->path_count = o->word_count;
	if (o->word_count == 0)
		return say_error("missing parameters. See -h.");
	return TOOL_GOES_ON;
}

int modprobe_parse(struct modprobe *o, int argc, char **argv)
{
	char **words = argv;
	int added = 0;

	o->inherited = secure_getenv("MODPROBE_OPTIONS");
	if (o->inherited) {
		words = words_insert(o->inherited, argc, argv, &added);
		if (!words)
			return out_of_memory();
	}
	return parse(o, words, argc + added, 1 + added);
}

static void write_path(FILE *to, const char *option, const char *path)
{
	char *cwd = *path && *path != '/' ? getcwd(NULL, 0) : NULL;
	char *whole = NULL;

	if (cwd && asprintf(&whole, "%s/%s", cwd, path) < 0)
		whole = NULL;
	fputs(option, to);
	words_quote(to, whole ? whole : path);
	free(whole);
	free(cwd);
}

static void write_exports(const struct modprobe_exports *e, FILE *to)
{
	for (size_t i = 0; i < e->config_count; i++)
		write_path(to, " -C ", e->configs[i]);
	if (e->root)
		write_path(to, " -d ", e->root);
	if (e->release) {
		fputs(" -S ", to);
		words_quote(to, e->release);
	}
	if (e->syslog)
		fputs(" -s", to);
	if (e->quiet)
		fputs(" -q", to);
	for (unsigned i = 0; i < e->louder; i++)
		fputs(" -v", to);
}

void modprobe_export(const struct modprobe *o)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		return; /* nor will there be memory for the command */
	fputs(o->inherited ? o->inherited : "", to);
	write_exports(&o->exports, to);
	if (fclose(to) == 0 && len)
		setenv("MODPROBE_OPTIONS", text + strspn(text, " "), 1);
	free(text);
}
