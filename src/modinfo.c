/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modinfo.c - from the operands to modules, each of which is given to the job.
 */
#include "src/modinfo.h"

#include "libmod/base/path.h"
#include "src/json.h"
#include "src/log.h"
#include "src/ordered-jobs.h"
#include "src/output.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A regular file, by its suffix or because a directory precedes it; anything
 * else is a name.
 */
static bool is_module_file(const char *operand)
{
	struct stat st;

	return (tool_is_module_name(operand) || strchr(operand, '/')) &&
		stat(operand, &st) == 0 && S_ISREG(st.st_mode);
}

static int path_operand(struct mod_ctx *ctx, const struct modinfo_opts *o,
			const char *operand)
{
	char name[PATH_MAX], path[2 * PATH_MAX];
	char *cwd = NULL;

	int r = mod_name_of_path(name, sizeof name, operand);
	if (r < 0)
		return modinfo_could_not(ctx, operand, r);
	if (*operand == '/')
		return o->job->file(ctx, o, name, operand);
	cwd = get_current_dir_name();
	if (!cwd)
		return modinfo_could_not(ctx, name, -errno);
	bool fits = mod_path_concat(path, sizeof path, cwd, "/", operand, NULL);
	free(cwd);
	if (!fits)
		return modinfo_could_not(ctx, name, -ENAMETOOLONG);
	return o->job->file(ctx, o, name, path);
}

static int not_found(const struct mod_ctx *ctx, const struct modinfo_opts *o,
		     const char *operand, int r)
{
	const struct mod_error *error = mod_ctx_error(ctx);
	enum mod_origin origin = mod_error_origin(error);

	if (r == 1 && o->names_only)
		return log_error("Module name %s not found.", operand);
	if (r == 1)
		return log_error("Module %s not found.", operand);
	if (origin == MOD_ORIGIN_CALLER)
		return log_error("Module alias %s not found.", operand);
	return log_error("Module %s not found: %s", operand,
			 origin == MOD_ORIGIN_FILE ? mod_error_message(error)
						   : tool_strerror(error, r));
}

enum { STOPPED = 2 };

static int stop(void *data, const struct mod_field *field)
{
	(void)data;
	(void)field;
	return STOPPED;
}

static int name_operand(struct mod_ctx *ctx, const struct modinfo_opts *o,
			const char *operand)
{
	_targets_ struct mod_targets *targets = NULL;
	int failed = 0;

	/* A loaded module need not be in the tree. */
	int r = o->job == &modinfo_live
		? mod_find_loaded(ctx, operand, &targets)
		: o->names_only ? mod_find_name(ctx, operand, &targets)
				: mod_find_indexed(ctx, operand, &targets);
	/* A part of the kernel that is no module may have strings all the same.
	 */
	if (r == 1 && o->job != &modinfo_live &&
	    mod_builtin_info_each(ctx, operand, stop, NULL) == STOPPED)
		return o->job->builtin(ctx, o, operand);
	if (r == 1 && o->job == &modinfo_live) {
		failed = modinfo_live_part(ctx, o, operand);
		if (failed >= 0)
			return failed;
	}
	if (r != 0)
		return not_found(ctx, o, operand, r);
	for (size_t i = 0; i < mod_targets_count(targets); i++) {
		const struct mod_target *target = mod_targets_at(targets, i);
		const char *name = mod_target_name(target), *path = NULL;

		r = mod_target_path(target, &path);
		failed |= r < 0  ? modinfo_could_not(ctx, name, r)
			: r == 0 ? o->job->file(ctx, o, name, path)
				 : o->job->builtin(ctx, o, name);
	}
	return failed;
}

struct run {
	const struct modinfo_opts *o;
	struct js **lists; /* for each operand, or NULL */
};

static int set_up(void *data, struct mod_ctx *ctx)
{
	const struct modinfo_opts *o = ((struct run *)data)->o;
	int r = o->release ? mod_ctx_set_release(ctx, o->release) : 0;

	return r == 0 && o->root ? mod_ctx_set_root(ctx, o->root) : r;
}

static int one_operand(void *data, struct mod_ctx *ctx, size_t i)
{
	const struct run *run = data;
	struct modinfo_opts o = *run->o;
	const char *operand = o.operands[i];

	if (run->lists)
		o.list = run->lists[i] = js_array();
	return !o.names_only && is_module_file(operand)
		? path_operand(ctx, &o, operand)
		: name_operand(ctx, &o, operand);
}

static int run_all(struct run *run, struct mod_ctx *ctx)
{
	return ordered_jobs_run(
		&(struct ordered_jobs){ .threads = run->o->threads,
					.n = run->o->count,
					.run = one_operand,
					.set_up = set_up,
					.data = run },
		ctx);
}

/* One list of all, in the order of the operands. */
static int as_json(struct run *run, struct mod_ctx *ctx)
{
	if (js_start() != 0)
		return 1;
	run->lists = calloc(run->o->count, sizeof(void *));
	if (!run->lists)
		return log_error("out of memory");
	int failed = run_all(run, ctx);
	struct js *all = js_array();
	for (size_t i = 0; i < run->o->count; i++)
		js_add_all(all, run->lists[i]);
	free(run->lists);
	return js_end(all) | failed;
}

static int all_operands(struct modinfo_opts *o)
{
	_ctx_ struct mod_ctx *ctx = NULL;
	struct run run = { .o = o };

	if (tool_ctx(&ctx) != 0)
		return 1;
	output_hide_controls(); /* modules are anybody's */
	if (set_up(&run, ctx) < 0)
		return log_error("out of memory");
	if (o->job == &modinfo_verify && modinfo_read_keyrings(ctx, o) != 0)
		return 1;
	int status = o->json ? as_json(&run, ctx) : run_all(&run, ctx);
	mod_keyring_free(o->keyring);
	return status;
}

static int modinfo(int argc, char **argv)
{
	struct modinfo_opts o;

	int r = modinfo_parse(&o, argc, argv);
	if (r == TOOL_GOES_ON)
		r = all_operands(&o);
	free(o.keyrings);
	return r;
}

const struct tool tool_modinfo = { "modinfo", modinfo,
				   "show what modules say about themselves" };
