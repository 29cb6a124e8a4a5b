/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kmod.c - one program with many names: the table of tools, and who is called.
 *
 * The last component of argv[0] chooses the tool, so links to this program are
 * the commands; under the name kmod the first word chooses.  Under any other
 * name nothing happens, with status 1.
 */
#include "src/tool.h"

#include "src/out.h"
#include "src/say.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

static int help(int argc, char **argv);
static int list(int argc, char **argv);

static const struct tool command_help = { "help", help, "show this help" };
static const struct tool command_list = { "list", list,
					  "list the loaded modules" };

/* kmod WORD ... */
static const struct tool *const commands[] = {
	&command_help,
	&command_list,
	&tool_static_nodes,
	NULL,
};

/* Links to kmod. */
static const struct tool *const links[] = {
	&tool_lsmod,   &tool_rmmod,    &tool_insmod,
	&tool_modinfo, &tool_modprobe, NULL,
};

const char *tool_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Other programs read this.  The third word of line 1 is compared as a number.
 * Some take the third word of every line into shell arithmetic, or look for
 * " [0-9]" in every line: line 3 has no third word and no blank before a digit.
 */
int tool_version(void)
{
	out_text("kmod version 34\n");
	out_text(mod_features());
	out_text("\nlibmod v");
	out_text(mod_version());
	out_text("\n");
	return 0;
}

int tool_help(const char *text)
{
	out_text(text);
	return 0;
}

int tool_ctx(struct mod_ctx **out)
{
	if (mod_ctx_new(out) < 0)
		return say_error("out of memory");
	mod_ctx_set_log(*out, say_log, NULL, say_level());
	return 0;
}

const char *tool_strerror(const struct mod_ctx *ctx, int error)
{
	if (mod_error_origin(ctx) == MOD_ORIGIN_KERNEL)
		return strerror(-error);
	switch (error) {
	case -EBADMSG: /* damaged */
	case -E2BIG:   /* over a limit of ours */
		return strerror(EINVAL);
	default:
		return strerror(-error);
	}
}

static void help_lines(const struct tool *const *tools)
{
	for (; *tools; tools++)
		out_fmt("  %-12s %s\n", (*tools)->name, (*tools)->what);
}

static int help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	out_text("kmod - list, load and unload kernel modules\n"
		 "Usage:\n"
		 "\tkmod [options] COMMAND [command options]\n"
		 "\n"
		 "Options:\n"
		 "\t-V, --version   show version\n"
		 "\t-h, --help      show this help\n"
		 "\n"
		 "Commands:\n");
	help_lines(commands);
	out_text("\nLinks to kmod with these names are commands, too:\n");
	help_lines(links);
	return 0;
}

static int list(int argc, char **argv)
{
	return tool_lsmod.run(argc, argv);
}

static const struct tool *find(const struct tool *const *tools,
			       const char *name)
{
	while (*tools && strcmp((*tools)->name, name) != 0)
		tools++;
	return *tools;
}

/* The options stand before the command; what follows it is the command's. */
static int kmod(int argc, char **argv)
{
	static const struct option options[] = {
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};

	switch (getopt_long(argc, argv, "+Vh", options, NULL)) {
	case -1:
		break;
	case 'V':
		return tool_version();
	case 'h':
		return help(argc, argv);
	default:
		return 1;
	}
	if (optind == argc) {
		fputs("missing command\n", stderr);
		help(argc, argv);
		return 1;
	}

	const struct tool *command = find(commands, argv[optind]);
	if (!command) {
		fprintf(stderr, "invalid command '%s'\n", argv[optind]);
		help(argc, argv);
		return 1;
	}
	argc -= optind;
	argv += optind;
	optind = 0; /* start again, with the rules of the command */
	return command->run(argc, argv);
}

int main(int argc, char **argv)
{
	const char *name = argc > 0 ? tool_basename(argv[0]) : "kmod";
	const struct tool *tool = find(links, name);
	int status = 1;

	say_start(name, LOG_ERR);
	if (tool)
		status = tool->run(argc, argv);
	else if (strcmp(name, "kmod") == 0)
		status = kmod(argc, argv);
	return out_end() | status;
}
