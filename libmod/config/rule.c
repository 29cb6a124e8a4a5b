/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rule.c - every rule of the configuration, and what a rule tells about
 * itself; documented in libmod/libmod.h.
 */
#include "libmod/base/str.h"
#include "libmod/config/config.h"
#include "libmod/ctx/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* kmod's order; other kinds follow. */
static enum mod_line_kind nth_kind(size_t n)
{
	static const enum mod_line_kind order[] = {
		MOD_LINE_BLACKLIST, MOD_LINE_INSTALL, MOD_LINE_REMOVE,
		MOD_LINE_ALIAS,     MOD_LINE_OPTIONS, MOD_LINE_SOFTDEP,
		MOD_LINE_WEAKDEP,
	};

	return n < sizeof order / sizeof *order ? order[n]
						: (enum mod_line_kind)n;
}

static bool is_words(enum mod_line_kind kind)
{
	return kind == MOD_LINE_SOFTDEP || kind == MOD_LINE_WEAKDEP;
}

static void add_word(struct mod_str *words, const char *word)
{
	if (words->len)
		mod_str_addn(words, " ", 1);
	mod_str_add(words, word);
}

/* The words of a softdep or weakdep line, each marker once and in its order. */
static int tidy_words(const struct mod_rule *rule, struct mod_str *out)
{
	_free_ char *text = strdup(rule->text);
	_str_ struct mod_str after = { 0 };
	char *rest = text, *word;
	bool soft = rule->kind == MOD_LINE_SOFTDEP;
	bool marked = !soft, post = false;

	if (!text)
		return -ENOMEM;
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
	return out->bad || after.bad ? -ENOMEM : 0;
}

static int hand_out(const struct mod_rule *rule, mod_rule_fn *fn, void *data)
{
	_str_ struct mod_str text = { 0 };
	struct mod_rule tidy = *rule;

	if (!is_words(rule->kind))
		return fn(data, rule);
	int r = tidy_words(rule, &text);
	tidy.text = text.at;
	return r < 0 ? r : fn(data, &tidy);
}

static int each_of(const struct mod_rule *rule, mod_rule_fn *fn, void *data)
{
	int r = 0;

	for (; rule && r == 0; rule = rule->next)
		r = hand_out(rule, fn, data);
	return r;
}

int mod_config_each(struct mod_ctx *ctx, mod_rule_fn *fn, void *data)
{
	const struct mod_rule *rule;
	int r = 0;

	mod_error_clear(ctx);
	for (size_t i = 0; i < MOD_LINE_KINDS && r == 0; i++) {
		enum mod_line_kind kind = nth_kind(i);
		r = mod_config_rules(ctx, kind, &rule);
		if (r == 0)
			r = each_of(rule, fn, data);
		if (r == 0 && is_words(kind))
			r = mod_config_shipped(ctx, kind, &rule);
		else
			rule = NULL;
		if (r == 0)
			r = each_of(rule, fn, data);
	}
	return mod_error_end(ctx, r);
}

const char *mod_rule_kind(const struct mod_rule *rule)
{
	return rule->kind == MOD_LINE_MODULES_LOAD
		? "modules-load"
		: mod_lines_kind_name(rule->kind);
}

const char *mod_rule_name(const struct mod_rule *rule)
{
	return rule->name;
}

const char *mod_rule_text(const struct mod_rule *rule)
{
	return rule->text;
}

const char *mod_rule_file(const struct mod_rule *rule)
{
	return rule->file;
}

unsigned mod_rule_line(const struct mod_rule *rule)
{
	return rule->line;
}
