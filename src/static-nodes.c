/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* static-nodes.c - the device nodes that modules of the running kernel ask for
 * before they are loaded, from modules.devname.
 *
 * systemd and init scripts call this early at boot; their messages have no
 * prefix because kmod's have none.
 */
#include "src/out.h"
#include "src/tool.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One line: MODULE NODE TYPE MAJOR ":" MINOR. */
struct node {
	const char *module;
	const char *name; /* below /dev */
	char type;        /* 'c' or 'b' */
	unsigned long major, minor;
};

struct format {
	const char *name;
	void (*write)(const struct node *node);
	const char *what;
};

static void write_human(const struct node *node)
{
	out_fmt("Module: %s\n\tDevice node: /dev/%s\n\t\tType: %s device\n"
		"\t\tMajor: %lu\n\t\tMinor: %lu\n",
		node->module, node->name,
		node->type == 'c' ? "character" : "block", node->major,
		node->minor);
}

/* Readers make folders in this order, so each node brings its own. */
static void write_tmpfiles(const struct node *node)
{
	const char *slash = strrchr(node->name, '/');

	if (slash)
		out_fmt("d /dev/%.*s 0755 - - -\n", (int)(slash - node->name),
			node->name);
	out_fmt("%c! /dev/%s 0600 - - - %lu:%lu\n", node->type, node->name,
		node->major, node->minor);
}

static void write_devname(const struct node *node)
{
	out_fmt("%s %s %c%lu:%lu\n", node->module, node->name, node->type,
		node->major, node->minor);
}

static const struct format formats[] = {
	{ "human", write_human,
	  "(default) for people to read, not for programs" },
	{ "tmpfiles", write_tmpfiles, "tmpfiles.d(5), for systemd-tmpfiles" },
	{ "devname", write_devname, "as in modules.devname" },
};
enum { FORMATS = sizeof formats / sizeof *formats };

static int help(void)
{
	out_text("Usage:\n"
		 "\tkmod static-nodes [options]\n"
		 "\n"
		 "Options:\n"
		 "\t-f, --format FORMAT  one of the formats below\n"
		 "\t-o, --output FILE    write to FILE, made with its folders\n"
		 "\t-h, --help           show this help\n"
		 "\n"
		 "Formats:\n");
	for (size_t i = 0; i < FORMATS; i++)
		out_fmt("\t%-12s %s\n", formats[i].name, formats[i].what);
	return 0;
}

struct static_nodes_opts {
	const struct format *format;
	const char *output; /* or NULL */
};

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

static int parse(struct static_nodes_opts *o, int argc, char **argv)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },
		TOOL_OPTION_HELP,
		{ 0 },
	};
	const char *format = "human";
	int c;

	*o = (struct static_nodes_opts){ 0 };
	while ((c = getopt_long(argc, argv, "f:o:h", options, NULL)) != -1) {
		switch (c) {
		case 'f':
			format = optarg;
			break;
		case 'o':
			o->output = optarg;
			break;
		case 'h':
			return help();
		default:
			return 1;
		}
	}
	o->format = find_format(format);
	if (!o->format) {
		fprintf(stderr, "Unknown format: '%s'.\n", format);
		help();
		return 1;
	}
	return TOOL_GOES_ON;
}

/* The next word, or NULL; the rest of the line goes to *line. */
static char *word(char **line)
{
	char *start = *line + strspn(*line, " \t");
	char *end = start + strcspn(start, " \t");

	if (end == start)
		return NULL;
	*line = end + (*end != '\0');
	*end = '\0';
	return start;
}

/* Cuts the line up.  What stands behind the numbers does not matter. */
static bool read_node(char *line, struct node *node)
{
	char *end, *number;

	node->module = word(&line);
	node->name = node->module ? word(&line) : NULL;
	number = node->name ? word(&line) : NULL;
	if (!number || (*number != 'c' && *number != 'b'))
		return false;
	node->type = *number++;
	node->major = strtoul(number, &end, 10);
	if (end == number || *end != ':')
		return false;
	number = end + 1;
	node->minor = strtoul(number, &end, 10);
	return end != number;
}

static int write_nodes(FILE *devname, const struct format *format)
{
	char *line = NULL, *copy;
	size_t room = 0;
	ssize_t len;
	int status = 0;

	while ((len = getline(&line, &room, devname)) > 0) {
		struct node node;

		if (*line == '#')
			continue;
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		copy = strdup(line);
		if (copy && read_node(copy, &node)) {
			format->write(&node);
		} else {
			fprintf(stderr, "Error: invalid devname entry: %s\n",
				line);
			status = 1;
		}
		free(copy);
	}
	free(line);
	return status;
}

static int make_folder(const char *path)
{
	struct stat st;

	if (mkdir(path, 0755) == 0)
		return 0;
	if (errno != EEXIST)
		return errno;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
}

static int make_parents(const char *path)
{
	char *copy = strdup(path);
	char *at = copy;
	int error = copy ? 0 : ENOMEM;

	while (!error && *at && (at = strchr(at + 1, '/'))) {
		*at = '\0';
		error = make_folder(copy);
		*at = '/';
	}
	free(copy);
	return error;
}

static int open_output(const char *path)
{
	int error = make_parents(path);

	if (error) {
		fprintf(stderr,
			"Error: could not create parent directory for %s - "
			"%s.\n",
			path, strerror(error));
		return 1;
	}
	error = out_to(path);
	if (error)
		fprintf(stderr, "Error: could not create %s - %s\n", path,
			strerror(error));
	return error != 0;
}

/* Opens modules.devname; NULL and *status when there is nothing to do. */
static FILE *open_devname(struct mod_ctx *ctx, int *status)
{
	char path[PATH_MAX + 32];
	const char *dir;
	FILE *devname;

	*status = 1;
	if (mod_ctx_tree_dir(ctx, &dir) < 0)
		return NULL;
	snprintf(path, sizeof path, "%s/modules.devname", dir);
	devname = fopen(path, "re");
	if (devname)
		return devname;
	if (errno == ENOENT) {
		fprintf(stderr, "Warning: %s not found - ignoring\n", path);
		*status = 0;
	} else {
		fprintf(stderr, "Error: could not open %s - %s\n", path,
			strerror(errno));
	}
	return NULL;
}

static int static_nodes(int argc, char **argv)
{
	_ctx_ struct mod_ctx *ctx = NULL;
	struct static_nodes_opts o;
	FILE *devname;
	int status;

	int r = parse(&o, argc, argv);
	if (r != TOOL_GOES_ON)
		return r;
	if (tool_ctx(&ctx) != 0)
		return 1;
	devname = open_devname(ctx, &status);
	if (!devname)
		return status;
	r = o.output ? open_output(o.output) : 0;
	if (r == 0)
		r = write_nodes(devname, o.format);
	fclose(devname);
	return r;
}

const struct tool tool_static_nodes = {
	"static-nodes",
	static_nodes,
	"list the device nodes that modules of this kernel ask for",
};
