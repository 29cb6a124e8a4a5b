/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/config/files.h"

#include "libmod/base/path.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/sys/directory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

/* The parents of the directories modprobe.d and depmod.d, highest precedence
 * first.
 * Source: modprobe.d(5), depmod.d(5).
 */
enum { PLACES = 5 };
static const char *const places[PLACES] = {
	MOD_SYSCONFDIR, "/run", "/usr/local/lib", MOD_DISTCONFDIR, "/lib",
};

/* Those of systemd, wherever we were installed.  Source:
 * modules-load.d(5).
 */
static const char *const systemd_places[PLACES] = {
	"/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib",
};

static bool is_masked(const struct mod_config_files *files, const char *base)
{
	for (size_t i = 0; i < files->n; i++)
		if (strcmp(files->at[i].base, base) == 0)
			return true;
	return false;
}

static int add_file(struct mod_ctx *ctx, struct mod_config_files *files,
		    const struct mod_config_file *file)
{
	if (is_masked(files, file->base))
		return 0;
	struct mod_config_file *at = mod_arena_grow(
		&ctx->arena, files->at, &files->cap, files->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	files->at = at;
	files->at[files->n++] = *file;
	return 0;
}

static bool is_config_name(const char *name)
{
	size_t len = strlen(name);

	return len > strlen(".conf") && *name != '.' &&
		strcmp(name + len - strlen(".conf"), ".conf") == 0;
}

/* The type of an entry; links are followed.  1: not to be read. */
static int look_behind(struct mod_ctx *ctx, const char *path,
		       enum mod_directory_type type)
{
	struct stat st;

	if (type == MOD_ENTRY_LINK || type == MOD_ENTRY_UNKNOWN) {
		if (stat(path, &st) < 0) {
			mod_log(ctx, LOG_ERR, "Cannot stat directory entry: %s",
				path);
			return 1;
		}
		type = S_ISDIR(st.st_mode) ? MOD_ENTRY_DIRECTORY
			: S_ISREG(st.st_mode) || S_ISCHR(st.st_mode)
			? MOD_ENTRY_FILE
			: MOD_ENTRY_OTHER;
	}
	if (type == MOD_ENTRY_DIRECTORY)
		mod_log(ctx, LOG_ERR,
			"Directories inside directories are not supported: %s",
			path);
	else if (type == MOD_ENTRY_OTHER)
		mod_log(ctx, LOG_WARNING, "%s: not read: not a regular file",
			path);
	return type != MOD_ENTRY_FILE;
}

static int add_entry(struct mod_ctx *ctx, struct mod_config_files *files,
		     const char *dir, const struct mod_directory_entry *entry)
{
	struct mod_config_file file = {
		.regular = entry->type == MOD_ENTRY_FILE,
	};

	if (!is_config_name(entry->name) || is_masked(files, entry->name))
		return 0;
	file.path = mod_path_join(&ctx->arena, dir, entry->name);
	if (!file.path)
		return -ENOMEM;
	file.base = file.path + strlen(dir) + 1;
	if (!file.regular && !files->systemd &&
	    look_behind(ctx, file.path, entry->type) != 0)
		return 0;
	return add_file(ctx, files, &file);
}

/* The files of a directory, or the file itself. */
static int add_path(struct mod_ctx *ctx, struct mod_config_files *files,
		    const char *path)
{
	struct mod_directory dir;
	int r = mod_directory_read(&ctx->arena, path, &dir);

	if (r == -ENOTDIR) {
		const char *slash = strrchr(path, '/');
		struct mod_config_file file = { .path = path,
						.base = slash ? slash + 1
							      : path };
		return add_file(ctx, files, &file);
	}
	if (r == -ENOENT)
		return 0;
	if (mod_error_is_limit(r))
		return mod_error_set_limit(ctx, r, path);
	if (r < 0)
		mod_log(ctx, LOG_ERR, "opendir(%s): %s", path, strerror(-r));
	for (size_t i = 0; r >= 0 && i < dir.n; i++)
		r = add_entry(ctx, files, path, &dir.at[i]);
	return r == -ENOMEM ? r : 0;
}

const char *mod_config_files_below_root(struct mod_ctx *ctx, const char *path)
{
	return *ctx->config_root
		? mod_path_new(&ctx->arena, ctx->config_root, path, NULL)
		: path;
}

/* With /lib a link to usr/lib the last two default directories are one. */
static bool is_merged_usr(const char *lib)
{
	char to[16];
	ssize_t n = readlink(lib, to, sizeof to);

	return n >= 7 && n <= 8 && memcmp(to + n - 7, "usr/lib", 7) == 0;
}

static int add_default_paths(struct mod_ctx *ctx, const char *dir_name,
			     struct mod_config_files *files)
{
	const char *const *at = files->systemd ? systemd_places : places;
	size_t n = PLACES;
	const char *lib = mod_config_files_below_root(ctx, "/lib");
	int r = 0;

	if (!lib)
		return -ENOMEM;
	if (strcmp(at[n - 2], "/usr/lib") == 0 && is_merged_usr(lib))
		n--;
	for (size_t i = 0; i < n && r == 0; i++) {
		const char *path = mod_config_files_below_root(ctx, at[i]);
		if (path)
			path = mod_path_join(&ctx->arena, path, dir_name);
		r = path ? add_path(ctx, files, path) : -ENOMEM;
	}
	return r;
}

static int by_base(const void *a, const void *b)
{
	return strcmp(((const struct mod_config_file *)a)->base,
		      ((const struct mod_config_file *)b)->base);
}

static void sort(struct mod_config_files *files)
{
	if (files->n > 1)
		qsort(files->at, files->n, sizeof *files->at, by_base);
}

int mod_config_files_default(struct mod_ctx *ctx, const char *dir_name,
			     struct mod_config_files *out)
{
	int r = add_default_paths(ctx, dir_name, out);

	sort(out);
	return r;
}

int mod_config_files(struct mod_ctx *ctx, const char *dir_name,
		     struct mod_config_files *out)
{
	int r = 0;

	if (!ctx->sources)
		return mod_config_files_default(ctx, dir_name, out);
	for (const struct mod_source_path *s = ctx->sources; s && r == 0;
	     s = s->next)
		r = add_path(ctx, out, s->path);
	sort(out);
	return r;
}

int mod_config_files_at(struct mod_ctx *ctx, const char *path,
			struct mod_config_files *out)
{
	struct mod_directory dir;
	int r = mod_directory_read(&ctx->arena, path, &dir);

	if (r == -ENOTDIR)
		return 1;
	for (size_t i = 0; r == 0 && i < dir.n; i++)
		r = add_entry(ctx, out, path, &dir.at[i]);
	sort(out);
	return r;
}
