/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/collect.h"

#include "libmod/base/grow.h"
#include "libmod/base/map.h"
#include "libmod/base/name.h"
#include "libmod/base/path.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/depmod/directories.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>

/* Directories: each link may double the paths to everything below it. */
enum { LINKED_MAX = 10000 };

/* A directory that is being read, and those above it. */
struct directory {
	struct directory *above;
	const char *path;
	bool linked;   /* there is a link on the way to it */
	bool is_known; /* dev and ino are set */
	dev_t dev;
	ino_t ino;
};

struct collecting {
	struct mod_ctx *ctx;
	const char *dir; /* the tree */
	const struct mod_depmod_conf *config;
	struct mod_collection *out;
	struct mod_map names; /* name to place in out, plus one */
	struct mod_directories ahead;
	unsigned linked; /* directories below links, up to now */
};

void mod_collect_fini(struct mod_collection *list)
{
	free(list->at);
	free(list->directories);
	*list = (struct mod_collection){ 0 };
}

static int describe(struct mod_ctx *ctx, const char *dir, const char *path,
		    struct mod_collected *found)
{
	struct mod_arena *arena = &ctx->arena;
	char name[MOD_NAME_MAX];
	size_t dir_len = strlen(dir);

	int r = mod_name_of_path(name, sizeof name, path);
	if (r < 0)
		return r;
	const char *base = strrchr(path, '/') + 1;
	bool inside = strncmp(path, dir, dir_len) == 0 && path[dir_len] == '/';
	const char *shown = inside ? path + dir_len + 1 : path;
	size_t stem = (size_t)(base - shown) + strlen(name);
	size_t key = stem + strlen(".ko");
	size_t len = strlen(shown);

	*found = (struct mod_collected){
		.path = path,
		.shown = shown,
		.name = mod_arena_strn(arena, name, strlen(name)),
		.key = mod_arena_strn(arena, shown, key < len ? key : len),
		.stem = mod_arena_strn(arena, shown, stem),
	};
	return found->name && found->key && found->stem ? 0 : -ENOMEM;
}

int mod_collect_file(struct mod_ctx *ctx, const char *dir, const char *path,
		     struct mod_collected *found)
{
	const char *copy = mod_arena_strn(&ctx->arena, path, strlen(path));

	return copy ? describe(ctx, dir, copy, found) : -ENOMEM;
}

/* "DIRECTORY/..." */
static bool is_below(const char *path, const char *directory)
{
	size_t len = strlen(directory);

	return strncmp(path, directory, len) == 0 && path[len] == '/';
}

/* How much the search list wants a module: more is better, -1 is not at all. */
static long rank_of(const struct mod_depmod_conf *config,
		    const struct mod_collected *found)
{
	enum {
		STEP = 1 << 16
	}; /* room for the external directories in one word */
	long words = 0, rank = -1, builtin = -1;

	for (const struct mod_depmod_conf_word *w = config->search; w;
	     w = w->next)
		words++;
	for (const struct mod_depmod_conf_word *w = config->search; w;
	     w = w->next, words--) {
		long here = words * STEP, nth = 0;
		if (strcmp(w->word, "built-in") == 0) {
			builtin = here > builtin ? here : builtin;
		} else if (strcmp(w->word, "external") == 0) {
			for (const struct mod_depmod_conf_word *e =
				     config->externals;
			     e; e = e->next, nth++)
				if (rank < 0 && is_below(found->path, e->word))
					rank = here - nth;
		} else if (rank < 0 && is_below(found->stem, w->word)) {
			rank = here;
		}
	}
	return rank >= 0 ? rank : builtin;
}

static bool is_named_by(const struct mod_depmod_conf_override *o,
			const struct mod_collected *found)
{
	size_t len = strlen(o->directory);

	return is_below(found->stem, o->directory) &&
		strcmp(found->stem + len + 1, o->module) == 0;
}

static bool is_better(const struct mod_depmod_conf *config,
		      const struct mod_collected *new,
		      const struct mod_collected *old)
{
	for (const struct mod_depmod_conf_override *o = config->overrides; o;
	     o = o->next) {
		if (is_named_by(o, new))
			return true;
		if (is_named_by(o, old))
			return false;
	}
	return rank_of(config, new) > rank_of(config, old);
}

static int add_found(struct collecting *g, const struct mod_collected *found)
{
	struct mod_collection *list = g->out;
	void **slot;

	int r = mod_map_put(&g->names, found->name, &slot);
	if (r < 0)
		return r;
	if (*slot) {
		struct mod_collected *old = &list->at[(uintptr_t)*slot - 1];
		if (is_better(g->config, found, old)) {
			const char *key = old->name; /* the map lends it */
			*old = *found;
			old->name = key;
		}
		return 0;
	}
	struct mod_collected *at =
		mod_grow(list->at, &list->cap, list->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	list->at = at;
	list->at[list->n++] = *found;
	*slot = (void *)(uintptr_t)list->n;
	return 0;
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ')
			return true;
	return false;
}

static int add_path(struct collecting *g, const char *path)
{
	struct mod_collected found;

	if (!mod_name_is_file(path))
		return 0;
	if (has_control(path)) { /* a newline would be a line of modules.dep */
		mod_log(g->ctx, LOG_WARNING,
			"a path with a control character is left out: %s",
			path);
		return 0;
	}
	int r = describe(g->ctx, g->dir, path, &found);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (!*found.name) {
		mod_log(g->ctx, LOG_WARNING,
			"%s: its name begins with a dot: "
			"left out",
			path);
		return 0;
	}
	return add_found(g, &found);
}

static bool is_skipped(const struct mod_depmod_conf *config, const char *name)
{
	if (strcmp(name, "build") == 0 || strcmp(name, "source") == 0)
		return true;
	for (const struct mod_depmod_conf_word *e = config->excludes; e;
	     e = e->next)
		if (strcmp(name, e->word) == 0)
			return true;
	return false;
}

static void know(struct directory *directory)
{
	struct stat st;

	if (!directory->is_known && stat(directory->path, &st) == 0) {
		directory->dev = st.st_dev;
		directory->ino = st.st_ino;
	}
	directory->is_known = true;
}

/* True for a directory that is one of those above it. */
static bool is_above(struct directory *above, const struct stat *st)
{
	for (; above; above = above->above) {
		know(above);
		if (above->dev == st->st_dev && above->ino == st->st_ino)
			return true;
	}
	return false;
}

/* The type of an entry; links are followed. */
static enum mod_directory_type resolve(struct collecting *g, const char *path,
				       enum mod_directory_type type,
				       struct directory *above)
{
	struct stat st;

	if (type != MOD_ENTRY_LINK && type != MOD_ENTRY_UNKNOWN)
		return type;
	if (stat(path, &st) < 0) {
		mod_log(g->ctx, LOG_ERR, "fstatat(%s): %s", path,
			strerror(errno));
		return MOD_ENTRY_UNKNOWN;
	}
	if (S_ISREG(st.st_mode))
		return MOD_ENTRY_FILE;
	if (!S_ISDIR(st.st_mode))
		return MOD_ENTRY_OTHER;
	if (is_above(above, &st)) {
		mod_log(g->ctx, LOG_WARNING,
			"%s: a link to a directory above it: not followed",
			path);
		return MOD_ENTRY_UNKNOWN;
	}
	return MOD_ENTRY_DIRECTORY;
}

/* Not every file system returns the type with the name. */
static bool is_link(const char *path, enum mod_directory_type type)
{
	struct stat st;

	return type == MOD_ENTRY_UNKNOWN
		? lstat(path, &st) == 0 && S_ISLNK(st.st_mode)
		: type == MOD_ENTRY_LINK;
}

static int read_directory(struct collecting *g, struct directory *directory);

static int add_entry(struct collecting *g, struct directory *directory,
		     const struct mod_directory_entry *entry)
{
	if (is_skipped(g->config, entry->name))
		return 0;
	const char *path =
		mod_path_join(&g->ctx->arena, directory->path, entry->name);
	if (!path)
		return -ENOMEM;
	switch (resolve(g, path, entry->type, directory)) {
	case MOD_ENTRY_FILE:
		return add_path(g, path);
	case MOD_ENTRY_DIRECTORY:
		return read_directory(
			g,
			&(struct directory){
				.above = directory,
				.path = path,
				.linked = directory->linked ||
					is_link(path, entry->type) });
	case MOD_ENTRY_OTHER:
		mod_log(g->ctx, LOG_ERR, "unsupported file type: %s", path);
		return 0;
	default:
		return 0;
	}
}

static int note_directory(struct mod_collection *list, const char *path)
{
	const char **at = mod_grow(list->directories, &list->directory_cap,
				   list->directory_n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	list->directories = at;
	list->directories[list->directory_n++] = path;
	return 0;
}

/* Goes as deep as paths may be long. */
static int read_directory(struct collecting *g, struct directory *directory)
{
	const struct mod_directories_entry *read =
		mod_directories_get(&g->ahead, directory->path);
	struct mod_directories_entry own = { 0 };

	if (directory->linked && g->linked++ >= LINKED_MAX) {
		if (g->linked == LINKED_MAX + 1)
			mod_log(g->ctx, LOG_WARNING,
				"%s: more than %d directories behind links: it "
				"and "
				"others are not followed",
				directory->path, LINKED_MAX);
		return 0;
	}
	if (!read) {
		mod_directories_read_one(&own, directory->path);
		read = &own;
	}
	int r = read->error;
	if (mod_error_is_limit(r)) {
		mod_error_set_limit(g->ctx, r, directory->path);
	} else if (r < 0 && directory->above) {
		mod_log(g->ctx, LOG_ERR, "could not open directory %s: %s",
			directory->path, strerror(-r));
		g->out->unread++;
		r = 0;
	} else if (r == 0) {
		r = note_directory(g->out, directory->path);
		for (size_t i = 0; i < read->dir.n && r == 0; i++)
			r = add_entry(g, directory, &read->dir.at[i]);
	}
	mod_directories_fini_one(&own);
	return r;
}

static bool skips(const void *config, const char *name)
{
	return is_skipped(config, name);
}

int mod_collect(struct mod_ctx *ctx, const char *dir,
		const struct mod_depmod_conf *config, unsigned threads,
		struct mod_collection *out)
{
	struct collecting g = {
		.ctx = ctx, .dir = dir, .config = config, .out = out
	};

	int r = mod_directories_read(&g.ahead, dir, threads, skips, config);
	if (r == 0)
		r = read_directory(&g, &(struct directory){ .path = dir });
	for (const struct mod_depmod_conf_word *e = config->externals;
	     e && r == 0; e = e->next) {
		int s = read_directory(&g,
				       &(struct directory){ .path = e->word });
		if (mod_error_is_limit(s))
			r = s;
		if (r < 0 || s >= 0)
			continue;
		g.out->unread += s != -ENOENT;
		mod_log(ctx, LOG_ERR, "could not open directory %s: %s",
			e->word, strerror(-s));
	}
	mod_map_fini(&g.names);
	mod_directories_fini(&g.ahead);
	return r;
}
