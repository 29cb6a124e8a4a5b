/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rule.c - every rule of the configuration, and the fields of a rule;
 * documented in libmod/libmod.h.
 */
#include "libmod/config/config.h"
#include "libmod/ctx/error.h"

#include <errno.h>

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

static int each_of(const struct mod_rule *rule, mod_rule_fn *fn, void *data)
{
	int r = 0;

	for (; rule && r == 0; rule = rule->next)
		r = fn(data, rule);
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
