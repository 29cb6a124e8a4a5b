/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* depmod.c - a module tree's files to its indexes: scan, graph, write, replace;
 * documented in libmod/libmod.h.
 *
 * Messages go to the context's log; output that a user asked for goes to the
 * functions in the options.
 */
#include "libmod/base/map.h"
#include "libmod/base/parallel.h"
#include "libmod/base/path.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/depmod/cache.h"
#include "libmod/depmod/collect.h"
#include "libmod/depmod/cycles.h"
#include "libmod/depmod/kernel-symbols.h"
#include "libmod/depmod/module-view.h"
#include "libmod/depmod/publish.h"
#include "libmod/depmod/settings.h"
#include "libmod/depmod/uptodate.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>

enum {
	TEXT_LIMIT = 256 << 20, /* bytes in an input that is no module */
	LINE_MAX_KEPT = 4095,   /* bytes: modules.order is ignored with longer
				 * lines */
};

/* The state of a run. */
struct work {
	struct mod_ctx *ctx;
	struct mod_settings settings;
	const struct mod_depmod_opts *opts; /* in settings */
	struct mod_depmod_result result;
	unsigned threads;
	int dir; /* the tree's */
	struct mod_collection found;
	struct mod_scanned *scanned; /* found.n of them */
	struct mod_graph graph;
	struct mod_arena texts;
	struct mod_kernel_files kernel;
	struct mod_depmod_cache cache;
	int begun[2]; /* see begin() */
};

static int fail(struct work *w, int r, const char *path, const char *what)
{
	return mod_error_set(w->ctx, MOD_ORIGIN_FILE, r, path, "%s %s: %s",
			     what, path, strerror(-r));
}

static void whole_path(const struct work *w, char buf[PATH_MAX + 64],
		       const char *name)
{
	mod_path_concat(buf, PATH_MAX + 64, w->settings.dir, "/", name, NULL);
}

/* ---- which modules */

static int find_files(struct work *w)
{
	struct mod_map names = { 0 };
	size_t n = 0;
	int r = 0;

	while (w->opts->files[n])
		n++;
	w->found.at = calloc(n + 1, sizeof *w->found.at);
	if (!w->found.at)
		return -ENOMEM;
	for (; r == 0 && w->found.n < n; w->found.n++) {
		const char *path = w->opts->files[w->found.n];
		struct mod_collected *found = &w->found.at[w->found.n];
		void **slot;
		if (access(path, F_OK) < 0)
			r = fail(w, -errno, path, "could not stat");
		if (r == 0)
			r = mod_collect_file(w->ctx, w->settings.dir, path,
					     found);
		if (r == 0)
			r = mod_map_put(&names, found->name, &slot);
		if (r == 0 && *slot)
			r = mod_error_set(w->ctx, MOD_ORIGIN_CALLER, -EEXIST,
					  path, "%s: module %s was given twice",
					  path, found->name);
		if (r == 0)
			*slot = found;
	}
	mod_map_fini(&names);
	return r;
}

static int find_modules(struct work *w)
{
	struct mod_depmod_conf config;

	if (w->opts->files)
		return find_files(w);
	int r = mod_depmod_conf_read(w->ctx, w->settings.release, &config);
	if (r == 0)
		r = mod_collect(w->ctx, w->settings.dir, &config, w->threads,
				&w->found);
	w->result.unreadable += (unsigned)w->found.unread;
	return r < 0 && !mod_error_is_limit(r)
		? fail(w, r, w->settings.dir, "could not open directory")
		: r;
}

enum { FIND, READ_CACHE, BEGINNINGS };

static void begin_one(void *data, unsigned worker, size_t which)
{
	struct work *w = data;

	(void)worker;
	w->begun[which] = which == FIND ? find_modules(w)
					: mod_depmod_cache_read(&w->cache);
}

/* Collects the modules and their cached records.  Returns 1 when
 * there is nothing to do.
 */
static int begin(struct work *w)
{
	if (w->opts->flags & MOD_DEPMOD_QUICK) {
		int r = find_modules(w);
		if (r < 0)
			return r;
		if (mod_depmod_uptodate(w->settings.dir, w->settings.out_dir,
					&w->found))
			return 1;
		return mod_depmod_cache_read(&w->cache);
	}
	mod_parallel(w->threads, w->cache.dir ? BEGINNINGS : READ_CACHE,
		     begin_one, w);
	return w->begun[FIND] < 0 ? w->begun[FIND] : w->begun[READ_CACHE];
}

/* ---- from files to the graph */

static int scan(struct work *w)
{
	w->scanned = calloc(w->found.n + 1, sizeof *w->scanned);
	w->graph.at = calloc(w->found.n + 1, sizeof *w->graph.at);
	if (!w->scanned || !w->graph.at)
		return -ENOMEM;
	for (size_t i = 0; i < w->found.n; i++) {
		w->scanned[i].path = w->found.at[i].path;
		w->scanned[i].from_dir = w->found.at[i].shown;
	}
	mod_depmod_cache_find(&w->cache, w->scanned, w->found.n, w->dir,
			      w->threads);
	int r = mod_scan_all(w->scanned, w->found.n, w->dir, w->threads,
			     w->opts->progress, w->opts->data);
	for (size_t i = 0; i < w->found.n && r < 0; i++)
		if (w->scanned[i].error == r)
			return mod_error_set_limit(w->ctx, r,
						   w->scanned[i].path);
	for (size_t i = 0; i < w->found.n && r == 0; i++) {
		struct mod_graph_module *m = &w->graph.at[i];
		const struct mod_collected *f = &w->found.at[i];
		*m = (struct mod_graph_module){ .name = f->name,
						.path = f->shown,
						.key = f->key,
						.record = w->scanned[i].record,
						.tag = (uint32_t)i };
		w->graph.n++;
	}
	return r;
}

static void complain(struct work *w, const struct mod_scanned *s, int r,
		     const char *what)
{
	/* The number that scripts know for a corrupt file. */
	const char *text = strerror(r == -EBADMSG || r == -E2BIG ? EINVAL : -r);

	mod_log(w->ctx, LOG_ERR, "failed to load %s from %s: %s%s%s%s", what,
		s->path, text, s->why ? " (" : "", s->why ? s->why : "",
		s->why ? ")" : "");
}

/* In the order of the modules, whatever order they were read in. */
static void complain_all(struct work *w)
{
	for (uint32_t i = 0; i < w->graph.n; i++) {
		const struct mod_scanned *s = &w->scanned[w->graph.at[i].tag];
		if (s->error < 0)
			complain(w, s, s->error, "symbols");
		if (s->errors.exports < 0)
			complain(w, s, s->errors.exports, "symbols");
		if (s->errors.needs < 0)
			complain(w, s, s->errors.needs, "needed symbols");
		if (s->errors.info < 0)
			complain(w, s, s->errors.info, "modinfo");
		w->result.unreadable += !mod_scan_is_whole(s);
	}
}

/* Reads an input of the tree; absent, *text is NULL. */
static int read_input(struct work *w, const char *name, bool wanted,
		      char **text, size_t *len)
{
	char path[PATH_MAX + 64];

	*text = NULL;
	*len = 0;
	if (!wanted)
		return 0;
	whole_path(w, path, name);
	int r = mod_file_read(&w->texts, path, TEXT_LIMIT, text, len);
	if (mod_error_is_limit(r))
		return mod_error_set_limit(w->ctx, r, path);
	if (r < 0) {
		*text = NULL;
		mod_log(w->ctx, LOG_WARNING, "could not open %s at %s: %s",
			name, w->settings.dir, strerror(-r));
	}
	return 0;
}

/* 0 for a modules.order that can be used, else the number of its first line
 * that cannot.
 */
static unsigned bad_line(const char *text, size_t len)
{
	unsigned line = 1;

	for (const char *at = text; at < text + len; line++) {
		const char *lf = memchr(at, '\n', len - (size_t)(at - text));
		if (!lf || lf - at >= LINE_MAX_KEPT)
			return line;
		at = lf + 1;
	}
	return 0;
}

static int order(struct work *w)
{
	char *text;
	size_t len;

	int r = read_input(w, "modules.order", true, &text, &len);
	if (r < 0)
		return r;
	unsigned line = text ? bad_line(text, len) : 0;
	if (line) {
		mod_log(w->ctx, LOG_ERR,
			"%s/modules.order:%u corrupted line misses '\\n'",
			w->settings.dir, line);
		text = NULL;
	}
	return mod_graph_order(&w->graph, text, len);
}

static const char *file_of(const struct work *w,
			   const struct mod_graph_module *m)
{
	return w->found.at[m->tag].path;
}

static void report_unknown(void *data, const struct mod_graph_module *m,
			   const char *symbol)
{
	const struct work *w = data;

	mod_log(w->ctx, LOG_WARNING, "%s needs unknown symbol %s",
		file_of(w, m), symbol);
}

static void report_disagrees(void *data, const struct mod_graph_module *m,
			     const char *symbol)
{
	const struct work *w = data;

	mod_log(w->ctx, LOG_WARNING, "%s disagrees about version of symbol %s",
		file_of(w, m), symbol);
}

static void report_edge(void *data, const struct mod_graph_module *needs,
			const char *symbol, const struct mod_graph_module *has)
{
	const struct work *w = data;

	w->opts->edge(w->opts->data,
		      &(struct mod_depmod_edge){ .needs = file_of(w, needs),
						 .symbol = symbol,
						 .has = file_of(w, has) });
}

static void report_cycle(void *data, const struct mod_graph *graph,
			 const uint32_t *cycle, uint32_t n)
{
	const struct work *w = data;
	_str_ struct mod_str text = { 0 };

	for (uint32_t i = 0; i < n; i++)
		mod_str_addf(&text, "%s -> ", graph->at[cycle[i]].name);
	mod_str_add(&text, graph->at[cycle[0]].name);
	if (!text.bad)
		mod_log(w->ctx, LOG_ERR, "Cycle detected: %s", text.at);
}

static int build(struct work *w)
{
	const struct mod_depmod_opts *opts = w->opts;
	const struct mod_graph_report report = {
		.unknown = w->kernel.report ? report_unknown : NULL,
		.disagrees = w->kernel.report && opts->symvers
			? report_disagrees
			: NULL,
		.edge = opts->edge ? report_edge : NULL,
		.data = w,
	};
	uint32_t in_cycles = 0;

	int r = mod_graph_build(&w->graph, opts->prefix, &report);
	if (r != 1)
		return r;
	r = mod_cycles_each(&w->graph, report_cycle, w, &in_cycles);
	if (r < 0)
		return r;
	w->result.in_cycles = in_cycles;
	mod_log(w->ctx, LOG_ERR, "Found %u modules in dependency cycles!",
		in_cycles);
	return mod_error_set(w->ctx, MOD_ORIGIN_FILE, -ELOOP, w->settings.dir,
			     "modules in %s need each other", w->settings.dir);
}

/* ---- from the graph to files */

static int publish(struct work *w)
{
	bool files = !w->opts->show;
	char *builtin, *info;
	size_t builtin_len, info_len;

	int r = read_input(w, "modules.builtin", files, &builtin, &builtin_len);
	if (r == 0)
		r = read_input(w, "modules.builtin.modinfo", files, &info,
			       &info_len);
	if (r < 0)
		return r;
	const struct mod_output_input input = {
		.builtin = builtin,
		.builtin_len = builtin_len,
		.builtin_info = info,
		.builtin_info_len = info_len,
		.warn_duplicates = w->opts->flags & MOD_DEPMOD_WARN_DUPLICATES,
	};
	const struct mod_publish to = {
		.dir = w->settings.out_dir,
		.no_sync = w->opts->flags & MOD_DEPMOD_NO_SYNC,
		.threads = w->threads,
		.show = w->opts->show,
		.data = w->opts->data,
	};
	return mod_publish(w->ctx, &w->graph, &input, &to);
}

static int work(struct work *w)
{
	int r = mod_kernel_symbols(w->ctx, &w->kernel, &w->graph, &w->texts);

	if (r == 0)
		r = begin(w);
	if (r != 0)
		return r < 0 ? r : 0;
	/* Files alone may be elsewhere: then their paths are whole. */
	w->dir = mod_file_open(w->settings.dir, O_PATH | O_DIRECTORY);
	if (w->dir < 0 && (!w->opts->files || mod_error_is_limit(w->dir)))
		return fail(w, w->dir, w->settings.dir,
			    "could not open directory");
	r = scan(w);
	if (r == 0)
		r = order(w);
	if (r < 0)
		return r;
	complain_all(w);
	r = build(w);
	if (r == 0)
		r = w->opts->module
			? mod_module_view_each(&w->graph, w->opts->module,
					       w->opts->data)
			: publish(w);
	if (r == 0)
		mod_depmod_cache_store(&w->cache, w->ctx, w->scanned,
				       w->found.n);
	return r;
}

static int make(struct work *w)
{
	const struct mod_depmod_opts *opts = w->opts;

	w->threads = opts->threads ? opts->threads : mod_parallel_cpus();
	w->graph.threads = w->threads;
	w->kernel = (struct mod_kernel_files){
		opts->symvers, opts->map, w->settings.dir, opts->prefix,
		opts->flags & MOD_DEPMOD_REPORT_SYMBOLS
	};
	w->cache.dir = w->settings.cache_dir;
	w->cache.name = w->settings.cache_name;

	int r = work(w);
	mod_graph_fini(&w->graph);
	if (w->scanned)
		mod_scan_free(w->scanned, w->found.n);
	free(w->scanned);
	mod_depmod_cache_fini(&w->cache);
	mod_closep(&w->dir);
	mod_collect_fini(&w->found);
	mod_arena_fini(&w->texts);
	if (r == 0)
		mod_settings_remove_old_caches(w->ctx, &w->settings);
	return r;
}

/* As much of it as the caller knows. */
static void put_result(const struct mod_depmod_result *from,
		       struct mod_depmod_result *to)
{
	size_t size = to->size;

	memcpy(to, from, size < sizeof *from ? size : sizeof *from);
	to->size = size;
}

int mod_depmod_run(struct mod_ctx *ctx, const struct mod_depmod_opts *opts,
		   struct mod_depmod_result *result)
{
	struct work w = { .ctx = ctx, .dir = -1 };

	mod_error_clear(ctx);
	int r = result && result->size < sizeof result->size
		? -EINVAL
		: mod_settings_make(ctx, opts, &w.settings);
	w.opts = &w.settings.opts;
	w.result.dir = w.settings.dir;
	if (r == 0)
		r = make(&w);
	if (result && result->size)
		put_result(&w.result, result);
	return mod_error_end(ctx, r);
}
