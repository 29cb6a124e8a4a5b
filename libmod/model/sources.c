/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/model/sources.h"

#include "libmod/sys/dir.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

/* What the folders modprobe.d and depmod.d are in, highest precedence first.
 * Source: modprobe.d(5), depmod.d(5).
 */
static const char *const places[] = {
	MOD_SYSCONFDIR, "/run", "/usr/local/lib", MOD_DISTCONFDIR, "/lib",
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
	if (files->n == files->cap) {
		size_t cap = files->cap ? files->cap * 2 : 16;
		struct mod_config_file *at =
			mod_arena_get(&ctx->arena, cap * sizeof *at);
		if (!at)
			return -ENOMEM;
		if (files->n)
			memcpy(at, files->at, files->n * sizeof *at);
		files->at = at;
		files->cap = cap;
	}
	files->at[files->n++] = *file;
	return 0;
}

static bool is_config_name(const char *name)
{
	size_t len = strlen(name);

	return len > strlen(".conf") && *name != '.' &&
		strcmp(name + len - strlen(".conf"), ".conf") == 0;
}

/* What a name in a folder is, behind a link too.  1: not to be read. */
static int look_behind(struct mod_ctx *ctx, const char *path,
		       enum mod_dirent_type type)
{
	struct stat st;

	if (type == MOD_DIRENT_LINK || type == MOD_DIRENT_UNKNOWN) {
		if (stat(path, &st) < 0) {
			mod_say(ctx, LOG_ERR, "Cannot stat directory entry: %s",
				path);
			return 1;
		}
		type = S_ISDIR(st.st_mode) ? MOD_DIRENT_DIR
			: S_ISREG(st.st_mode) || S_ISCHR(st.st_mode)
			? MOD_DIRENT_FILE
			: MOD_DIRENT_OTHER;
	}
	if (type == MOD_DIRENT_DIR)
		mod_say(ctx, LOG_ERR,
			"Directories inside directories are not supported: %s",
			path);
	else if (type == MOD_DIRENT_OTHER)
		mod_say(ctx, LOG_WARNING, "%s: not read: not a regular file",
			path);
	return type != MOD_DIRENT_FILE;
}

static int add_entry(struct mod_ctx *ctx, struct mod_config_files *files,
		     const char *dir, const struct mod_dirent *entry)
{
	struct mod_config_file file = {
		.regular = entry->type == MOD_DIRENT_FILE,
	};

	if (!is_config_name(entry->name) || is_masked(files, entry->name))
		return 0;
	file.path = mod_dir_join(&ctx->arena, dir, entry->name);
	if (!file.path)
		return -ENOMEM;
	file.base = file.path + strlen(dir) + 1;
	if (!file.regular && look_behind(ctx, file.path, entry->type) != 0)
		return 0;
	return add_file(ctx, files, &file);
}

/* A folder's files, or the file itself. */
static int add_path(struct mod_ctx *ctx, struct mod_config_files *files,
		    const char *path)
{
	struct mod_dir dir;
	int r = mod_dir_read(&ctx->arena, path, &dir);

	if (r == -ENOTDIR) {
		const char *slash = strrchr(path, '/');
		struct mod_config_file file = { .path = path,
						.base = slash ? slash + 1
							      : path };
		return add_file(ctx, files, &file);
	}
	if (r == -ENOENT || r == -ENOMEM)
		return r == -ENOMEM ? r : 0;
	if (r < 0)
		mod_say(ctx, LOG_ERR, "opendir(%s): %s", path, strerror(-r));
	for (size_t i = 0; r >= 0 && i < dir.n; i++)
		r = add_entry(ctx, files, path, &dir.at[i]);
	return r == -ENOMEM ? r : 0;
}

/* With /lib a link to usr/lib the last two default folders are one. */
static bool is_merged_usr(void)
{
	char to[16];
	ssize_t n = readlink("/lib", to, sizeof to);

	return n >= 7 && n <= 8 && memcmp(to + n - 7, "usr/lib", 7) == 0;
}

static int list_files(struct mod_ctx *ctx, const char *folder,
		      struct mod_config_files *files)
{
	size_t n = sizeof places / sizeof *places;
	int r = 0;

	if (ctx->sources) {
		for (const struct mod_source_path *s = ctx->sources;
		     s && r == 0; s = s->next)
			r = add_path(ctx, files, s->path);
		return r;
	}
	if (strcmp(MOD_DISTCONFDIR, "/usr/lib") == 0 && is_merged_usr())
		n--;
	for (size_t i = 0; i < n && r == 0; i++) {
		const char *path = mod_dir_join(&ctx->arena, places[i], folder);
		r = path ? add_path(ctx, files, path) : -ENOMEM;
	}
	return r;
}

static int by_base(const void *a, const void *b)
{
	return strcmp(((const struct mod_config_file *)a)->base,
		      ((const struct mod_config_file *)b)->base);
}

int mod_config_files(struct mod_ctx *ctx, const char *folder,
		     struct mod_config_files *out)
{
	int r = list_files(ctx, folder, out);

	if (out->n > 1)
		qsort(out->at, out->n, sizeof *out->at, by_base);
	return r;
}
