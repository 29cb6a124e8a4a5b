/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/load/command.h"

#include "libmod/ctx/error.h"
#include "libmod/sys/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>

/* modprobe, a command, modprobe ...: "install X modprobe X" would go on until
 * the machine has no process left.
 */
enum { DEPTH = 20 };

/* How many commands we are in. */
static int depth(void)
{
	const char *text = getenv("MODPROBE_DEPTH");
	long n = text ? strtol(text, NULL, 10) : 0;

	return n < 0 || n > DEPTH ? DEPTH : (int)n;
}

/* The next word; *at behind it.  An empty one at the end. */
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

static int run(const char *command, const char *module, const char *options,
	       int *status)
{
	_free_ char *name = NULL, *opts = NULL;
	char deeper[32];

	if (mod_command_is_void(command, status))
		return 0;
	if (depth() == DEPTH)
		return -ELOOP;
	snprintf(deeper, sizeof deeper, "MODPROBE_DEPTH=%d", depth() + 1);
	if (asprintf(&name, "MODPROBE_MODULE=%s", module) < 0)
		name = NULL;
	if (asprintf(&opts, "CMDLINE_OPTS=%s", options) < 0)
		opts = NULL;
	if (!name || !opts)
		return -ENOMEM;
	fflush(stdout); /* what was said before comes before its output */
	return mod_kernel_shell(
		command, (char *const[]){ name, opts, deeper, NULL }, status);
}

int mod_command_run(struct mod_ctx *ctx, const char *kind, const char *command,
		    const char *module, const char *options)
{
	int status = 0;
	int r = run(command, module, options, &status);

	if (r == -ENOMEM)
		return r;
	if (r == -ELOOP)
		return mod_error_set(
			ctx, MOD_ORIGIN_CONFIG, -EINVAL, module,
			"Could not run %s command '%s' for module %s: "
			"it is run by such commands, %d deep",
			kind, command, module, DEPTH);
	if (r < 0)
		return mod_error_set(
			ctx, MOD_ORIGIN_COMMAND, -EINVAL, module,
			"Could not run %s command '%s' for module %s: "
			"%s",
			kind, command, module, strerror(-r));
	if (WIFSIGNALED(status))
		return mod_error_set(
			ctx, MOD_ORIGIN_COMMAND, -EINVAL, module,
			"Error running %s command '%s' for module %s: "
			"killed by signal %d",
			kind, command, module, WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return mod_error_set(
			ctx, MOD_ORIGIN_COMMAND, -EINVAL, module,
			"Error running %s command '%s' for module %s: "
			"retcode %d",
			kind, command, module, WEXITSTATUS(status));
	return 0;
}
