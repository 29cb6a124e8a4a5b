/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/load/rules.h"

#include "libmod/base/match.h"
#include "libmod/base/name.h"
#include "libmod/ctx/error.h"

#include <errno.h>
#include <string.h>

int mod_rules_command(struct mod_ctx *ctx, enum mod_line_kind kind,
		      const struct mod_target *target,
		      const struct mod_rule **out)
{
	const struct mod_rule *rule;

	/* The line that made the name known goes before all patterns. */
	if (target->route == MOD_ROUTE_COMMAND && target->rule->kind == kind) {
		*out = target->rule;
		return 0;
	}
	int r = mod_config_rules(ctx, kind, &rule);
	while (r == 0 && rule && !mod_match(rule->name, target->name))
		rule = rule->next;
	*out = rule;
	return r;
}

int mod_rules_blacklist(struct mod_ctx *ctx, const struct mod_target *target,
			bool all, bool as_kmod, const struct mod_rule **rule)
{
	*rule = NULL;
	if (!target->alias && !all)
		return 0;
	int r = mod_config_rules(ctx, MOD_LINE_BLACKLIST, rule);
	while (r == 0 && *rule &&
	       (strcmp((*rule)->name, target->name) != 0 ||
		(as_kmod && (*rule)->kmod_ignores)))
		*rule = (*rule)->next;
	return r;
}

const struct mod_rule *mod_rules_next_options(const struct mod_rule *rule,
					      const struct mod_target *target)
{
	while (rule && strcmp(rule->name, target->name) != 0 &&
	       (!target->alias || strcmp(rule->name, target->alias) != 0))
		rule = rule->next;
	return rule;
}

int mod_rules_options(struct mod_ctx *ctx, const struct mod_target *target,
		      const char *more, struct mod_arena *arena,
		      const char **options, const struct mod_rule **first)
{
	const struct mod_rule *rule;
	size_t len = strlen(more);

	*first = NULL;
	*options = "";
	int r = mod_config_rules(ctx, MOD_LINE_OPTIONS, &rule);
	if (r == 0)
		*first = mod_rules_next_options(rule, target);
	if (r < 0)
		return r;
	for (rule = *first; rule;
	     rule = mod_rules_next_options(rule->next, target))
		len += strlen(rule->text) + 1;
	char *at = mod_arena_raw(arena, len + 1);
	if (!at)
		return -ENOMEM;
	*options = at;
	/* A space after the last, too: scripts see it. */
	for (rule = *first; rule;
	     rule = mod_rules_next_options(rule->next, target))
		at = stpcpy(stpcpy(at, rule->text), " ");
	stpcpy(at, more);
	return 0;
}

int mod_options_each(struct mod_ctx *ctx, const char *module, mod_rule_fn *fn,
		     void *data)
{
	const struct mod_rule *rule;
	char name[MOD_NAME_MAX];

	mod_error_clear(ctx);
	int r = mod_name_of(name, sizeof name, module);
	if (r == 0)
		r = mod_config_rules(ctx, MOD_LINE_OPTIONS, &rule);
	for (; r == 0 && rule; rule = rule->next)
		if (strcmp(rule->name, name) == 0)
			r = fn(data, rule);
	return mod_error_end(ctx, r);
}

/* After those in *out. */
static int add_softdeps(struct mod_ctx *ctx, const struct mod_rule *rule,
			struct mod_arena *arena, struct mod_softdeps *out)
{
	char *text = mod_arena_strn(arena, rule->text, strlen(rule->text));
	char *rest = text, *word;
	bool marked = false, post = false;

	if (!text)
		return -ENOMEM;
	while ((word = mod_lines_next_softdep(&rest, &marked, &post))) {
		struct mod_targets *list = post ? &out->post : &out->pre;
		size_t had = list->n;
		if (!marked)
			continue;
		int r = mod_find_in(ctx, MOD_FIND_ALL, word, list);
		if (r < 0 && r != -EINVAL)
			return r;
		for (; had < list->n; had++)
			list->at[had].softdep = rule;
	}
	return 0;
}

static struct mod_softdeps none(struct mod_arena *arena)
{
	return (struct mod_softdeps){ .pre.arena = arena, .post.arena = arena };
}

int mod_rules_softdep_words(struct mod_ctx *ctx, const struct mod_rule *rule,
			    struct mod_arena *arena, struct mod_softdeps *out)
{
	*out = none(arena);
	return add_softdeps(ctx, rule, arena, out);
}

static const struct mod_rule *next_match(const struct mod_rule *rule,
					 const char *name)
{
	while (rule && !mod_match(rule->name, name))
		rule = rule->next;
	return rule;
}

/* kmod takes the first softdep line alone, and sorts modules.softdep among the
 * files of modprobe.d by its name.
 */
static bool is_after_shipped(const struct mod_rule *own)
{
	const char *slash = strrchr(own->file, '/');

	return strcmp(slash ? slash + 1 : own->file, "modules.softdep") > 0;
}

int mod_rules_softdeps(struct mod_ctx *ctx, const char *name, bool as_kmod,
		       struct mod_arena *arena, struct mod_softdeps *out)
{
	const struct mod_rule *own, *shipped = NULL;

	*out = none(arena);
	int r = mod_config_rules(ctx, MOD_LINE_SOFTDEP, &own);
	own = next_match(own, name);
	if (r == 0 && (!own || as_kmod))
		r = mod_config_shipped(ctx, MOD_LINE_SOFTDEP, &shipped);
	shipped = next_match(shipped, name);
	if (!own || (shipped && is_after_shipped(own)))
		own = shipped;
	for (; r == 0 && own; own = next_match(own->next, name)) {
		r = add_softdeps(ctx, own, arena, out);
		if (as_kmod)
			break;
	}
	return r;
}

/* The modules of a weakdep line, after those in *out. */
static int add_weakdeps(struct mod_ctx *ctx, const struct mod_rule *rule,
			struct mod_targets *out)
{
	char *rest = mod_arena_strn(out->arena, rule->text, strlen(rule->text));
	char *word;

	if (!rest)
		return -ENOMEM;
	while ((word = mod_lines_next_softdep(&rest, NULL, NULL))) {
		size_t had = out->n;
		int r = mod_find_in(ctx, MOD_FIND_ALL, word, out);
		if (r < 0 && r != -EINVAL)
			return r;
		for (; had < out->n; had++)
			out->at[had].softdep = rule;
	}
	return 0;
}

int mod_rules_weakdeps(struct mod_ctx *ctx, const char *name,
		       struct mod_targets *out)
{
	const struct mod_rule *rule;
	int r = mod_config_rules(ctx, MOD_LINE_WEAKDEP, &rule);

	rule = next_match(rule, name);
	if (r == 0 && !rule) {
		r = mod_config_shipped(ctx, MOD_LINE_WEAKDEP, &rule);
		rule = next_match(rule, name);
	}
	for (; r == 0 && rule; rule = next_match(rule->next, name))
		r = add_weakdeps(ctx, rule, out);
	return r;
}
