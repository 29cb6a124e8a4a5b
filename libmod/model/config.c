/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/model/config.h"

#include "libmod/format/cmdline.h"
#include "libmod/model/sources.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <syslog.h>

enum {
	CONFIG_LIMIT = 64 << 20, /* bytes in one file; a guard, not a quota */
	CMDLINE_LIMIT = 1 << 20, /* bytes; kernels stop at a few KiB */
	WORD_SHOWN = 64,         /* bytes of a bad line's first word */
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
		     const struct mod_config_file *source)
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

static int read_files(struct mod_config *config)
{
	struct mod_config_files files = { 0 };
	int r = mod_config_files(config->ctx, "modprobe.d", &files);

	config->files_read = true;
	for (size_t i = 0; i < files.n && r == 0; i++)
		r = read_file(config, config->rules, &files.at[i]);
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
