/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* places.c - where a context looks: root, release, /proc, /sys, configuration.
 */
#include "libmod/base/path.h"
#include "libmod/ctx/ctx.h"
#include "libmod/ctx/error.h"

#include <limits.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static int set(struct mod_ctx *ctx, const char **field, const char *text)
{
	const char *copy = mod_arena_strn(&ctx->arena, text, strlen(text));

	if (!copy)
		return -ENOMEM;
	*field = copy;
	return 0;
}

static int set_public(struct mod_ctx *ctx, const char **field, const char *text)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, set(ctx, field, text));
}

int mod_ctx_set_root(struct mod_ctx *ctx, const char *root)
{
	return set_public(ctx, &ctx->root, root);
}

int mod_ctx_set_release(struct mod_ctx *ctx, const char *release)
{
	return set_public(ctx, &ctx->release, release);
}

int mod_ctx_set_proc(struct mod_ctx *ctx, const char *dir)
{
	return set_public(ctx, &ctx->proc, dir);
}

int mod_ctx_set_sys(struct mod_ctx *ctx, const char *dir)
{
	return set_public(ctx, &ctx->sys, dir);
}

int mod_ctx_set_config_root(struct mod_ctx *ctx, const char *root)
{
	return set_public(ctx, &ctx->config_root, root);
}

static int add_config(struct mod_ctx *ctx, const char *path)
{
	struct mod_source_path *source =
		mod_arena_get(&ctx->arena, sizeof *source);
	struct mod_source_path **end = &ctx->sources;

	if (!source || set(ctx, &source->path, path) < 0)
		return -ENOMEM;
	while (*end)
		end = &(*end)->next;
	*end = source;
	return 0;
}

int mod_ctx_add_config(struct mod_ctx *ctx, const char *path)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, add_config(ctx, path));
}

/* ROOT/lib/modules/RELEASE, with the current directory in front of a relative
 * ROOT.  Joined unchanged, because scripts see these paths and compare them.
 */
static int make_tree_dir(struct mod_ctx *ctx)
{
	char cwd[PATH_MAX], dir[PATH_MAX];
	struct utsname uts;
	const char *release = ctx->release;
	const char *slash = "";

	cwd[0] = '\0'; /* not = "", which writes the whole array */
	if (!release) {
		if (uname(&uts) < 0)
			return mod_error_set(ctx, MOD_ORIGIN_SYSTEM, -errno,
					     NULL,
					     "the kernel's release is unknown");
		release = uts.release;
	}
	if (ctx->root[0] && ctx->root[0] != '/') {
		if (!getcwd(cwd, sizeof cwd))
			return mod_error_set(
				ctx, MOD_ORIGIN_SYSTEM, -errno, NULL,
				"the current directory is unknown");
		slash = "/";
	}
	if (!mod_path_concat(dir, sizeof dir, cwd, slash, ctx->root,
			     MOD_MODULE_DIRECTORY, "/", release, NULL))
		return mod_error_set(ctx, MOD_ORIGIN_CALLER, -ENAMETOOLONG,
				     ctx->root,
				     "bad directory %s%s/%s: path too long",
				     ctx->root, MOD_MODULE_DIRECTORY, release);
	ctx->tree_dir = mod_arena_strn(&ctx->arena, dir, strlen(dir));
	return ctx->tree_dir ? 0 : -ENOMEM;
}

int mod_ctx_find_tree_dir(struct mod_ctx *ctx, const char **dir)
{
	int r = ctx->tree_dir ? 0 : make_tree_dir(ctx);

	if (r == 0)
		*dir = ctx->tree_dir;
	return r;
}

int mod_ctx_tree_dir(struct mod_ctx *ctx, const char **dir)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, mod_ctx_find_tree_dir(ctx, dir));
}
