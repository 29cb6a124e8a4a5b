/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/act/command.h"

#include "libmod/sys/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>

/* As wait(2) would tell it; false for what needs a shell. */
static bool is_plain(const char *command, int *status)
{
	command += strspn(command, " \t");
	size_t n = strcspn(command, " \t");

	if (command[n + strspn(command + n, " \t")])
		return false;
	if (n == strlen("/bin/true") && strncmp(command, "/bin/true", n) == 0)
		*status = W_EXITCODE(0, 0);
	else if (n == strlen("/bin/false") &&
		 strncmp(command, "/bin/false", n) == 0)
		*status = W_EXITCODE(1, 0);
	else
		return false;
	return true;
}

static int run(const char *command, const char *module, const char *options,
	       int *status)
{
	_free_ char *name = NULL, *opts = NULL;

	if (is_plain(command, status))
		return 0;
	if (asprintf(&name, "MODPROBE_MODULE=%s", module) < 0)
		name = NULL;
	if (asprintf(&opts, "CMDLINE_OPTS=%s", options) < 0)
		opts = NULL;
	if (!name || !opts)
		return -ENOMEM;
	fflush(stdout); /* what was said before comes before its output */
	return mod_kernel_shell(command, (char *const[]){ name, opts, NULL },
				status);
}

int mod_command_run(struct mod_ctx *ctx, const char *kind, const char *command,
		    const char *module, const char *options)
{
	int status = 0;
	int r = run(command, module, options, &status);

	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return mod_fail(ctx, MOD_ORIGIN_COMMAND, -EINVAL, module,
				"Could not run %s command '%s' for module %s: "
				"%s",
				kind, command, module, strerror(-r));
	if (WIFSIGNALED(status))
		return mod_fail(ctx, MOD_ORIGIN_COMMAND, -EINVAL, module,
				"Error running %s command '%s' for module %s: "
				"killed by signal %d",
				kind, command, module, WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return mod_fail(ctx, MOD_ORIGIN_COMMAND, -EINVAL, module,
				"Error running %s command '%s' for module %s: "
				"retcode %d",
				kind, command, module, WEXITSTATUS(status));
	return 0;
}
