/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testsuite/unit/root.h"

#include "libmod/base/name.h"
#include "libmod/index/writer.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char tree[] = "lib/modules/1.0";

static void make_parents(char *path)
{
	for (char *p = path + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			err(1, "%s", path);
		*p = '/';
	}
}

void root_write_bytes(const struct root *root, const char *path,
		      const void *bytes, size_t n)
{
	char whole[PATH_MAX];

	snprintf(whole, sizeof whole, "%s/%s", root->dir, path);
	make_parents(whole);
	FILE *f = fopen(whole, "w");
	if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
		err(1, "%s", whole);
}

void root_write(const struct root *root, const char *path, const char *text)
{
	root_write_bytes(root, path, text, strlen(text));
}

void root_make(struct root *root)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(root->dir, sizeof root->dir, "%.40s/libmod-XXXXXX",
		 tmp ? tmp : "/tmp");
	if (!mkdtemp(root->dir))
		err(1, "%s", root->dir);
	root_write(root, "lib/modules/1.0/modules.order", "");
	root_write(root, "etc/modprobe.d/empty.conf", "");
	root_write(root, "proc/cmdline", "quiet\n");
	root_write(root, "proc/modules", "");
	root_write(root, "sys/module/README", "");
}

static int remove_entry(const char *path, const struct stat *st, int flag,
			struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void root_remove(struct root *root)
{
	if (nftw(root->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS) < 0)
		err(1, "%s", root->dir);
}

static void write_index(const struct root *root, const char *name,
			struct mod_index_entry *entries, size_t n)
{
	_str_ struct mod_str out = { 0 };
	char path[PATH_MAX];

	if (mod_index_writer_write(entries, n, &out) < 0)
		errx(1, "%s cannot be written", name);
	snprintf(path, sizeof path, "%s/%s", tree, name);
	root_write_bytes(root, path, out.at, out.len);
}

void root_modules(const struct root *root, const char *const *lines)
{
	struct mod_index_entry entries[64];
	static char names[64][64];
	size_t n = 0;

	for (; lines[n]; n++) {
		char file[256], path[PATH_MAX];
		snprintf(file, sizeof file, "%.*s", (int)strcspn(lines[n], ":"),
			 lines[n]);
		if (n == 64 || mod_name_of_path(names[n], 64, file) < 0)
			errx(1, "%s: no module's line", lines[n]);
		snprintf(path, sizeof path, "%s/%s", tree, file);
		root_write(root, path, "not empty");
		entries[n] = (struct mod_index_entry){
			.key = names[n],
			.value = lines[n],
			.priority = (uint32_t)n,
		};
	}
	write_index(root, "modules.dep.bin", entries, n);
}

void root_index(const struct root *root, const char *name,
		const char *const *pairs)
{
	struct mod_index_entry entries[64];
	static char keys[64][256];
	size_t n = 0;

	for (; pairs[n]; n++) {
		const char *blank = strchr(pairs[n], ' ');
		if (n == 64 || !blank || blank - pairs[n] >= 256)
			errx(1, "%s: no pair", pairs[n]);
		snprintf(keys[n], sizeof keys[n], "%.*s",
			 (int)(blank - pairs[n]), pairs[n]);
		entries[n] = (struct mod_index_entry){
			.key = keys[n],
			.value = blank + 1,
			.priority = (uint32_t)n,
		};
	}
	write_index(root, name, entries, n);
}

const char *root_path(const struct root *root, const char *name)
{
	static char path[2][256];
	static unsigned turn;
	char *at = path[++turn % 2];

	snprintf(at, sizeof path[0], "%s/%s", root->dir, name);
	return at;
}

const char *root_text(const struct root *root, const char *name)
{
	static char text[64];
	FILE *f = fopen(root_path(root, name), "r");

	if (!f)
		err(1, "%s", name);
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	fclose(f);
	return text;
}

int root_entries(const struct root *root, const char *folder)
{
	DIR *dir = opendir(root_path(root, folder));
	int n = 0;

	if (!dir)
		err(1, "%s", folder);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

struct mod_ctx *root_ctx(const struct root *root)
{
	struct mod_ctx *ctx;
	char path[PATH_MAX];

	if (mod_ctx_new(&ctx) < 0 || mod_ctx_set_root(ctx, root->dir) < 0 ||
	    mod_ctx_set_release(ctx, "1.0") < 0)
		err(1, "context");
	snprintf(path, sizeof path, "%s/proc", root->dir);
	if (mod_ctx_set_proc(ctx, path) < 0)
		err(1, "context");
	snprintf(path, sizeof path, "%s/sys", root->dir);
	if (mod_ctx_set_sys(ctx, path) < 0)
		err(1, "context");
	snprintf(path, sizeof path, "%s/etc/modprobe.d", root->dir);
	if (mod_ctx_add_config(ctx, path) < 0)
		err(1, "context");
	return ctx;
}
