/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/settings.h"

#include "libmod/base/path.h"
#include "libmod/base/sized.h"
#include "libmod/ctx/error.h"
#include "libmod/sys/directory.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

static const char cache_home[] = "/var/cache/libmod";

static const char *keep(struct mod_ctx *ctx, const char *text, size_t len)
{
	return mod_arena_strn(&ctx->arena, text, len);
}

static int fail(struct mod_ctx *ctx, enum mod_origin origin, int r,
		const char *subject, const char *text)
{
	return mod_error_set(ctx, origin, r, subject, "%s", text);
}

static int set_release(struct mod_ctx *ctx, struct mod_settings *s)
{
	struct utsname uts;

	s->release = s->opts.release ? s->opts.release : ctx->release;
	if (s->release)
		return 0;
	if (uname(&uts) < 0)
		return fail(ctx, MOD_ORIGIN_SYSTEM, -errno, NULL,
			    "the kernel's release is unknown");
	s->release = keep(ctx, uts.release, strlen(uts.release));
	return s->release ? 0 : -ENOMEM;
}

/* ROOT/MODULE_DIR/RELEASE, unchanged, from the current directory when ROOT
 * is relative.  root is NULL for none.
 */
static int join_dir(struct mod_ctx *ctx, const struct mod_settings *s,
		    const char *root, const char **out)
{
	char cwd[PATH_MAX] = "", dir[PATH_MAX];
	const char *module_dir =
		s->opts.module_dir ? s->opts.module_dir : MOD_MODULE_DIRECTORY;

	module_dir += strspn(module_dir, "/");
	if (root && *root != '/' && !getcwd(cwd, sizeof cwd)) {
		int r = -errno;
		return mod_error_set(ctx, MOD_ORIGIN_SYSTEM, r, NULL,
				     "the current directory is unknown: %s",
				     strerror(-r));
	}
	if (!mod_path_concat(dir, sizeof dir, cwd, *cwd ? "/" : "",
			     root ? root : "", "/", module_dir, "/", s->release,
			     NULL))
		return mod_error_set(ctx, MOD_ORIGIN_CALLER, -ENAMETOOLONG,
				     root,
				     "bad directory %s/%s/%s: path too long",
				     root ? root : "", module_dir, s->release);
	*out = keep(ctx, dir, strlen(dir));
	return *out ? 0 : -ENOMEM;
}

static const char *root_of(const struct mod_ctx *ctx,
			   const struct mod_settings *s)
{
	if (s->opts.root)
		return s->opts.root;
	return *ctx->root ? ctx->root : NULL;
}

static int make_out_dir(struct mod_ctx *ctx, const struct mod_settings *s)
{
	char path[PATH_MAX];

	int r = mod_directory_make(strcpy(path, s->out_dir));
	return r < 0 ? mod_error_set(ctx, MOD_ORIGIN_FILE, r, path,
				     "could not create directory %s: %s", path,
				     strerror(-r))
		     : 0;
}

static int set_dirs(struct mod_ctx *ctx, struct mod_settings *s)
{
	const char *root = root_of(ctx, s);

	int r = join_dir(ctx, s, root, &s->dir);
	if (r == 0)
		r = join_dir(ctx, s, s->opts.out_root ? s->opts.out_root : root,
			     &s->out_dir);
	if (r == 0 && s->opts.out_root && !s->opts.show && !s->opts.module)
		r = make_out_dir(ctx, s);
	return r;
}

static int set_user_cache(struct mod_ctx *ctx, struct mod_settings *s)
{
	const char *path = s->opts.cache, *slash = strrchr(path, '/');

	s->cache_name = slash ? slash + 1 : path;
	s->cache_dir =
		slash ? keep(ctx, path, (size_t)(slash - path) + 1) : ".";
	return s->cache_dir ? 0 : -ENOMEM;
}

/* Whether it is the running system's own tree. */
static bool is_system_tree(const struct mod_ctx *ctx,
			   const struct mod_settings *s)
{
	return !root_of(ctx, s) && !s->opts.out_root && !s->opts.module_dir &&
		!strchr(s->release, '/');
}

static int set_system_cache(struct mod_ctx *ctx, struct mod_settings *s)
{
	char name[NAME_MAX];
	int n = snprintf(name, sizeof name, "depmod-%s.cache", s->release);

	if (n < 0 || n >= (int)sizeof name ||
	    (mkdir(cache_home, 0755) < 0 && errno != EEXIST))
		return 0;
	s->cache_dir = cache_home;
	s->system_cache = true;
	s->cache_name = keep(ctx, name, (size_t)n);
	return s->cache_name ? 0 : -ENOMEM;
}

static int set_cache(struct mod_ctx *ctx, struct mod_settings *s)
{
	if (s->opts.show || s->opts.module || s->opts.files)
		return 0;
	if (s->opts.cache)
		return set_user_cache(ctx, s);
	return s->opts.flags & MOD_DEPMOD_SYSTEM_CACHE && is_system_tree(ctx, s)
		? set_system_cache(ctx, s)
		: 0;
}

static int check_files(struct mod_ctx *ctx, char *const *files)
{
	for (; files && *files; files++)
		if (**files != '/')
			return mod_error_set(ctx, MOD_ORIGIN_CALLER, -EINVAL,
					     *files, "%s: not absolute path.",
					     *files);
	return 0;
}

int mod_settings_make(struct mod_ctx *ctx, const struct mod_depmod_opts *opts,
		      struct mod_settings *out)
{
	*out = (struct mod_settings){ 0 };
	int r = mod_sized_copy(&out->opts, sizeof out->opts, opts);

	if (r < 0)
		return fail(ctx, MOD_ORIGIN_CALLER, r, NULL,
			    "the size of the options is invalid");
	r = check_files(ctx, out->opts.files);
	if (r == 0)
		r = set_release(ctx, out);
	if (r == 0)
		r = set_dirs(ctx, out);
	return r == 0 ? set_cache(ctx, out) : r;
}

/* "depmod-RELEASE.cache", or the file that was to become it, of a release whose
 * tree is gone.
 */
static bool is_old_cache(const char *name)
{
	static const char head[] = "depmod-", tail[] = ".cache";
	const char *release = name + strlen(head), *end = NULL;
	char path[PATH_MAX];

	if (strncmp(name, head, strlen(head)) != 0)
		return false;
	for (const char *at = release; (at = strstr(at, tail)); at++)
		end = at;
	if (!end || end == release ||
	    (end[strlen(tail)] && strcmp(end + strlen(tail), ".tmp") != 0))
		return false;
	int n = snprintf(path, sizeof path, "%s/%.*s", MOD_MODULE_DIRECTORY,
			 (int)(end - release), release);
	return n < (int)sizeof path && access(path, F_OK) < 0 &&
		errno == ENOENT;
}

void mod_settings_remove_old_caches(struct mod_ctx *ctx,
				    const struct mod_settings *settings)
{
	struct mod_directory home;

	if (!settings->system_cache ||
	    mod_directory_read(&ctx->arena, cache_home, &home) < 0)
		return;
	for (size_t i = 0; i < home.n; i++) {
		const char *name = home.at[i].name;
		const char *path = is_old_cache(name)
			? mod_path_join(&ctx->arena, cache_home, name)
			: NULL;
		if (path)
			unlink(path);
	}
}
