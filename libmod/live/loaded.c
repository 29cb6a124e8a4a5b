/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/live/loaded.h"

#include "libmod/base/path.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>

enum {
	PROC_MODULES_LIMIT = 64 << 20, /* bytes; a guard */
	PARAM_LIMIT = 1 << 20,         /* bytes; a guard, too */
};

/* SYS/module/NAME/FILE into buf; false when it is too long, or when the name
 * would leave the directory.
 */
static bool sys_path(const struct mod_ctx *ctx, char buf[PATH_MAX],
		     const char *name, const char *file)
{
	return *name && !strchr(name, '/') && strcmp(name, "..") != 0 &&
		mod_path_concat(buf, PATH_MAX, ctx->sys, "/module/", name, "/",
				file, NULL);
}

static enum mod_state state_of(struct mod_ctx *ctx, const char *path,
			       const char *text)
{
	static const char *const words[] = {
		[MOD_STATE_COMING] = "coming",
		[MOD_STATE_LIVE] = "live",
		[MOD_STATE_GOING] = "going",
	};

	for (size_t i = MOD_STATE_COMING; i <= MOD_STATE_GOING; i++)
		if (strcmp(text, words[i]) == 0)
			return (enum mod_state)i;
	mod_log(ctx, LOG_ERR, "unknown %s: '%s'", path, text);
	return MOD_STATE_NONE;
}

int mod_loaded_read_state(struct mod_ctx *ctx, const char *name,
			  enum mod_state *state)
{
	char path[PATH_MAX], text[32];
	struct stat st;

	*state = MOD_STATE_NONE;
	if (!sys_path(ctx, path, name, "initstate"))
		return 0;
	int r = mod_file_line(path, text, sizeof text);
	if (r < 0) {
		path[strlen(path) - strlen("/initstate")] = '\0';
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			*state = MOD_STATE_COMING;
		return 0;
	}
	*state = state_of(ctx, path, text);
	return 0;
}

int mod_loaded_state_of(struct mod_ctx *ctx, const char *name,
			enum mod_state *state)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, mod_loaded_read_state(ctx, name, state));
}

bool mod_loaded_is_live(struct mod_ctx *ctx, const char *name)
{
	char path[PATH_MAX], text[32];

	return sys_path(ctx, path, name, "initstate") &&
		mod_file_line(path, text, sizeof text) == 0 &&
		state_of(ctx, path, text) == MOD_STATE_LIVE;
}

int mod_loaded_refcount(struct mod_ctx *ctx, const char *name, long *count)
{
	char path[PATH_MAX], text[32], *end;

	if (!sys_path(ctx, path, name, "refcnt"))
		return -ENOENT;
	int r = mod_file_line(path, text, sizeof text);
	if (r < 0)
		return r;
	errno = 0;
	long n = strtol(text, &end, 10);
	if (errno || end == text || *end) {
		mod_log(ctx, LOG_ERR, "could not read integer from '%s': '%s'",
			path, text);
		return -EINVAL;
	}
	*count = n;
	return 0;
}

int mod_loaded_read_holders(struct mod_ctx *ctx, const char *name,
			    struct mod_arena *arena,
			    struct mod_directory *holders)
{
	char path[PATH_MAX];

	*holders = (struct mod_directory){ 0 };
	if (!sys_path(ctx, path, name, "holders"))
		return -ENOENT;
	int r = mod_directory_read(arena, path, holders);
	if (r < 0 && r != -ENOENT)
		mod_log(ctx, LOG_ERR, "could not open '%s': %s", path,
			strerror(-r));
	return r;
}

/* Hands every line out.  Returns 0, or what fn ended the walk with. */
static int walk(char *text, mod_loaded_fn *fn, void *data)
{
	struct mod_loaded mod;
	int r;

	while ((r = mod_proc_modules_next(&text, &mod.line)) != 1) {
		if (r < 0)
			continue; /* skip a bad line */
		r = fn(data, &mod);
		if (r != 0)
			return r;
	}
	return 0;
}

int mod_loaded_walk(struct mod_ctx *ctx, mod_loaded_fn *fn, void *data)
{
	struct mod_arena arena = { 0 };
	char path[PATH_MAX], *text;
	size_t len;

	if (!mod_path_concat(path, sizeof path, ctx->proc, "/modules", NULL))
		return -ENAMETOOLONG;
	int r = mod_file_read(&arena, path, PROC_MODULES_LIMIT, &text, &len);
	if (r < 0)
		mod_error_set(ctx, MOD_ORIGIN_FILE, r, path,
			      "could not open %s: %s", path, strerror(-r));
	else
		r = walk(text, fn, data);
	mod_arena_fini(&arena);
	return r;
}

int mod_loaded_each(struct mod_ctx *ctx, mod_loaded_fn *fn, void *data)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, mod_loaded_walk(ctx, fn, data));
}

const char *mod_loaded_name(const struct mod_loaded *mod)
{
	return mod->line.name;
}

uint64_t mod_loaded_size(const struct mod_loaded *mod)
{
	return mod->line.size;
}

long mod_loaded_users(const struct mod_loaded *mod)
{
	return mod->line.counted ? mod->line.count : -2;
}

const char *mod_loaded_holders(const struct mod_loaded *mod)
{
	return mod->line.holders;
}

const char *mod_loaded_state(const struct mod_loaded *mod)
{
	return mod->line.state;
}

const char *mod_loaded_taints(const struct mod_loaded *mod)
{
	return mod->line.taints;
}

int mod_loaded_is_permanent(const struct mod_loaded *mod)
{
	return mod->line.permanent;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct mod_directory_entry *)a)->name,
		      ((const struct mod_directory_entry *)b)->name);
}

/* One parameter.  The kernel shows a page at most. */
static int param(const char *dir, const char *name, mod_parameter_value_fn *fn,
		 void *data)
{
	struct mod_arena arena = { 0 };
	char *text = NULL;
	size_t len = 0;

	char *path = mod_path_join(&arena, dir, name);
	int r = path ? mod_file_read(&arena, path, PARAM_LIMIT, &text, &len)
		     : -ENOMEM;
	if (r == -ENOMEM) {
		mod_arena_fini(&arena);
		return r;
	}
	if (r == 0 && len > 0 && text[len - 1] == '\n')
		text[len - 1] = '\0';
	r = fn(data,
	       &(struct mod_parameter_value){ name, r == 0 ? text : NULL, -r });
	mod_arena_fini(&arena);
	return r;
}

int mod_loaded_parameters_each(struct mod_ctx *ctx, const char *module,
			       mod_parameter_value_fn *fn, void *data)
{
	struct mod_arena arena = { 0 };
	struct mod_directory list;
	char path[PATH_MAX];

	mod_error_clear(ctx);
	if (!sys_path(ctx, path, module, "parameters"))
		return mod_error_end(ctx, 1);
	int r = mod_directory_read(&arena, path, &list);
	if (r == 0 && list.n)
		qsort(list.at, list.n, sizeof *list.at, by_name);
	for (size_t i = 0; r == 0 && i < list.n; i++)
		r = param(path, list.at[i].name, fn, data);
	mod_arena_fini(&arena);
	return mod_error_end(ctx, r == -ENOENT || r == -ENOTDIR ? 1 : r);
}
