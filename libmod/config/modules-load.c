/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/config/modules-load.h"

#include "libmod/config/cmdline.h"
#include "libmod/config/config.h"
#include "libmod/config/files.h"
#include "libmod/config/load-lines.h"
#include "libmod/ctx/error.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <string.h>

enum { FILE_LIMIT = 1 << 20 }; /* bytes; a guard */

static int each_in_file(struct mod_ctx *ctx, const char *path,
			mod_wanted_fn *fn, void *data)
{
	struct mod_load_lines file;
	char *text, *name;
	size_t len;
	int r = mod_file_read(&ctx->arena, path, FILE_LIMIT, &text, &len);

	if (r < 0)
		return r;
	mod_load_lines_init(&file, text, len);
	while (r == 0 && (name = mod_load_lines_next(&file)))
		r = fn(data, name);
	return r;
}

/* What is listed but is not there is passed over: a link that leads nowhere
 * hides others of its name, as one to /dev/null does.  What cannot be read is
 * told at the end, the last such file.
 */
static int each_in_files(struct mod_ctx *ctx,
			 const struct mod_config_files *files,
			 mod_wanted_fn *fn, void *data)
{
	int result = 0;

	for (size_t i = 0; i < files->n; i++) {
		const char *path = files->at[i].path;
		int r = each_in_file(ctx, path, fn, data);
		if (r == -ENOMEM)
			return r;
		if (r < 0 && r != -ENOENT)
			result = mod_error_set(ctx, MOD_ORIGIN_FILE, r, path,
					       "%s: %s", path, strerror(-r));
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

static int each_on_cmdline(struct mod_ctx *ctx, mod_wanted_fn *fn, void *data)
{
	struct mod_cmdline cmdline;
	char *text, *word, *name;
	size_t len;
	int r = mod_config_cmdline(ctx, &text, &len);

	if (r != 0)
		return r < 0 ? r : 0;
	mod_cmdline_init(&cmdline, text, len);
	while (r == 0 && (word = mod_cmdline_next_word(&cmdline))) {
		char *list = list_of(ctx, word);
		while (r == 0 && list && (name = strsep(&list, ",")))
			if (*name)
				r = fn(data, name);
	}
	return r;
}

int mod_modules_load_each(struct mod_ctx *ctx, const char *path,
			  mod_wanted_fn *fn, void *data)
{
	struct mod_config_files files = { .systemd = true };
	int r;

	mod_error_clear(ctx);
	if (!path) {
		r = each_on_cmdline(ctx, fn, data);
		if (r == 0)
			r = mod_config_files_default(ctx, "modules-load.d",
						     &files);
		if (r == 0)
			r = each_in_files(ctx, &files, fn, data);
		return mod_error_end(ctx, r);
	}
	r = mod_config_files_at(ctx, path, &files);
	if (r == 0)
		return mod_error_end(ctx, each_in_files(ctx, &files, fn, data));
	if (r == 1)
		r = each_in_file(ctx, path, fn, data);
	if (r < 0 && r != -ENOMEM)
		mod_error_set(ctx, MOD_ORIGIN_FILE, r, path, "%s: %s", path,
			      strerror(-r));
	return mod_error_end(ctx, r);
}
