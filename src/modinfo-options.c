/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modinfo-options.c - the words on modinfo's command line. */
#include "src/modinfo.h"

#include "libmod/base/grow.h"
#include "src/log.h"

#include <stdlib.h>

enum { JSON = OPTIONS_LONG, LIVE, VERIFY, KEYRING };

static const struct option_row rows[] = {
	{ 'a', "author", "", "print only 'author'" },
	{ 'd', "description", "", "print only 'description'" },
	{ 'l', "license", "", "print only 'license'" },
	{ 'p', "parameters", "", "print only 'parm'" },
	{ 'n', "filename", "", "print only 'filename'" },
	{ 'F', "field", "FIELD", "print only the values of FIELD" },
	{ '0', "null", "", "end records with NUL, not with newline" },
	{ 'm', "modname", "",
	  "operands are module names, not files or\n"
	  "aliases" },
	{ 'k', "set-version", "RELEASE",
	  "modules of RELEASE, not of this kernel" },
	{ 'b', "basedir", "DIR", "DIR@ in place of @" },
	{ LIVE, "live", "",
	  "parameters: meaning, present value, and\n"
	  "where that was set" },
	{ JSON, "json", "", "as JSON, see kmod-json(5)" },
	{ 'j', "jobs", "N",
	  "threads for many modules (default: the\n"
	  "CPUs there are)" },
	{ VERIFY, "verify", "", "check signatures instead" },
	{ KEYRING, "keyring", "WORD",
	  "by certificates of a FILE or DIR, of\n"
	  "the kernel image (builtin), of the\n"
	  "system (system)" },
	OPTION_VERSION,
	OPTION_HELP,
};

static const struct options options = {
	"Usage:\n"
	"\tmodinfo [options] MODULE|FILE...\n"
	"\n"
	"Options:\n",
	.column = 27,
	OPTIONS_ROWS(rows),
};

static int add_keyring(struct modinfo_opts *o, const char *word)
{
	const char **more = mod_grow(o->keyrings, &o->keyring_cap,
				     o->keyring_count + 1, sizeof *more);

	if (!more)
		return log_error("out of memory");
	more[o->keyring_count++] = word;
	o->keyrings = more;
	return TOOL_GOES_ON;
}

int modinfo_parse(struct modinfo_opts *o, int argc, char **argv)
{
	struct options_reader reader;
	bool verify = false, live = false;
	int c, r;

	*o = (struct modinfo_opts){ .job = &modinfo_show,
				    .end = '\n',
				    .operands = &argv[argc] };
	options_start(&reader, &options, "");
	while ((c = options_next(&reader, argc, argv)) != -1) {
		switch (c) {
		case 'a':
			o->field = "author";
			break;
		case 'd':
			o->field = "description";
			break;
		case 'l':
			o->field = "license";
			break;
		case 'p':
			o->field = "parm";
			break;
		case 'n':
			o->field = "filename";
			break;
		case 'F':
			o->field = optarg;
			break;
		case '0':
			o->end = '\0';
			break;
		case 'm':
			o->names_only = true;
			break;
		case 'k':
			o->release = optarg;
			break;
		case 'b':
			o->root = optarg;
			break;
		case JSON:
			o->json = true;
			break;
		case LIVE:
			live = true;
			break;
		case 'j':
			r = tool_jobs(optarg, &o->threads);
			if (r != TOOL_GOES_ON)
				return r;
			break;
		case VERIFY:
			verify = true;
			break;
		case KEYRING:
			r = add_keyring(o, optarg);
			if (r != TOOL_GOES_ON)
				return r;
			break;
		default:
			return tool_option(c, &options);
		}
	}
	if (optind >= argc)
		return log_error("missing module or filename.");
	if (o->json && o->end == '\0')
		return log_error("--json and --null exclude each other.");
	if (live && (verify || o->field || o->end == '\0'))
		return log_error(
			"--live goes with no field, --null or --verify.");
	if (verify || live || o->json)
		o->job = verify ? &modinfo_verify
			: live  ? &modinfo_live
				: &modinfo_json;
	o->operands = &argv[optind];
	o->count = (size_t)(argc - optind);
	return TOOL_GOES_ON;
}
