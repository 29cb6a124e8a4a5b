/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe.h - what modprobe's words ask for, and the parts that do it. */
#pragma once

#include "src/tool.h"

#include <stddef.h>
#include <syslog.h>

enum modprobe_job {
	MODPROBE_INSERT,
	MODPROBE_MODULES_LOAD,
	MODPROBE_SHOW_ALIAS,
	MODPROBE_REMOVE,
	MODPROBE_SHOW_CONFIG,
	MODPROBE_SHOW_MODVERSIONS,
	MODPROBE_SHOW_EXPORTS,
	MODPROBE_CHECK_POLICY,
	MODPROBE_GENERATE_POLICY,
	MODPROBE_JOBS
};

/* What the command line itself asks for and commands of modprobe.d inherit. */
struct modprobe_exports {
	const char *root, *release; /* or NULL */
	const char **configs;       /* in order */
	size_t config_count, config_cap;
	bool syslog, quiet;
	unsigned louder; /* number of -v after the last -q */
};

struct modprobe {
	struct mod_ctx *ctx;
	enum modprobe_job job;
	unsigned plan_flags;   /* enum mod_plan_flags */
	unsigned run_flags;    /* enum mod_run_flags */
	unsigned long wait_ms; /* 0: do not */
	unsigned threads;      /* that load modules; 0 as 1 */
	const char *load_path; /* --modules-load: or NULL */
	bool exported;         /* modprobe_export() was called already */
	bool all;              /* every word is a name, and none is fatal */
	bool shows;            /* print each step */
	bool json;             /* and that as JSON */
	bool strict;           /* parameters have to be right */
	int level;             /* of messages: LOG_* */
	bool syslog;
	const char *asked;     /* the word that is worked at, or NULL */
	char **words;          /* names and parameters, up to NULL */
	size_t word_count;     /* at least 1, but for -c */
	size_t path_count;     /* so many of them, the first, may be paths */
	const char *inherited; /* $MODPROBE_OPTIONS or NULL */
	struct modprobe_exports exports;
};

/* Sets o and o->ctx up from the command line and $MODPROBE_OPTIONS.  Returns
 * TOOL_GOES_ON or the exit status.
 */
MOD_MUST_CHECK int modprobe_parse(struct modprobe *o, int argc, char **argv);

/* Sets $MODPROBE_OPTIONS for the commands that are started from here. */
void modprobe_export(const struct modprobe *o);

/* mod_skipped_fn; data is not used.  Logs the failure, which does not matter.
 */
void modprobe_skipped(void *data, const struct mod_step *step,
		      const struct mod_error *error);

/* "Module NAME is" this: why it cannot be removed. */
const char *modprobe_state_text(int error);

/* How o's plans are run; the functions get the struct modprobe, which outlives
 * the options, as data.
 */
struct mod_run_opts modprobe_run_opts(const struct modprobe *o);

/* The level of the message that a name cannot be used: kmod prints FATAL and
 * ends, with -a it warns and goes on.
 */
static inline int modprobe_level(const struct modprobe *o)
{
	return o->all ? LOG_WARNING : LOG_CRIT;
}

/* The library's message for the negative errno that a call returned. */
const char *modprobe_message(const struct modprobe *o, int r);

/* The modules that word i means.  Returns 0, or the exit status 1 when there is
 * none (reported); -1 when that is no failure: lists for boot are made for
 * many kernels.
 */
MOD_MUST_CHECK int modprobe_find(const struct modprobe *o, size_t i,
				 struct mod_targets **out);

/* Reports why a plan, or NULL, was not done. */
void modprobe_complain(const struct modprobe *o, const struct mod_plan *plan,
		       const struct mod_target *target,
		       const struct mod_error *error);

/* Logs a step that is taken although it is not on the allow list. */
void modprobe_audit(const struct modprobe *o, const struct mod_step *step);

/* mod_step_fn, data is the struct modprobe: prints the step if that is wanted.
 */
void modprobe_show_step(void *data, const struct mod_step *step);

/* What became of one of the modules that a name means. */
enum modprobe_outcome { MODPROBE_LOADED, MODPROBE_SKIPPED, MODPROBE_FAILED };

/* Plans to load a target.  Returns 0; 1 when there is nothing to be done, and
 * *outcome is set (reported).
 */
MOD_MUST_CHECK int modprobe_plan(const struct modprobe *o,
				 const struct mod_target *target,
				 const char *options, struct mod_plan **plan,
				 enum modprobe_outcome *outcome);

/* Reports the parameters in a plan that the modules do not have, or that do not
 * fit.  Returns 1 when the plan must not be done because of that.
 */
int modprobe_check_parms(const struct modprobe *o, const struct mod_plan *plan);

/* Of all modules that a name means one that fails matters only when none is
 * loaded then: an alias often names modules for other machines too.
 */
static inline int modprobe_failed(const int seen[MODPROBE_FAILED + 1])
{
	return seen[MODPROBE_FAILED] && !seen[MODPROBE_LOADED];
}

/* Loads what all words mean, each a name, some at the same time. */
int modprobe_insert_all(const struct modprobe *o);

/* The answers about the operands, and -c, as JSON.  Return the exit status. */
int modprobe_json_words(const struct modprobe *o, const char *options);
int modprobe_json_config(const struct modprobe *o);

/* The jobs; each returns the exit status. */
int modprobe_insert(const struct modprobe *o);
int modprobe_show_alias(const struct modprobe *o);
int modprobe_modules_load(const struct modprobe *o);
int modprobe_remove(const struct modprobe *o);
int modprobe_show_config(const struct modprobe *o);
int modprobe_show_modversions(const struct modprobe *o);
int modprobe_show_exports(const struct modprobe *o);
int modprobe_check_policy(const struct modprobe *o);
int modprobe_generate_policy(const struct modprobe *o);
