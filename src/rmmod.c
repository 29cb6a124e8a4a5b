/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rmmod.c - modules out of the kernel, one by one as they are named. */
#include "src/log.h"
#include "src/output.h"
#include "src/tool.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct rmmod_opts {
	unsigned flags;        /* MOD_RUN_FORCE_UNLOAD or 0 */
	unsigned long wait_ms; /* 0: do not wait */
	char *const *names;    /* names or paths, up to NULL */
};

static const struct option_row rows[] = {
	{ 'f', "force", "",
	  "remove it even while it is in use, where the\n"
	  "kernel allows that (CONFIG_MODULE_FORCE_UNLOAD).\n"
	  "DANGEROUS" },
	{ 'w', "wait", "[=MS]",
	  "while it is in use, try again, for MS milliseconds\n"
	  "or without end" },
	OPTION_SYSLOG,
	OPTION_VERBOSE,
	OPTION_VERSION,
	OPTION_HELP,
};

static const struct options options = {
	"Usage:\n"
	"\trmmod [options] MODULE...\n"
	"\n"
	"Options:\n",
	.column = 17,
	OPTIONS_ROWS(rows),
};

/* "-w", "-w500", "-w=500", "--wait=500" */
static int set_wait(struct rmmod_opts *o, const char *text)
{
	o->wait_ms = ULONG_MAX;
	if (text && !tool_number(text + (*text == '='), &o->wait_ms))
		return log_error("unexpected wait value '%s'.", text);
	return TOOL_GOES_ON;
}

static int parse(struct rmmod_opts *o, int argc, char **argv)
{
	struct options_reader reader;
	int c, r;

	*o = (struct rmmod_opts){ .names = &argv[argc] };
	options_start(&reader, &options, "");
	while ((c = options_next(&reader, argc, argv)) != -1) {
		switch (c) {
		case 'f':
			o->flags = MOD_RUN_FORCE_UNLOAD;
			break;
		case 'w':
			r = set_wait(o, optarg);
			if (r != TOOL_GOES_ON)
				return r;
			break;
		default:
			r = tool_option(c, &options);
			if (r != TOOL_GOES_ON)
				return r;
		}
	}
	if (optind >= argc)
		return log_error("missing module name.");
	o->names = &argv[optind];
	return TOOL_GOES_ON;
}

/* What exists as a path gives its file's name, the rest is a name itself. */
static int module_name(char name[PATH_MAX], const char *operand)
{
	struct stat st;

	if (strchr(operand, '/') && stat(operand, &st) == 0)
		return mod_name_of_path(name, PATH_MAX, operand);
	return mod_name_of(name, PATH_MAX, operand);
}

struct found {
	const char *name;
	bool waits; /* being in use is no reason yet */
	bool loaded;
	bool in_the_way; /* and reported */
};

static void report_holders(const char *name, const char *holders)
{
	char *spaced = strdup(holders);

	for (char *at = spaced; at && (at = strchr(at, ',')); at++)
		*at = ' ';
	log_error("Module %s is in use by: %s", name,
		  spaced ? spaced : holders);
	free(spaced);
}

static int look(void *data, const struct mod_loaded *mod)
{
	struct found *found = data;
	long count = mod_loaded_users(mod);

	if (strcmp(mod_loaded_name(mod), found->name) != 0)
		return 0;
	found->loaded = true;
	found->in_the_way = true;
	bool used = *mod_loaded_holders(mod) || count > 0;
	if (count == -2)
		log_error("Module unloading is not supported");
	else if (!used || found->waits)
		found->in_the_way = false;
	else if (*mod_loaded_holders(mod))
		report_holders(found->name, mod_loaded_holders(mod));
	else
		log_error("Module %s is in use", found->name);
	return 1;
}

/* /sys shows less, and the kernel refuses a module in use. */
static bool is_in_sys(struct mod_ctx *ctx, const char *name)
{
	enum mod_state state;

	return mod_loaded_state_of(ctx, name, &state) == 0 &&
		state != MOD_STATE_NONE;
}

/* One look at /proc/modules answers all; only a module that is not there may be
 * built in.
 */
static bool may_go(struct mod_ctx *ctx, const char *name, bool waits)
{
	struct found found = { .name = name, .waits = waits };

	if (mod_loaded_each(ctx, look, &found) < 0 && is_in_sys(ctx, name))
		return true;
	if (found.loaded)
		return !found.in_the_way;
	if (mod_is_builtin(ctx, name) == 1)
		log_error("Module %s is builtin.", name);
	else
		log_error("Module %s is not currently loaded", name);
	return false;
}

static int remove_one(struct mod_ctx *ctx, const char *operand,
		      const struct rmmod_opts *o)
{
	char name[PATH_MAX];

	int r = module_name(name, operand);
	if (r < 0)
		return log_error("could not use module %s: %s", operand,
				 strerror(-r));
	if (!o->flags && !may_go(ctx, name, o->wait_ms))
		return 1;
	r = mod_remove_wait(ctx, name, o->flags, o->wait_ms);
	/* The time is over: by whom is it in use? */
	if (r == -EAGAIN && o->wait_ms && !o->flags &&
	    !may_go(ctx, name, false))
		return 1;
	if (r < 0)
		return log_error("could not remove module %s: %s", operand,
				 strerror(-r));
	return 0;
}

static int rmmod(int argc, char **argv)
{
	_ctx_ struct mod_ctx *ctx = NULL;
	struct rmmod_opts o;
	int failed = 0;

	int r = parse(&o, argc, argv);
	if (r != TOOL_GOES_ON)
		return r;
	if (tool_ctx(&ctx) != 0)
		return 1;
	for (; *o.names; o.names++)
		failed |= remove_one(ctx, *o.names, &o);
	return failed;
}

const struct tool tool_rmmod = { "rmmod", rmmod,
				 "remove modules from the kernel" };
