/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/config/config.h"

#include "libmod/base/path.h"
#include "libmod/base/str.h"
#include "libmod/config/cmdline.h"
#include "libmod/config/files.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <syslog.h>

enum {
	CONFIG_LIMIT = 64 << 20, /* bytes in one file; a guard, not a quota */
	CMDLINE_LIMIT = 1 << 20, /* bytes; kernels stop at a few KiB */
	WORD_SHOWN = 64,         /* bytes of a bad line's first word */
	LINE_USUAL = 128 << 10,  /* bytes; a shell takes no longer command */
};

struct rules {
	const struct mod_rule *first;
	struct mod_rule *last;
};

struct mod_config {
	struct mod_ctx *ctx;
	bool files_read, cmdline_read;
	bool shipped_read[MOD_LINE_KINDS];
	struct rules rules[MOD_LINE_KINDS];
	struct rules shipped[MOD_LINE_KINDS];
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
			 const struct mod_line *line)
{
	const char *word = line->word ? line->word : "";
	int n = (int)strnlen(word, WORD_SHOWN);
	const char *more = word[n] ? "..." : "";

	if (why == -EILSEQ)
		mod_log(ctx, LOG_WARNING,
			"%s line %u: no module can be called '%.*s%s'", path,
			line->line, n, word, more);
	else if (why == -EOPNOTSUPP)
		mod_log(ctx, LOG_WARNING,
			"%s line %u: command %.*s is deprecated and not parsed "
			"anymore",
			path, line->line, n, word);
	else
		mod_log(ctx, LOG_WARNING,
			"%s line %u: ignoring bad line starting with '%.*s%s'",
			path, line->line, n, word, more);
}

static void add_word(struct mod_str *words, const char *word)
{
	if (words->len)
		mod_str_addn(words, " ", 1);
	mod_str_add(words, word);
}

/* Adds the words of a softdep or weakdep line, each marker once and in its
 * order; the line's text is divided.
 */
static void add_words(struct mod_str *out, const struct mod_line *line)
{
	_str_ struct mod_str after = { 0 };
	char *rest = line->rest, *word;
	bool soft = line->kind == MOD_LINE_SOFTDEP;
	bool marked = !soft, post = false;

	mod_str_add(out, "");
	while ((word = mod_lines_next_softdep(&rest, soft ? &marked : NULL,
					      soft ? &post : NULL))) {
		struct mod_str *to = post ? &after : out;
		if (!marked)
			continue;
		if (soft && !to->len)
			mod_str_add(to, post ? "post:" : "pre:");
		add_word(to, word);
	}
	if (after.len)
		add_word(out, after.at);
	if (soft && !out->len) /* it takes away what the module brings */
		mod_str_add(out, "pre:");
	out->bad |= after.bad;
}

/* Softdeps after one marker with one space between them, as most lines are:
 * add_words() would not change them.
 */
static bool is_plain_softdep(const char *text)
{
	const char *words = strncmp(text, "pre: ", 5) == 0 ? text + 5
		: strncmp(text, "post: ", 6) == 0          ? text + 6
							   : "";

	return *words && *words != ' ' && !strpbrk(words, ":\t\n\v\f\r") &&
		!strstr(words, "  ") && words[strlen(words) - 1] != ' ';
}

/* The text of a rule; NULL with -ENOMEM in *r. */
static const char *text_of(struct mod_ctx *ctx, const struct mod_line *line,
			   int *r)
{
	_str_ struct mod_str words = { 0 };
	const char *text;

	if (line->kind != MOD_LINE_SOFTDEP && line->kind != MOD_LINE_WEAKDEP)
		return line->rest;
	if (line->kind == MOD_LINE_SOFTDEP && is_plain_softdep(line->rest))
		return line->rest;
	add_words(&words, line);
	text = words.bad ? NULL
			 : mod_arena_strn(&ctx->arena, words.at, words.len);
	*r = text ? 0 : -ENOMEM;
	return text;
}

/* Every rule of a text that came from path, to the lists of its kind. */
static int read_rules(struct mod_config *config, struct rules *lists,
		      const char *path, char *text, size_t len)
{
	struct mod_lines conf;
	struct mod_line line;
	int r;

	mod_lines_init(&conf, text, len);
	while ((r = mod_lines_next(&conf, &line)) != 1) {
		if (r < 0) {
			warn_of_line(config->ctx, path, r, &line);
			continue;
		}
		if (line.len > LINE_USUAL)
			mod_log(config->ctx, LOG_WARNING,
				"%s line %u: %zu bytes in the line starting "
				"with '%s'",
				path, line.line, line.len, line.word);
		const char *rest = text_of(config->ctx, &line, &r);
		if (r == 0)
			r = add_rule(config, &lists[line.kind],
				     &(struct mod_rule){ .kind = line.kind,
							 .name = line.name,
							 .text = rest,
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
	if (mod_error_is_limit(r))
		return mod_error_set_limit(config->ctx, r, source->path);
	if (r < 0) {
		mod_log(config->ctx, LOG_WARNING, "%s: not read: %s",
			source->path,
			r == -E2BIG ? "larger than 64 MiB" : strerror(-r));
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

int mod_config_cmdline(struct mod_ctx *ctx, char **text, size_t *len)
{
	char path[PATH_MAX];

	if (!mod_path_concat(path, sizeof path, ctx->proc, "/cmdline", NULL))
		return -ENAMETOOLONG;
	int r = mod_file_read_regular(&ctx->arena, path, CMDLINE_LIMIT, text,
				      len);
	if (mod_error_is_limit(r))
		return mod_error_set_limit(ctx, r, path);
	if (r < 0 && r != -ENOENT && r != -ENOTDIR) /* no /proc is no fault */
		mod_log(ctx, LOG_WARNING, "%s: not read: %s", path,
			strerror(-r));
	return r < 0 ? 1 : r;
}

static int read_cmdline(struct mod_config *config)
{
	struct mod_cmdline cmdline;
	struct mod_cmdline_word word;
	char *text;
	size_t len;

	config->cmdline_read = true;
	int r = mod_config_cmdline(config->ctx, &text, &len);
	if (r != 0)
		return r < 0 ? r : 0;
	mod_cmdline_init(&cmdline, text, len);
	while (mod_cmdline_next(&cmdline, &word)) {
		if (word.bad) {
			mod_log(config->ctx, LOG_WARNING,
				"kernel command line: no module can be called "
				"'%.*s'",
				WORD_SHOWN, word.name);
			continue;
		}
		enum mod_line_kind kind = word.mask ? MOD_LINE_MASK
			: word.blacklist            ? MOD_LINE_BLACKLIST
						    : MOD_LINE_OPTIONS;
		r = add_rule(
			config, &config->rules[kind],
			&(struct mod_rule){ .kind = kind,
					    .name = word.name,
					    .text = word.options,
					    .kmod_ignores = word.kmod_ignores,
					    .file = MOD_CONFIG_CMDLINE });
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_shipped(struct mod_config *config, enum mod_line_kind kind)
{
	const char *name = kind == MOD_LINE_SOFTDEP ? "/modules.softdep"
		: kind == MOD_LINE_WEAKDEP          ? "/modules.weakdep"
						    : NULL;
	struct mod_ctx *ctx = config->ctx;
	const char *dir;
	char *text;
	size_t len;
	int r = mod_ctx_find_tree_dir(ctx, &dir);

	config->shipped_read[kind] = true;
	if (r < 0 || !name)
		return r;
	const char *path = mod_path_new(&ctx->arena, dir, name, NULL);
	if (!path)
		return -ENOMEM;
	r = mod_file_read_regular(&ctx->arena, path, CONFIG_LIMIT, &text, &len);
	if (mod_error_is_limit(r))
		return mod_error_set_limit(ctx, r, path);
	if (r < 0) /* trees without them are common */
		return 0;
	return read_rules(config, config->shipped, path, text, len);
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

/* What was read in part only may lack the rule that forbids a module: it is
 * read anew when it is asked for again.
 */
static void forget(struct mod_config *config)
{
	config->files_read = config->cmdline_read = false;
	memset(config->rules, 0, sizeof config->rules);
}

int mod_config_rules(struct mod_ctx *ctx, enum mod_line_kind kind,
		     const struct mod_rule **first)
{
	struct mod_config *config;
	int r = get(ctx, &config);

	*first = NULL;
	if (r < 0)
		return r;
	if (!config->files_read)
		r = read_files(config);
	if (r == 0 && !config->cmdline_read &&
	    (kind == MOD_LINE_OPTIONS || kind == MOD_LINE_BLACKLIST ||
	     kind == MOD_LINE_MASK))
		r = read_cmdline(config);
	if (r < 0)
		forget(config);
	*first = config->rules[kind].first;
	return r;
}

int mod_config_shipped(struct mod_ctx *ctx, enum mod_line_kind kind,
		       const struct mod_rule **first)
{
	struct mod_config *config;
	int r = get(ctx, &config);

	*first = NULL;
	if (r < 0)
		return r;
	if (!config->shipped_read[kind])
		r = read_shipped(config, kind);
	if (r < 0) {
		config->shipped_read[kind] = false;
		config->shipped[kind] = (struct rules){ 0 };
	}
	*first = config->shipped[kind].first;
	return r;
}
