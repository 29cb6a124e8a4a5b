/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modules-load.c - the modules to load at boot; documented in libmod/libmod.h.
 *
 * Source: modules-load.d(5), systemd-modules-load.service(8).
 */
#include "libmod/config/cmdline.h"
#include "libmod/config/config.h"
#include "libmod/config/files.h"
#include "libmod/config/load-lines.h"
#include "libmod/ctx/error.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <string.h>

enum { FILE_LIMIT = 1 << 20 }; /* bytes; a guard */

struct walk {
	struct mod_ctx *ctx;
	mod_rule_fn *fn;
	void *data;
	int result; /* of fn; the walk ends once it is not 0 */
};

static void hand_out(struct walk *w, const char *name, const char *file,
		     unsigned line)
{
	struct mod_rule *rule = mod_arena_get(&w->ctx->arena, sizeof *rule);

	if (!rule) {
		w->result = -ENOMEM;
		return;
	}
	*rule = (struct mod_rule){ .kind = MOD_LINE_MODULES_LOAD,
				   .name = name,
				   .file = file,
				   .line = line };
	w->result = w->fn(w->data, rule);
}

/* Returns 0 or why the file cannot be read. */
static int each_in_file(struct walk *w, const char *path)
{
	struct mod_load_lines file;
	char *text, *name;
	size_t len;
	int r = mod_file_read(&w->ctx->arena, path, FILE_LIMIT, &text, &len);

	if (r < 0)
		return r;
	mod_load_lines_init(&file, text, len);
	while (w->result == 0 && (name = mod_load_lines_next(&file)))
		hand_out(w, name, path, file.line);
	return 0;
}

static int fail(struct walk *w, int r, const char *path)
{
	return mod_error_set(w->ctx, MOD_ORIGIN_FILE, r, path, "%s: %s", path,
			     strerror(-r));
}

/* A listed file that does not exist is skipped: a dangling link hides others of
 * its name, as one to /dev/null does.  An unreadable file is reported
 * at the end, the last one, because the others are read all the same.
 */
static int each_in_files(struct walk *w, const struct mod_config_files *files)
{
	int result = 0;

	for (size_t i = 0; i < files->n && w->result == 0; i++) {
		int r = each_in_file(w, files->at[i].path);
		if (r == -ENOMEM)
			return r;
		if (r < 0 && r != -ENOENT)
			result = fail(w, r, files->at[i].path);
	}
	return result;
}

/* The words of modules_load=, and in an initrd also those of rd.modules_load=.
 * - and _ are the same in these.
 */
static char *list_of(struct mod_ctx *ctx, char *word)
{
	static const char key[] = "modules_load=";
	const char *release =
		mod_config_files_below_root(ctx, "/etc/initrd-release");
	bool initrd = release && access(release, F_OK) == 0;

	if (strncmp(word, "rd.", 3) == 0) {
		if (!initrd)
			return NULL;
		word += 3;
	}
	for (size_t i = 0; key[i]; i++)
		if (word[i] != key[i] && !(word[i] == '-' && key[i] == '_'))
			return NULL;
	return word + strlen(key);
}

static int each_on_cmdline(struct walk *w)
{
	struct mod_cmdline cmdline;
	char *text, *word, *name;
	size_t len;
	int r = mod_config_cmdline(w->ctx, &text, &len);

	if (r != 0)
		return r < 0 ? r : 0;
	mod_cmdline_init(&cmdline, text, len);
	while (w->result == 0 && (word = mod_cmdline_next_word(&cmdline))) {
		char *list = list_of(w->ctx, word);
		while (w->result == 0 && list && (name = strsep(&list, ",")))
			if (*name)
				hand_out(w, name, MOD_CONFIG_CMDLINE, 0);
	}
	return 0;
}

static int each_by_default(struct walk *w)
{
	struct mod_config_files files = { .systemd = true };
	int r = each_on_cmdline(w);

	if (r == 0 && w->result == 0)
		r = mod_config_files_default(w->ctx, "modules-load.d", &files);
	return r < 0 ? r : each_in_files(w, &files);
}

static int each_at(struct walk *w, const char *path)
{
	struct mod_config_files files = { .systemd = true };
	int r = mod_config_files_at(w->ctx, path, &files);

	if (r == 0)
		return each_in_files(w, &files);
	if (r == 1)
		r = each_in_file(w, path);
	return r < 0 && r != -ENOMEM ? fail(w, r, path) : r;
}

int mod_modules_load_each(struct mod_ctx *ctx, const char *path,
			  mod_rule_fn *fn, void *data)
{
	struct walk w = { .ctx = ctx, .fn = fn, .data = data };

	mod_error_clear(ctx);
	int r = path ? each_at(&w, path) : each_by_default(&w);
	return mod_error_end(ctx, w.result ? w.result : r);
}
