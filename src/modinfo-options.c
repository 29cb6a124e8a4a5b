/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modinfo-options.c - the words on modinfo's command line. */
#include "src/modinfo.h"

#include "src/log.h"

#include <getopt.h>
#include <stdlib.h>

static const char usage[] =
	"Usage:\n"
	"\tmodinfo [options] MODULE|FILE...\n"
	"\n"
	"Options:\n"
	"\t-a, --author               print only 'author'\n"
	"\t-d, --description          print only 'description'\n"
	"\t-l, --license              print only 'license'\n"
	"\t-p, --parameters           print only 'parm'\n"
	"\t-n, --filename             print only 'filename'\n"
	"\t-F, --field FIELD          print only the values of FIELD\n"
	"\t-0, --null                 end records with NUL, not with newline\n"
	"\t-m, --modname              operands are module names, not files or\n"
	"\t                           aliases\n"
	"\t-k, --set-version RELEASE  modules of RELEASE, not of this kernel\n"
	"\t-b, --basedir DIR          DIR" MOD_MODULE_DIRECTORY
	" in place of " MOD_MODULE_DIRECTORY "\n"
	"\t    --live                 parameters: meaning, present value, and\n"
	"\t                           where that was set\n"
	"\t    --json                 as JSON, see kmod-json(5)\n"
	"\t-j, --jobs N               threads for many modules (default: the\n"
	"\t                           CPUs there are)\n"
	"\t    --verify               check signatures instead\n"
	"\t    --keyring WORD         by certificates of a FILE or DIR, of\n"
	"\t                           the kernel image (builtin), of the\n"
	"\t                           system (system)\n"
	"\t-V, --version              show version\n"
	"\t-h, --help                 show this help\n";

static int add_keyring(struct modinfo_opts *o, const char *word)
{
	const char **more =
		reallocarray(o->keyrings, o->keyring_count + 1, sizeof *more);

	if (!more)
		return log_error("out of memory");
	more[o->keyring_count++] = word;
	o->keyrings = more;
	return TOOL_GOES_ON;
}

int modinfo_parse(struct modinfo_opts *o, int argc, char **argv)
{
	enum { JSON = 256, LIVE, VERIFY, KEYRING };
	static const struct option options[] = {
		{ "live", no_argument, NULL, LIVE },
		{ "json", no_argument, NULL, JSON },
		{ "author", no_argument, NULL, 'a' },
		{ "description", no_argument, NULL, 'd' },
		{ "license", no_argument, NULL, 'l' },
		{ "parameters", no_argument, NULL, 'p' },
		{ "filename", no_argument, NULL, 'n' },
		{ "field", required_argument, NULL, 'F' },
		{ "null", no_argument, NULL, '0' },
		{ "modname", no_argument, NULL, 'm' },
		{ "set-version", required_argument, NULL, 'k' },
		{ "basedir", required_argument, NULL, 'b' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "verify", no_argument, NULL, VERIFY },
		{ "keyring", required_argument, NULL, KEYRING },
		TOOL_OPTION_VERSION,
		TOOL_OPTION_HELP,
		{ 0 },
	};
	bool verify = false, live = false;
	int c, r;

	*o = (struct modinfo_opts){ .job = &modinfo_show,
				    .end = '\n',
				    .operands = &argv[argc] };
	while ((c = getopt_long(argc, argv, "adlpn0mF:k:b:j:Vh", options,
				NULL)) != -1) {
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
			return tool_option(c, usage);
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
