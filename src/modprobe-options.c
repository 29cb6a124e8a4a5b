/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-options.c - the command line of modprobe. */
#include "src/modprobe.h"

#include "libmod/base/grow.h"
#include "src/log.h"
#include "src/shell-words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAME = 1, /* no option but a name */
	CHECK_POLICY = OPTIONS_LONG,
	FIRST_TIME,
	FORCE_MODVERSION,
	FORCE_VERMAGIC,
	GENERATE_POLICY,
	IGNORE_MASK,
	JSON,
	MODULES_LOAD,
	REMOVE_HOLDERS,
	SHOW_EXPORTS,
	SHOW_MODVERSIONS,
	STRICT_PARAMS,
	THREADS,
};

static const struct option_row rows[] = {
	{ 0, .help = "Actions:" },
	{ 'a', "all", "",
	  "load each NAME; an unknown one is no\n"
	  "reason to stop" },
	{ MODULES_LOAD, "modules-load", "[=PATH]",
	  "load what modules-load.d(5) lists, or that\n"
	  "file or directory" },
	{ 'r', "remove", "", "unload, with dependencies that become unused" },
	{ REMOVE_HOLDERS, "remove-holders", "",
	  "unload, after the modules that use it" },
	{ 'R', "show-alias", "", "print the modules that a NAME stands for" },
	{ 'D', "show-depends", "",
	  "print what would be done if nothing were\n"
	  "loaded" },
	{ 'c', "show-config", "", "print the configuration and all aliases" },
	{ SHOW_MODVERSIONS, "show-modversions", "",
	  "print the symbol versions a module needs" },
	{ SHOW_EXPORTS, "show-exports", "",
	  "print the symbol versions it exports" },
	{ CHECK_POLICY, "check-policy", "",
	  "print whether each NAME could be loaded, by\n"
	  "which paths, and the rules that forbid it" },
	{ GENERATE_POLICY, "generate-policy", "",
	  "print an allow list of the loaded modules" },
	{ 0, .help = "Options:" },
	{ 'n', "dry-run", "", "print what would be done" },
	{ 'i', "ignore-install\0ignore-remove", "",
	  "ignore install and remove commands and\n"
	  "softdeps of the modules named" },
	{ 'b', "use-blacklist", "",
	  "blacklists hold for names as for aliases" },
	{ IGNORE_MASK, "ignore-mask", "", "load it although it is masked" },
	{ FIRST_TIME, "first-time", "", "nothing to do is an error" },
	{ STRICT_PARAMS, "strict-params", "",
	  "refuse parameters that a module does not\n"
	  "have, or of another type" },
	{ THREADS, "jobs", "N",
	  "with -a, --modules-load: load so many\n"
	  "modules at the same time" },
	{ 'w', "wait", "MSEC",
	  "with -r: go on trying for so long while\n"
	  "a module is in use" },
	{ 'f', "force", "",
	  "load: both of the --force-* options;\n"
	  "unload: even while in use. DANGEROUS" },
	{ FORCE_MODVERSION, "force-modversion", "",
	  "ignore the versions of symbols" },
	{ FORCE_VERMAGIC, "force-vermagic", "", "ignore the kernel's version" },
	{ 0, .help = "Locations:" },
	{ 'C', "config", "PATH",
	  "file or directory in place of the standard\n"
	  "modprobe.d directories; may be given again" },
	{ 'd', "dirname", "DIR", "directory in front of @" },
	{ 'S', "set-version", "VERSION", "in place of the running kernel's" },
	{ 0, .help = "" },
	{ JSON, "json", "", "print JSON" },
	{ 'q', "quiet", "", "no messages" },
	OPTION_VERBOSE,
	OPTION_SYSLOG,
	OPTION_VERSION,
	OPTION_HELP,
	/* Older spellings, which scripts use. */
	{ REMOVE_HOLDERS, "remove-dependencies", "", "" },
	{ 'R', "resolve-alias", "", "" },
	{ 'c', "showconfig", "", "" },
	{ SHOW_MODVERSIONS, "dump-modversions", "", "" },
	{ 'n', "show", "", "" },
	/* An abbreviation of one of kmod's options that one of ours shares. */
	{ 'C', "c", "PATH", "" },
	{ 'i', "i\0ig\0ign\0igno\0ignor\0ignore\0ignore-", "", "" },
};

static const struct options options = {
	"Usage:\n"
	"\tmodprobe [options] NAME|PATH [PARAMETER[=VALUE]]...\n"
	"\tmodprobe [options] -a NAME|PATH...\n"
	"\tmodprobe [options] --modules-load[=PATH]\n"
	"\tmodprobe [options] -r NAME...\n"
	"\tmodprobe [options] -R [-a] NAME|PATH...\n"
	"\tmodprobe [options] --show-modversions|--show-exports NAME|PATH\n"
	"\tmodprobe [options] -c\n"
	"\tmodprobe [options] --check-policy [--json] NAME...\n"
	"\tmodprobe [options] --generate-policy\n"
	"\n"
	"A NAME is a module's name or an alias; a PATH starts with / or ./\n",
	.column = 26,
	OPTIONS_ROWS(rows),
};

/* The jobs' names in messages. */
static const char *const job_names[MODPROBE_JOBS] = {
	[MODPROBE_SHOW_ALIAS] = "-R",
	[MODPROBE_MODULES_LOAD] = "--modules-load",
	[MODPROBE_REMOVE] = "-r",
	[MODPROBE_SHOW_CONFIG] = "-c",
	[MODPROBE_SHOW_MODVERSIONS] = "--show-modversions",
	[MODPROBE_SHOW_EXPORTS] = "--show-exports",
	[MODPROBE_CHECK_POLICY] = "--check-policy",
	[MODPROBE_GENERATE_POLICY] = "--generate-policy",
};

static int set_job(struct modprobe *o, enum modprobe_job job)
{
	if (o->job != MODPROBE_INSERT && o->job != job)
		return log_error("%s and %s exclude each other. See -h.",
				 job_names[o->job], job_names[job]);
	o->job = job;
	return TOOL_GOES_ON;
}

/* Listed names are taken as operands of -a and -b. */
static int set_modules_load(struct modprobe *o, const char *path)
{
	o->all = true;
	o->plan_flags |= MOD_PLAN_BLACKLIST_ALL;
	o->load_path = path;
	return set_job(o, MODPROBE_MODULES_LOAD);
}

static int set_wait(struct modprobe *o, const char *text)
{
	char *end;

	errno = 0;
	o->wait_ms = strtoul(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end || errno)
		return log_error("unexpected wait value '%s'.", text);
	return TOOL_GOES_ON;
}

static int out_of_memory(void)
{
	return log_error("out of memory");
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
	at = mod_grow(e->configs, &e->config_cap, e->config_count + 1,
		      sizeof *at);
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
		o->run_flags |= MOD_RUN_IGNORE_LOADED;
		/* fall through */
	case 'n':
		o->run_flags |= MOD_RUN_DRY;
		o->shows = true;
		break;
	case FIRST_TIME:
		o->run_flags |= MOD_RUN_FIRST_TIME;
		break;
	case STRICT_PARAMS:
		o->strict = true;
		break;
	case FORCE_MODVERSION:
		o->run_flags |= MOD_RUN_FORCE_MODVERSION;
		break;
	case JSON:
		o->json = true;
		break;
	case FORCE_VERMAGIC:
		o->run_flags |= MOD_RUN_FORCE_VERMAGIC;
		break;
	}
}

/* It is for one call, which the environment is not. */
static int ignore_mask(struct modprobe *o, bool own)
{
	if (own)
		o->plan_flags |= MOD_PLAN_IGNORE_MASK;
	else
		log_error("--ignore-mask in MODPROBE_OPTIONS is ignored");
	return TOOL_GOES_ON;
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
	case 'c':
		return set_job(o, MODPROBE_SHOW_CONFIG);
	case SHOW_MODVERSIONS:
		return set_job(o, MODPROBE_SHOW_MODVERSIONS);
	case SHOW_EXPORTS:
		return set_job(o, MODPROBE_SHOW_EXPORTS);
	case CHECK_POLICY:
		return set_job(o, MODPROBE_CHECK_POLICY);
	case GENERATE_POLICY:
		return set_job(o, MODPROBE_GENERATE_POLICY);
	case MODULES_LOAD:
		return set_modules_load(o, optarg);
	case THREADS:
		return tool_jobs(optarg, &o->threads);
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
	case IGNORE_MASK:
		return ignore_mask(o, own);
	case 'V':
	case 'h':
	case '?':
		return tool_option(c, &options);
	default:
		set_flag(o, c);
		return TOOL_GOES_ON;
	}
}

/* Does it all go together? */
static int check(const struct modprobe *o)
{
	bool lists = o->job == MODPROBE_MODULES_LOAD;
	bool wordless = lists || o->job == MODPROBE_SHOW_CONFIG ||
		o->job == MODPROBE_GENERATE_POLICY;

	bool asks = o->job == MODPROBE_CHECK_POLICY ||
		o->job == MODPROBE_SHOW_ALIAS ||
		o->job == MODPROBE_SHOW_CONFIG ||
		(o->job == MODPROBE_INSERT && o->run_flags & MOD_RUN_DRY);

	if (o->json && !asks)
		return log_error("--json goes with -n, -D, -R, -c and "
				 "--check-policy. See -h.");
	if (o->word_count == 0 && !wordless)
		return log_error("missing parameters. See -h.");
	if (o->word_count && lists)
		return log_error("--modules-load takes no names, and a path "
				 "after a '='. See -h.");
	return TOOL_GOES_ON;
}

/* words[0] is the program; those from `own` on are the command line's.  The
 * names are moved together at words[1]: the overwritten ones have been read.
 */
static int parse(struct modprobe *o, char **words, int count, int own)
{
	struct options_reader reader;
	bool dashes;
	int c, at;

	/* "-": names come among the options and in order. */
	options_start(&reader, &options, getenv("POSIXLY_CORRECT") ? "" : "-");
	o->words = words + 1;
	for (;;) {
		at = optind;
		c = options_next(&reader, count, words);
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
	return check(o);
}

int modprobe_parse(struct modprobe *o, int argc, char **argv)
{
	char **words = argv;
	int added = 0;

	o->inherited = secure_getenv("MODPROBE_OPTIONS");
	if (o->inherited) {
		words = shell_words_insert(o->inherited, argc, argv, &added);
		if (!words)
			return out_of_memory();
	}
	return parse(o, words, argc + added, 1 + added);
}
