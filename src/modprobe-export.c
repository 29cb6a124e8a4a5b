/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-export.c - $MODPROBE_OPTIONS for the commands that modprobe runs. */
#include "libmod/base/path.h"
#include "src/modprobe.h"

#include "src/shell-words.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_path(FILE *to, const char *option, const char *path)
{
	char *cwd = *path && *path != '/' ? getcwd(NULL, 0) : NULL;
	struct mod_arena arena = { 0 };
	const char *whole = cwd ? mod_path_join(&arena, cwd, path) : path;

	fputs(option, to);
	shell_words_quote(to, whole ? whole : path);
	mod_arena_fini(&arena);
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
		shell_words_quote(to, e->release);
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

	/* Who ignores it leaves that to us, and then no status is kept. */
	signal(SIGCHLD, SIG_DFL);
	if (!to)
		return; /* nor will there be memory for the command */
	fputs(o->inherited ? o->inherited : "", to);
	write_exports(&o->exports, to);
	if (fclose(to) == 0 && len)
		setenv("MODPROBE_OPTIONS", text + strspn(text, " "), 1);
	free(text);
}

static char *const *environment(void *data)
{
	const struct modprobe *o = data;

	if (!o->exported)
		modprobe_export(o);
	return environ;
}

/* How many commands run this process, by the library's own count. */
static unsigned depth(void)
{
	const char *text = getenv("MODPROBE_DEPTH");
	long n = text ? strtol(text, NULL, 10) : 0;

	return n < 0 || n > MOD_RUN_DEPTH_MAX ? MOD_RUN_DEPTH_MAX : (unsigned)n;
}

struct mod_run_opts modprobe_run_opts(const struct modprobe *o)
{
	return (struct mod_run_opts){
		.size = sizeof(struct mod_run_opts),
		.flags = o->run_flags,
		.depth = depth(),
		.show = modprobe_show_step,
		.environment = environment,
		.skipped = modprobe_skipped,
		.data = (void *)o,
	};
}
