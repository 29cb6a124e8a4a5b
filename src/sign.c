/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign.c - kmod sign: signatures put on module files, and taken off. */
#include "libmod/base/grow.h"
#include "src/log.h"
#include "src/ordered-jobs.h"
#include "src/output.h"
#include "src/tool.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct paths {
	char **at;
	size_t n, cap;
};

struct sign_opts {
	struct mod_signer_opts signer;
	const char *tree;
	bool only_unsigned, strip, verbose;
	unsigned flags;   /* enum mod_sign_flags */
	unsigned threads; /* 0: as many as pay off */
	struct mod_signer *with;
	struct paths paths;
};

static const struct option_row rows[] = {
	{ 'k', "key", "FILE",
	  "the private key, PEM or DER; its pass phrase\n"
	  "is taken from $KBUILD_SIGN_PIN" },
	{ 'c', "cert", "FILE", "its certificate, PEM or DER" },
	{ 'H', "hash", "NAME", "the digest (sha256)" },
	{ 'i', "key-id", "",
	  "name the key by its id, not by issuer and\n"
	  "number" },
	{ 't', "tree", "DIR", "all modules below DIR" },
	{ 'u', "only-unsigned", "", "skip signed modules" },
	{ 'r', "replace", "", "replace existing signatures" },
	{ 'S', "strip", "", "remove signatures" },
	{ 'j', "jobs", "N",
	  "threads for many modules (default: the CPUs\n"
	  "there are)" },
	{ 'v', "verbose", "", "name each file that was changed" },
	OPTION_VERSION,
	OPTION_HELP,
};

static const struct options options = {
	"Usage:\n"
	"\tkmod sign --key FILE --cert FILE [options] MODULE|FILE...\n"
	"\tkmod sign --key FILE --cert FILE [options] --tree DIR\n"
	"\tkmod sign --strip [options] MODULE|FILE...\n"
	"\n"
	"Options:\n",
	.column = 21,
	OPTIONS_ROWS(rows),
};

/* ---- words */

static int check(const struct sign_opts *o, int operands)
{
	if (!o->tree && operands == 0)
		return log_error("missing module or filename.");
	if (o->strip &&
	    (o->signer.key || o->signer.cert || o->flags || o->only_unsigned))
		return log_error("--strip goes with no option about signing.");
	if (o->flags && o->only_unsigned)
		return log_error("--replace and --only-unsigned exclude each "
				 "other.");
	if (!o->strip && (!o->signer.key || !o->signer.cert))
		return log_error("--key and --cert are needed.");
	return TOOL_GOES_ON;
}

static int parse(struct sign_opts *o, int argc, char **argv)
{
	struct options_reader reader;
	int c, r;

	*o = (struct sign_opts){ .signer.size = sizeof o->signer,
				 .signer.pin = getenv("KBUILD_SIGN_PIN") };
	options_start(&reader, &options, "");
	while ((c = options_next(&reader, argc, argv)) != -1) {
		switch (c) {
		case 'k':
			o->signer.key = optarg;
			break;
		case 'c':
			o->signer.cert = optarg;
			break;
		case 'H':
			o->signer.hash = optarg;
			break;
		case 'i':
			o->signer.by_key_id = 1;
			break;
		case 't':
			o->tree = optarg;
			break;
		case 'u':
			o->only_unsigned = true;
			break;
		case 'r':
			o->flags |= MOD_SIGN_AGAIN;
			break;
		case 'S':
			o->strip = true;
			break;
		case 'j':
			r = tool_jobs(optarg, &o->threads);
			if (r != TOOL_GOES_ON)
				return r;
			break;
		case 'v':
			o->verbose = true;
			break;
		default:
			return tool_option(c, &options);
		}
	}
	return check(o, argc - optind);
}

/* ---- which files */

static int add_path(struct paths *paths, const char *path)
{
	char **at = mod_grow(paths->at, &paths->cap, paths->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	paths->at = at;
	char *copy = strdup(path);
	if (!copy)
		return -ENOMEM;
	paths->at[paths->n++] = copy;
	return 0;
}

static void free_paths(struct paths *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		free(paths->at[i]);
	free(paths->at);
}

/* nftw(3) hands nothing on. */
static struct paths *walked;
static int walk_failed;

/* Links lead to files that are found by themselves, or to another tree. */
static int visit(const char *path, const struct stat *st, int type,
		 struct FTW *where)
{
	(void)where;
	if (type == FTW_DNR || type == FTW_NS) {
		walk_failed = log_error("%s: cannot be read", path);
		return 0;
	}
	if (type != FTW_F || !S_ISREG(st->st_mode) ||
	    !tool_is_module_name(path))
		return 0;
	return add_path(walked, path);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Files of the tree, in an order that does not depend on the disk. */
static int add_tree(struct paths *paths, const char *tree)
{
	enum { DESCRIPTORS = 32 };
	char *real = realpath(tree, NULL);
	size_t before = paths->n;

	if (!real)
		return log_error("%s: %s", tree, strerror(errno));
	walked = paths;
	walk_failed = 0;
	int r = nftw(real, visit, DESCRIPTORS, FTW_PHYS);
	free(real);
	if (r < 0)
		return log_error("%s: %s", tree,
				 strerror(r == -1 ? errno : ENOMEM));
	if (paths->n == before)
		return log_error("%s: no modules below it", tree);
	qsort(paths->at + before, paths->n - before, sizeof *paths->at,
	      by_bytes);
	return walk_failed;
}

static int add_named(struct mod_ctx *ctx, struct paths *paths, const char *name)
{
	_targets_ struct mod_targets *targets = NULL;

	int r = mod_find_name(ctx, name, &targets);
	if (r == 1)
		return log_error("Module %s not found.", name);
	if (r < 0)
		return log_error("Module %s not found: %s", name,
				 tool_strerror(mod_ctx_error(ctx), r));
	const char *path = NULL;
	r = mod_target_path(mod_targets_at(targets, 0), &path);
	if (r < 0)
		return log_error("%s", mod_error_message(mod_ctx_error(ctx)));
	if (r == 1)
		return log_error("%s is built into the kernel: there is no "
				 "file to sign",
				 name);
	return add_path(paths, path) < 0 ? log_error("out of memory") : 0;
}

/* An existing path is a file; else a word without a slash may be a module. */
static int add_operand(struct mod_ctx *ctx, struct paths *paths,
		       const char *word)
{
	struct stat st;

	if (strchr(word, '/') || tool_is_module_name(word) ||
	    lstat(word, &st) == 0)
		return add_path(paths, word) < 0 ? log_error("out of memory")
						 : 0;
	return add_named(ctx, paths, word);
}

/* ---- doing it */

static int done(const struct sign_opts *o, const char *path)
{
	if (!o->verbose)
		return 0;
	output_line_part(path, strlen(path));
	output_fmt(": %s\n", o->strip ? "stripped" : "signed");
	return 0;
}

static int one(void *data, struct mod_ctx *ctx, size_t i)
{
	const struct sign_opts *o = data;
	const char *path = o->paths.at[i];

	int r = o->strip ? mod_signer_strip(ctx, path)
			 : mod_signer_sign(o->with, ctx, path, o->flags);
	if (r < 0)
		return log_error("%s", mod_error_message(mod_ctx_error(ctx)));
	if (r == 0)
		return done(o, path);
	/* Nothing to be done is what --tree and --only-unsigned are for. */
	if (o->strip)
		return o->tree ? 0 : log_error("%s: not signed", path);
	return o->only_unsigned
		? 0
		: log_error("%s: signed already (--replace signs it anew)",
			    path);
}

static int set_up(void *data, struct mod_ctx *ctx)
{
	(void)data;
	(void)ctx;
	return 0;
}

static int all(struct mod_ctx *ctx, struct sign_opts *o, char *const *operands)
{
	int status = 0;

	if (!o->strip && mod_signer_new(ctx, &o->signer, &o->with) < 0)
		return log_error("%s", mod_error_message(mod_ctx_error(ctx)));
	if (o->tree)
		status |= add_tree(&o->paths, o->tree);
	for (; *operands; operands++)
		status |= add_operand(ctx, &o->paths, *operands);
	status |=
		ordered_jobs_run(&(struct ordered_jobs){ .threads = o->threads,
							 .n = o->paths.n,
							 .run = one,
							 .set_up = set_up,
							 .data = o },
				 ctx);
	mod_signer_free(o->with);
	return status;
}

static int sign(int argc, char **argv)
{
	_ctx_ struct mod_ctx *ctx = NULL;
	struct sign_opts o;

	int r = parse(&o, argc, argv);
	if (r != TOOL_GOES_ON)
		return r;
	log_more_verbose(); /* warnings about the key */
	if (tool_ctx(&ctx) != 0)
		return 1;
	r = all(ctx, &o, &argv[optind]);
	free_paths(&o.paths);
	return r;
}

const struct tool tool_sign = { "sign", sign,
				"sign module files, or remove signatures" };
