/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* static-nodes.c - the device nodes that modules of the running kernel ask for
 * before they are loaded, from modules.devname.
 *
 * systemd and init scripts call this early at boot; their messages have no
 * prefix because kmod's have none.
 */
#include "libmod/base/control.h"
#include "libmod/base/path.h"
#include "src/json.h"
#include "src/log.h"
#include "src/output.h"
#include "src/tool.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
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

/* list is that of JSON, and NULL for the others. */
struct format {
	const char *name;
	void (*write)(const struct node *node, struct js *list);
	const char *what;
};

static void write_human(const struct node *node, struct js *list)
{
	(void)list;
	output_fmt("Module: %s\n\tDevice node: /dev/%s\n\t\tType: %s device\n"
		   "\t\tMajor: %lu\n\t\tMinor: %lu\n",
		   node->module, node->name,
		   node->type == 'c' ? "character" : "block", node->major,
		   node->minor);
}

/* Readers make directories in this order, so each node brings its own. */
static void write_tmpfiles(const struct node *node, struct js *list)
{
	const char *slash = strrchr(node->name, '/');

	(void)list;
	if (slash)
		output_fmt("d /dev/%.*s 0755 - - -\n",
			   (int)(slash - node->name), node->name);
	output_fmt("%c! /dev/%s 0600 - - - %lu:%lu\n", node->type, node->name,
		   node->major, node->minor);
}

static void write_devname(const struct node *node, struct js *list)
{
	(void)list;
	output_fmt("%s %s %c%lu:%lu\n", node->module, node->name, node->type,
		   node->major, node->minor);
}

static void add_json(const struct node *node, struct js *list)
{
	struct js *object = js_object();

	js_put(object, "module", js_text(node->module));
	js_put(object, "node", js_text(node->name));
	js_put(object, "type", js_text(node->type == 'c' ? "char" : "block"));
	js_put(object, "major", js_number((long long)node->major));
	js_put(object, "minor", js_number((long long)node->minor));
	js_add(list, object);
}

static const struct format json = { "json", add_json, "" };

static const struct format formats[] = {
	{ "human", write_human,
	  "(default) for people to read, not for programs" },
	{ "tmpfiles", write_tmpfiles, "tmpfiles.d(5), for systemd-tmpfiles" },
	{ "devname", write_devname, "as in modules.devname" },
};
enum { FORMATS = sizeof formats / sizeof *formats };

enum { JSON = OPTIONS_LONG };

static const struct option_row rows[] = {
	{ 'f', "format", "FORMAT", "one of the formats below" },
	{ 'o', "output", "FILE", "write to FILE, made with its directories" },
	{ JSON, "json", "", "as JSON, see kmod-json(5)" },
	{ 'k', "set-version", "RELEASE", "of RELEASE, not of this kernel" },
	{ 'b', "basedir", "DIR", "below DIR@" },
	OPTION_HELP,
};

static const struct options options = {
	"Usage:\n"
	"\tkmod static-nodes [options]\n"
	"\n"
	"Options:\n",
	.column = 21,
	OPTIONS_ROWS(rows),
};

static int help(void)
{
	options_help(&options);
	output_text("\nFormats:\n");
	for (size_t i = 0; i < FORMATS; i++)
		output_fmt("\t%-12s %s\n", formats[i].name, formats[i].what);
	return 0;
}

struct static_nodes_opts {
	const struct format *format;
	const char *output;         /* or NULL */
	const char *release, *root; /* or NULL */
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
	struct options_reader reader;
	const char *format = "human";
	int c;

	*o = (struct static_nodes_opts){ 0 };
	options_start(&reader, &options, "");
	while ((c = options_next(&reader, argc, argv)) != -1) {
		switch (c) {
		case 'f':
			format = optarg;
			break;
		case 'o':
			o->output = optarg;
			break;
		case JSON:
			o->format = &json;
			break;
		case 'k':
			o->release = optarg;
			break;
		case 'b':
			o->root = optarg;
			break;
		case 'h':
			return help();
		default:
			return 1;
		}
	}
	if (!o->format)
		o->format = find_format(format);
	if (!o->format) {
		fprintf(stderr, "Unknown format: '%s'.\n", format);
		help();
		return 1;
	}
	return TOOL_GOES_ON;
}

static const char spaces[] = " \t\v\f\r";

/* The next word, or NULL; the rest of the line goes to *line. */
static char *word(char **line)
{
	char *start = *line + strspn(*line, spaces);
	char *end = start + strcspn(start, spaces);

	if (end == start)
		return NULL;
	*line = end + (*end != '\0');
	*end = '\0';
	return start;
}

/* A number, spaces and a plus before it as scanf() has it, and `end` after it
 * unless that is NUL.  The kernel has 32 bits for both numbers.
 */
static bool number(char **at, char end, unsigned long *n)
{
	char *first = *at + strspn(*at, spaces);

	first += *first == '+';
	if (*first < '0' || *first > '9')
		return false;
	errno = 0;
	*n = strtoul(first, at, 10);
	return !errno && *n <= UINT32_MAX && (!end || **at == end);
}

/* It must be made below /dev and nowhere else. */
static bool is_node_name(const char *name)
{
	size_t n;

	if (*name == '/')
		return false;
	for (;; name += n + 1) {
		n = strcspn(name, "/");
		if ((n == 1 && *name == '.') ||
		    (n == 2 && name[0] == '.' && name[1] == '.'))
			return false;
		if (!name[n])
			return n > 0;
	}
}

static bool has_control(const char *text)
{
	while (*text && !mod_control_is(*text))
		text++;
	return *text;
}

/* Splits the line.  The text after the numbers is ignored. */
static bool read_node(char *line, struct node *node)
{
	char *at;

	node->module = word(&line);
	node->name = node->module ? word(&line) : NULL;
	if (!node->name || has_control(node->module) ||
	    has_control(node->name) || !is_node_name(node->name))
		return false;
	at = line + strspn(line, spaces);
	node->type = *at;
	if (*at != 'c' && *at != 'b')
		return false;
	at++;
	if (!number(&at, ':', &node->major))
		return false;
	at++;
	return number(&at, '\0', &node->minor);
}

/* Reports it, with '?' for each control character.  Returns 1. */
static int invalid(char *line)
{
	for (char *at = line; *at; at++)
		if (mod_control_is(*at) && *at != '\t')
			*at = '?';
	fprintf(stderr, "Error: invalid devname entry: %s\n", line);
	return 1;
}

static int write_nodes(FILE *devname, const struct format *format,
		       struct js *list)
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
		if (copy && read_node(copy, &node))
			format->write(&node, list);
		else
			status = invalid(line);
		free(copy);
	}
	free(line);
	return status;
}

static int write_as_json(FILE *devname)
{
	struct js *list = js_array();
	int status = write_nodes(devname, &json, list);

	return js_end(list) | status;
}

static int make_directory(const char *path)
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
		error = make_directory(copy);
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
	error = output_to(path);
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
	mod_path_concat(path, sizeof path, dir, "/modules.devname", NULL);
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
	if (tool_ctx(&ctx) != 0 || (o.format == &json && js_start() != 0))
		return 1;
	if ((o.release && mod_ctx_set_release(ctx, o.release) < 0) ||
	    (o.root && mod_ctx_set_root(ctx, o.root) < 0))
		return log_error("out of memory");
	devname = open_devname(ctx, &status);
	if (!devname)
		return status;
	r = o.output ? open_output(o.output) : 0;
	if (r == 0)
		r = o.format == &json ? write_as_json(devname)
				      : write_nodes(devname, o.format, NULL);
	fclose(devname);
	return r;
}

const struct tool tool_static_nodes = {
	"static-nodes",
	static_nodes,
	"list the device nodes that modules of this kernel ask for",
};
