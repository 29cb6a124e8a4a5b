/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kmod.c - one program with many names: the table of tools, and who is called.
 *
 * The last component of argv[0] chooses the tool, so links to this program are
 * the commands; under the name kmod the first word chooses.  Under any other
 * name nothing happens, with status 1.
 */
#include "src/tool.h"

#include "src/log.h"
#include "src/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int help(int argc, char **argv);
static int list(int argc, char **argv);

static const struct tool command_help = { "help", help, "show this help" };
static const struct tool command_list = { "list", list,
					  "list the loaded modules" };

/* kmod WORD ... */
static const struct tool *const commands[] = {
	&command_help, &command_list, &tool_sign, &tool_static_nodes, NULL,
};

/* Links to kmod. */
static const struct tool *const links[] = {
	&tool_lsmod,    &tool_rmmod,  &tool_insmod, &tool_modinfo,
	&tool_modprobe, &tool_depmod, NULL,
};

static const struct option_row rows[] = { OPTION_VERSION, OPTION_HELP };

static const struct options options = {
	"kmod - list, load and unload kernel modules\n"
	"Usage:\n"
	"\tkmod [options] COMMAND [command options]\n"
	"\n"
	"Options:\n",
	.column = 16,
	OPTIONS_ROWS(rows),
};

static void help_lines(const struct tool *const *tools)
{
	for (; *tools; tools++)
		output_fmt("  %-12s %s\n", (*tools)->name, (*tools)->what);
}

static int help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	options_help(&options);
	output_text("\nCommands:\n");
	help_lines(commands);
	output_text("\nLinks to kmod with these names are commands, too:\n");
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

/* The options come before the command; all that follows is the command's. */
static int kmod(int argc, char **argv)
{
	struct options_reader reader;

	options_start(&reader, &options, "+");
	switch (options_next(&reader, argc, argv)) {
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

/* Lost output is an error, but not that the reader went away. */
static int end_output(void)
{
	const char *name;
	int error = output_end(&name);

	if (error && error != EPIPE)
		log_error("could not write to %s: %s", name, strerror(error));
	return error != 0;
}

int main(int argc, char **argv)
{
	const char *name = argc > 0 ? tool_basename(argv[0]) : "kmod";
	const struct tool *tool = find(links, name);
	int status = 1;

	log_start(name, LOG_ERR);
	if (tool)
		status = tool->run(argc, argv);
	else if (strcmp(name, "kmod") == 0)
		status = kmod(argc, argv);
	return end_output() | status;
}
