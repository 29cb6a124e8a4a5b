/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/load/command.h"

#include "libmod/base/cleanup.h"
#include "libmod/ctx/error.h"
#include "libmod/sys/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>

/* The next word; *at then points after it.  An empty one at the end. */
static size_t take_word(const char **at, const char **word)
{
	*word = *at + strspn(*at, " \t");
	size_t n = strcspn(*word, " \t");
	*at = *word + n;
	return n;
}

/* What exit takes: up to three digits, no more than 255. */
static bool is_code(const char *word, size_t n, int *code)
{
	*code = 0;
	for (size_t i = 0; i < n; i++) {
		if (word[i] < '0' || word[i] > '9' || n > 3)
			return false;
		*code = *code * 10 + (word[i] - '0');
	}
	return *code <= 255;
}

bool mod_command_is_void(const char *command, int *status)
{
	static const struct {
		const char *word;
		int code;
	} voids[] = {
		{ "/bin/true", 0 },
		{ "/bin/false", 1 },
		{ "/usr/bin/true", 0 },
		{ "/usr/bin/false", 1 },
		{ "true", 0 },
		{ "false", 1 },
		{ ":", 0 },
		{ "exit", 0 },
	};
	const char *word, *operand;
	int code = 0;

	size_t n = take_word(&command, &word);
	size_t more = take_word(&command, &operand);
	if (command[strspn(command, " \t")])
		return false;
	for (size_t i = 0; i < sizeof voids / sizeof *voids; i++) {
		if (strlen(voids[i].word) != n ||
		    memcmp(voids[i].word, word, n) != 0)
			continue;
		if (more &&
		    (strcmp(voids[i].word, "exit") != 0 ||
		     !is_code(operand, more, &code)))
			return false;
		*status = (more ? code : voids[i].code) << 8;
		return true;
	}
	return false;
}

int mod_step_forbids(const struct mod_step *step)
{
	int status;

	return step->action == MOD_ACTION_REFUSED ||
		(step->action == MOD_ACTION_COMMAND &&
		 mod_command_is_void(step->command, &status));
}

/* The variables that describe the module to its command. */
static int run_shell(const struct mod_run_opts *opts,
		     const struct mod_step *step, int *status)
{
	_free_ char *name = NULL, *options = NULL;
	char *const *environment = NULL;
	char depth[32];

	snprintf(depth, sizeof depth, "MODPROBE_DEPTH=%u", opts->depth + 1);
	if (asprintf(&name, "MODPROBE_MODULE=%s", step->name) < 0)
		name = NULL;
	if (asprintf(&options, "CMDLINE_OPTS=%s", step->options) < 0)
		options = NULL;
	if (opts->environment)
		environment = opts->environment(opts->data);
	if (!name || !options || (opts->environment && !environment))
		return -ENOMEM;
	return mod_kernel_shell(step->command, environment,
				(char *const[]){ name, options, depth, NULL },
				status);
}

/* "install", "remove" */
static const char *kind_of(const struct mod_step *step)
{
	return step->action == MOD_ACTION_REMOVE_COMMAND ? "remove" : "install";
}

/* Sets the error "Could not run install command 'C' for module M: WHY". */
static int fail(struct mod_ctx *ctx, const struct mod_step *step,
		enum mod_origin origin, const char *verb, const char *why)
{
	return mod_error_set(ctx, origin, -EINVAL, step->name,
			     "%s %s command '%s' for module %s: %s", verb,
			     kind_of(step), step->command, step->name, why);
}

static int fail_status(struct mod_ctx *ctx, const struct mod_step *step,
		       int status)
{
	char why[32];

	if (WIFSIGNALED(status))
		snprintf(why, sizeof why, "killed by signal %d",
			 WTERMSIG(status));
	else
		snprintf(why, sizeof why, "retcode %d", WEXITSTATUS(status));
	return fail(ctx, step, MOD_ORIGIN_COMMAND, "Error running", why);
}

static int run_own(struct mod_ctx *ctx, const struct mod_run_opts *opts,
		   const struct mod_step *step)
{
	char why[64];
	int status = 0, r = 0;

	if (!mod_command_is_void(step->command, &status)) {
		if (opts->depth >= MOD_RUN_DEPTH_MAX) {
			snprintf(why, sizeof why,
				 "it is run by such commands, %d deep",
				 MOD_RUN_DEPTH_MAX);
			return fail(ctx, step, MOD_ORIGIN_CONFIG,
				    "Could not run", why);
		}
		r = run_shell(opts, step, &status);
	}
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return fail(ctx, step, MOD_ORIGIN_COMMAND, "Could not run",
			    strerror(-r));
	return status ? fail_status(ctx, step, status) : 0;
}

int mod_command_run(struct mod_ctx *ctx, const struct mod_run_opts *opts,
		    const struct mod_step *step)
{
	if (!opts->command)
		return run_own(ctx, opts, step);
	int r = opts->command(opts->data, step);
	return r < 0 ? mod_error_set(ctx, MOD_ORIGIN_COMMAND, r, step->name,
				     "%s command of module %s failed: %s",
				     kind_of(step), step->name, strerror(-r))
		     : 0;
}
