/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/model/config.h"

#include "libmod/format/cmdline.h"
#include "libmod/sys/dir.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>

enum {
	CONFIG_LIMIT = 64 << 20, /* bytes in one file; a guard, not a quota */
	CMDLINE_LIMIT = 1 << 20, /* bytes; kernels stop at a few KiB */
	WORD_SHOWN = 64,         /* bytes of a bad line's first word */
};

/* One place where files are read from: a file, or a name in a folder. */
struct source {
	const char *path;
	const char *base; /* the part that orders and masks */
	bool regular;     /* known to be a regular file */
};

struct sources {
	struct source *at;
	size_t n, cap;
};

struct rules {
	const struct mod_rule *first;
	struct mod_rule *last;
};

struct mod_config {
	struct mod_ctx *ctx;
	bool files_read, cmdline_read, shipped_read;
	struct rules rules[MOD_CONF_KINDS];
	struct rules shipped[MOD_CONF_KINDS];
};

/* Highest precedence first.  Source: modprobe.d(5). */
static const char *const default_dirs[] = {
	MOD_SYSCONFDIR "/modprobe.d",
	"/run/modprobe.d",
	"/usr/local/lib/modprobe.d",
	MOD_DISTCONFDIR "/modprobe.d",
	"/lib/modprobe.d",
};

static int add_rule(struct mod_config *config, struct rules *rules,
		    const struct mod_rule *rule)
{
	struct mod_rule *copy =
		mod_arena_get(&config->ctx->arena, sizeof *copy);

	if (!copy)
		return -ENOMEM;
	*copy = *rule;
	if (rules->last)
		rules->last->next = copy;
	else
		rules->first = copy;
	rules->last = copy;
	return 0;
}

static void warn_of_line(struct mod_ctx *ctx, const char *path, int why,
			 const struct mod_conf_line *line)
{
	const char *word = line->word ? line->word : "";
	int n = (int)strnlen(word, WORD_SHOWN);
	const char *more = word[n] ? "..." : "";

	if (why == -EOPNOTSUPP)
		mod_say(ctx, LOG_WARNING,
			"%s line %u: command %.*s is deprecated and not parsed "
			"anymore",
			path, line->line, n, word);
	else
		mod_say(ctx, LOG_WARNING,
			"%s line %u: ignoring bad line starting with '%.*s%s'",
			path, line->line, n, word, more);
}

/* Every rule of a text that came from path, to the lists of its kind. */
static int read_rules(struct mod_config *config, struct rules *lists,
		      const char *path, char *text, size_t len)
{
	struct mod_conf conf;
	struct mod_conf_line line;
	int r;

	mod_conf_init(&conf, text, len);
	while ((r = mod_conf_next(&conf, &line)) != 1) {
		if (r < 0) {
			warn_of_line(config->ctx, path, r, &line);
			continue;
		}
		r = add_rule(config, &lists[line.kind],
			     &(struct mod_rule){ .name = line.name,
						 .text = line.rest,
						 .file = path,
						 .line = line.line });
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_file(struct mod_config *config, struct rules *lists,
		     const struct source *source)
{
	struct mod_arena *arena = &config->ctx->arena;
	char *text;
	size_t len;
	int r;

	if (source->regular)
		r = mod_file_read_regular(arena, source->path, CONFIG_LIMIT,
					  &text, &len);
	else
		r = mod_file_read(arena, source->path, CONFIG_LIMIT, &text,
				  &len);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		mod_say(config->ctx, LOG_WARNING, "%s: not read: %s",
			source->path, strerror(-r));
		return 0;
	}
	return read_rules(config, lists, source->path, text, len);
}

static bool is_masked(const struct sources *sources, const char *base)
{
	for (size_t i = 0; i < sources->n; i++)
		if (strcmp(sources->at[i].base, base) == 0)
			return true;
	return false;
}

static int add_source(struct mod_ctx *ctx, struct sources *sources,
		      const struct source *source)
{
	if (is_masked(sources, source->base))
		return 0;
	if (sources->n == sources->cap) {
		size_t cap = sources->cap ? sources->cap * 2 : 16;
		struct source *at =
			mod_arena_get(&ctx->arena, cap * sizeof *at);
		if (!at)
			return -ENOMEM;
		if (sources->n)
			memcpy(at, sources->at, sources->n * sizeof *at);
		sources->at = at;
		sources->cap = cap;
	}
	sources->at[sources->n++] = *source;
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

static int add_entry(struct mod_ctx *ctx, struct sources *sources,
		     const char *dir, const struct mod_dirent *entry)
{
	size_t dir_len = strlen(dir), len = strlen(entry->name);
	char *path;

	if (!is_config_name(entry->name) || is_masked(sources, entry->name))
		return 0;
	path = mod_arena_get(&ctx->arena, dir_len + 1 + len + 1);
	if (!path)
		return -ENOMEM;
	memcpy(path, dir, dir_len);
	path[dir_len] = '/';
	memcpy(path + dir_len + 1, entry->name, len);
	if (entry->type != MOD_DIRENT_FILE &&
	    look_behind(ctx, path, entry->type) != 0)
		return 0;
	return add_source(
		ctx, sources,
		&(struct source){ .path = path,
				  .base = path + dir_len + 1,
				  .regular = entry->type == MOD_DIRENT_FILE });
}

/* A folder's files, or the file itself. */
static int add_path(struct mod_ctx *ctx, struct sources *sources,
		    const char *path)
{
	struct mod_dir dir;
	int r = mod_dir_read(&ctx->arena, path, &dir);

	if (r == -ENOTDIR) {
		const char *slash = strrchr(path, '/');
		struct source file = { .path = path,
				       .base = slash ? slash + 1 : path };
		return add_source(ctx, sources, &file);
	}
	if (r == -ENOENT || r == -ENOMEM)
		return r == -ENOMEM ? r : 0;
	if (r < 0)
		mod_say(ctx, LOG_ERR, "opendir(%s): %s", path, strerror(-r));
	for (size_t i = 0; r >= 0 && i < dir.n; i++)
		r = add_entry(ctx, sources, path, &dir.at[i]);
	return r == -ENOMEM ? r : 0;
}

/* With /lib a link to usr/lib the last two default folders are one. */
static bool is_merged_usr(void)
{
	char to[16];
	ssize_t n = readlink("/lib", to, sizeof to);

	return n >= 7 && n <= 8 && memcmp(to + n - 7, "usr/lib", 7) == 0;
}

static int list_sources(struct mod_ctx *ctx, struct sources *sources)
{
	size_t n = sizeof default_dirs / sizeof *default_dirs;
	int r = 0;

	if (ctx->sources) {
		for (const struct mod_source_path *s = ctx->sources;
		     s && r == 0; s = s->next)
			r = add_path(ctx, sources, s->path);
		return r;
	}
	if (strcmp(MOD_DISTCONFDIR, "/usr/lib") == 0 && is_merged_usr())
		n--;
	for (size_t i = 0; i < n && r == 0; i++)
		r = add_path(ctx, sources, default_dirs[i]);
	return r;
}

static int by_base(const void *a, const void *b)
{
	return strcmp(((const struct source *)a)->base,
		      ((const struct source *)b)->base);
}

static int read_files(struct mod_config *config)
{
	struct sources sources = { 0 };
	int r = list_sources(config->ctx, &sources);

	config->files_read = true;
	if (sources.n > 1)
		qsort(sources.at, sources.n, sizeof *sources.at, by_base);
	for (size_t i = 0; i < sources.n && r == 0; i++)
		r = read_file(config, config->rules, &sources.at[i]);
	return r;
}

static int read_cmdline(struct mod_config *config)
{
	struct mod_ctx *ctx = config->ctx;
	struct mod_cmdline cmdline;
	struct mod_cmdline_word word;
	char path[PATH_MAX];
	char *text;
	size_t len;

	config->cmdline_read = true;
	if (strlen(ctx->proc) > sizeof path - sizeof "/cmdline")
		return -ENAMETOOLONG;
	stpcpy(stpcpy(path, ctx->proc), "/cmdline");
	int r = mod_file_read(&ctx->arena, path, CMDLINE_LIMIT, &text, &len);
	if (r < 0)
		return r == -ENOMEM ? r : 0; /* no /proc: nothing was said */
	mod_cmdline_init(&cmdline, text, len);
	while (mod_cmdline_next(&cmdline, &word)) {
		enum mod_conf_kind kind =
			word.blacklist ? MOD_CONF_BLACKLIST : MOD_CONF_OPTIONS;
		r = add_rule(
			config, &config->rules[kind],
			&(struct mod_rule){ .name = word.name,
					    .text = word.options,
					    .file = "kernel command line" });
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_shipped(struct mod_config *config)
{
	static const char *const names[] = { "/modules.softdep",
					     "/modules.weakdep" };
	struct mod_ctx *ctx = config->ctx;
	const char *dir;
	int r = mod_ctx_tree_dir(ctx, &dir);

	config->shipped_read = true;
	for (size_t i = 0; i < 2 && r == 0; i++) {
		char *path = mod_arena_get(&ctx->arena, strlen(dir) + 32);
		char *text;
		size_t len;

		if (!path)
			return -ENOMEM;
		stpcpy(stpcpy(path, dir), names[i]);
		r = mod_file_read(&ctx->arena, path, CONFIG_LIMIT, &text, &len);
		if (r == 0)
			r = read_rules(config, config->shipped, path, text,
				       len);
		else if (r != -ENOMEM)
			r = 0; /* trees without them are common */
	}
	return r;
}

static int get(struct mod_ctx *ctx, struct mod_config **out)
{
	struct mod_config *config = ctx->config.at;

	if (!config) {
		config = mod_arena_get(&ctx->arena, sizeof *config);
		if (!config)
			return -ENOMEM;
		config->ctx = ctx;
		ctx->config.at = config; /* in the arena: nothing to free */
	}
	*out = config;
	return 0;
}

int mod_config_rules(struct mod_ctx *ctx, enum mod_conf_kind kind,
		     const struct mod_rule **first)
{
	struct mod_config *config;
	int r = get(ctx, &config);

	if (r == 0 && !config->files_read)
		r = read_files(config);
	if (r == 0 && !config->cmdline_read &&
	    (kind == MOD_CONF_OPTIONS || kind == MOD_CONF_BLACKLIST))
		r = read_cmdline(config);
	*first = r == 0 ? config->rules[kind].first : NULL;
	return r;
}

int mod_config_shipped(struct mod_ctx *ctx, enum mod_conf_kind kind,
		       const struct mod_rule **first)
{
	struct mod_config *config;
	int r = get(ctx, &config);

	if (r == 0 && !config->shipped_read)
		r = read_shipped(config);
	*first = r == 0 ? config->shipped[kind].first : NULL;
	return r;
}
