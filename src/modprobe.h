/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe.h - what modprobe's words ask for, and the parts that do it. */
#pragma once

#include "src/tool.h"

#include <stddef.h>
#include <syslog.h>

enum modprobe_job {
	MODPROBE_INSERT,
	MODPROBE_SHOW_ALIAS,
	MODPROBE_REMOVE,
	MODPROBE_SHOW_MODVERSIONS,
	MODPROBE_SHOW_EXPORTS,
	MODPROBE_JOBS
};

/* What the command line itself asks for and commands of modprobe.d inherit. */
struct modprobe_exports {
	const char *root, *release; /* or NULL */
	const char **configs;       /* in order */
	size_t config_count;
	bool syslog, quiet;
	unsigned louder; /* how many -v stood behind the last -q */
};

struct modprobe {
	struct mod_ctx *ctx;
	enum modprobe_job job;
	unsigned plan_flags;   /* enum mod_plan_flags */
	unsigned run_flags;    /* enum mod_run_flags */
	unsigned long wait_ms; /* 0: do not */
	bool all;              /* every word is a name, and none is fatal */
	bool shows;            /* what is done is printed */
	int level;             /* of messages: LOG_* */
	bool syslog;
	char **words;          /* names and parameters, up to NULL */
	size_t word_count;     /* at least 1 */
	size_t path_count;     /* so many of them, the first, may be paths */
	const char *inherited; /* $MODPROBE_OPTIONS or NULL */
	struct modprobe_exports exports;
};

/* Sets o and o->ctx up from the command line and $MODPROBE_OPTIONS.  Returns
 * TOOL_GOES_ON or the exit status.
 */
MOD_CHECK int modprobe_parse(struct modprobe *o, int argc, char **argv);

/* Sets $MODPROBE_OPTIONS for the commands that are started from here. */
void modprobe_export(const struct modprobe *o);

/* How bad it is that a name cannot be used: kmod says FATAL and ends, with -a
 * it warns and goes on.
 */
static inline int modprobe_level(const struct modprobe *o)
{
	return o->all ? LOG_WARNING : LOG_CRIT;
}

/* The library's sentence for what a call returned. */
const char *modprobe_sentence(const struct modprobe *o, int error);

/* The modules that word i means.  Returns 0, or the exit status 1 when there is
 * none (said already).
 */
MOD_CHECK int modprobe_find(const struct modprobe *o, size_t i,
			    struct mod_targets **out);

/* mod_step_fn, data is the struct modprobe: prints the step if that is wanted.
 */
void modprobe_show_step(void *data, const struct mod_step *step);

/* The jobs; each returns the exit status. */
int modprobe_insert(const struct modprobe *o);
int modprobe_show_alias(const struct modprobe *o);
int modprobe_remove(const struct modprobe *o);
int modprobe_show_modversions(const struct modprobe *o);
int modprobe_show_exports(const struct modprobe *o);
