/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/kernel-symbols.h"

#include "libmod/base/path.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/depmod/symbol-lines.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

enum { TEXT_LIMIT = 256 << 20 }; /* bytes */

struct reading {
	struct mod_ctx *ctx;
	struct mod_kernel_files *files;
	struct mod_graph *graph;
	struct mod_arena *texts;
	bool known; /* a symbol was found */
};

static int read_lines(struct reading *w, const char *path,
		      struct mod_symbol_lines *table)
{
	char *text;
	size_t len;

	int r = mod_file_read(w->texts, path, TEXT_LIMIT, &text, &len);
	if (r < 0)
		return mod_error_set(w->ctx, MOD_ORIGIN_FILE, r, path,
				     "could not load %s: %s", path,
				     strerror(-r));
	mod_symbol_lines_init(table, text, len);
	return 0;
}

static int add_symvers(struct reading *w, const char *path)
{
	struct mod_symbol_lines table;
	const char *name;
	uint64_t crc;

	int r = read_lines(w, path, &table);
	if (r < 0)
		return r;
	while ((r = mod_symbol_lines_symvers(&table, &name, &crc)) != 1) {
		if (r == 0)
			r = mod_graph_add_kernel(w->graph, name, crc);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			mod_log(w->ctx, LOG_ERR, "%s:%u Invalid symbol version",
				path, table.line);
		w->known |= r == 0;
	}
	return 0;
}

static int add_map(struct reading *w, const char *path)
{
	struct mod_symbol_lines table;
	const char *name;

	int r = read_lines(w, path, &table);
	if (r < 0)
		return r;
	while ((r = mod_symbol_lines_map(&table, w->files->prefix, &name)) !=
	       1) {
		if (r == 0)
			r = mod_graph_add_kernel(w->graph, name, 0);
		if (r == -ENOMEM)
			return r;
		if (r < 0 && w->files->report && w->known)
			mod_log(w->ctx, LOG_ERR, "%s:%u: invalid line", path,
				table.line);
		w->known |= r == 0;
	}
	return 0;
}

/* A map without exported symbols, as Debian ships it: the Module.symvers of the
 * headers serves as well, and without it nothing can be called unknown.
 */
static int replace_stub(struct reading *w)
{
	char path[PATH_MAX + 64];

	if (!w->files->report)
		return 0;
	mod_path_concat(path, sizeof path, w->files->dir,
			"/build/Module.symvers", NULL);
	if (access(path, R_OK) == 0) {
		int r = add_symvers(w, path);
		if (r < 0 || w->known) {
			mod_log(w->ctx, LOG_WARNING,
				"%s holds no exported symbols: using %s",
				w->files->map, path);
			return r;
		}
	}
	w->files->report = false;
	mod_log(w->ctx, LOG_WARNING,
		"%s holds no exported symbols: unknown symbols are not "
		"reported",
		w->files->map);
	return 0;
}

int mod_kernel_symbols(struct mod_ctx *ctx, struct mod_kernel_files *files,
		       struct mod_graph *graph, struct mod_arena *texts)
{
	struct reading reading = { ctx, files, graph, texts, false };
	struct reading *w = &reading;

	if (w->files->symvers)
		return add_symvers(w, w->files->symvers);
	if (!w->files->map)
		return 0;
	int r = add_map(w, w->files->map);
	return r == 0 && !w->known ? replace_stub(w) : r;
}
