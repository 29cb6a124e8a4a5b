/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/conf.h"

#include "libmod/config/files.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/depmod/directive.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <regex.h>
#include <string.h>
#include <syslog.h>

enum {
	CONFIG_LIMIT = 64 << 20, /* bytes in one file */
	PATTERN_MAX = 256, /* bytes: regcomp() takes stack for each bracket, and
			    * a release has 64 at most */
};

struct reading {
	struct mod_ctx *ctx;
	const char *version;
	struct mod_depmod_conf *config;
};

/* Unanchored and extended, or "*". */
static bool version_matches(const char *pattern, const char *version)
{
	regex_t regex;

	if (strcmp(pattern, "*") == 0)
		return true;
	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	bool matches = regexec(&regex, version, 0, NULL, 0) == 0;
	regfree(&regex);
	return matches;
}

static int append(struct mod_ctx *ctx, const struct mod_depmod_conf_word **list,
		  const char *word)
{
	struct mod_depmod_conf_word *entry =
		mod_arena_get(&ctx->arena, sizeof *entry);

	if (!entry)
		return -ENOMEM;
	entry->word = word;
	while (*list)
		list = (const struct mod_depmod_conf_word **)&(*list)->next;
	*list = entry;
	return 0;
}

static int append_all(struct mod_ctx *ctx,
		      const struct mod_depmod_conf_word **list, char *words)
{
	const char *word;
	int r = 0;

	while (r == 0 && (word = mod_lines_take_word(&words)))
		r = append(ctx, list, word);
	return r;
}

static int add_override(struct reading *r, char *words)
{
	struct mod_depmod_conf_override *o =
		mod_arena_get(&r->ctx->arena, sizeof *o);

	if (!o)
		return -ENOMEM;
	o->module = mod_lines_take_word(&words);
	const char *pattern = mod_lines_take_word(&words);
	o->directory = mod_lines_take_word(&words);
	if (!o->directory || strlen(pattern) > PATTERN_MAX)
		return -EINVAL;
	if (version_matches(pattern, r->version)) {
		o->next = r->config->overrides;
		r->config->overrides = o;
	}
	return 0;
}

static int add_external(struct reading *r, char *words)
{
	const char *pattern = mod_lines_take_word(&words);
	const char *directory = mod_lines_take_word(&words);

	if (!directory || strlen(pattern) > PATTERN_MAX)
		return -EINVAL;
	return version_matches(pattern, r->version)
		? append(r->ctx, &r->config->externals, directory)
		: 0;
}

static int add_line(struct reading *r, const struct mod_directive *line)
{
	switch (line->kind) {
	case MOD_DIRECTIVE_SEARCH:
		return append_all(r->ctx, &r->config->search, line->words);
	case MOD_DIRECTIVE_EXCLUDE:
		return append_all(r->ctx, &r->config->excludes, line->words);
	case MOD_DIRECTIVE_OVERRIDE:
		return add_override(r, line->words);
	case MOD_DIRECTIVE_EXTERNAL:
		return add_external(r, line->words);
	case MOD_DIRECTIVE_NOTHING:
		break;
	}
	return 0;
}

static int read_file(struct reading *r, const struct mod_config_file *file)
{
	struct mod_lines conf;
	struct mod_directive line;
	char *text;
	size_t len;
	int s = mod_file_read(&r->ctx->arena, file->path, CONFIG_LIMIT, &text,
			      &len);

	if (mod_error_is_limit(s))
		return mod_error_set_limit(r->ctx, s, file->path);
	if (s < 0) {
		mod_log(r->ctx, LOG_WARNING, "%s: not read: %s", file->path,
			strerror(-s));
		return 0;
	}
	mod_lines_init(&conf, text, len);
	while ((s = mod_directive_next(&conf, &line)) != 1) {
		if (s == 0)
			s = add_line(r, &line);
		if (s == -ENOMEM)
			return s;
		if (s < 0)
			mod_log(r->ctx, LOG_ERR,
				"%s:%u: ignoring bad line starting with "
				"'%.64s'",
				file->path, line.line, line.word);
	}
	return 0;
}

int mod_depmod_conf_read(struct mod_ctx *ctx, const char *version,
			 struct mod_depmod_conf *config)
{
	struct reading reading = { ctx, version, config };
	struct mod_config_files files = { 0 };

	*config = (struct mod_depmod_conf){ 0 };
	int r = mod_config_files(ctx, "depmod.d", &files);
	for (size_t i = 0; r == 0 && i < files.n; i++)
		r = read_file(&reading, &files.at[i]);
	if (r == 0 && !config->search)
		r = append(ctx, &config->search, "updates");
	return r;
}
