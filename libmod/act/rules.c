/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/act/rules.h"

#include "libmod/base/match.h"
#include "libmod/base/str.h"

#include <errno.h>
#include <string.h>

int mod_rules_command(struct mod_ctx *ctx, enum mod_conf_kind kind,
		      const struct mod_target *target,
		      const struct mod_rule **out)
{
	const struct mod_rule *rule;
	int r = mod_config_rules(ctx, kind, &rule);

	/* The line that made the name known stands before all patterns. */
	*out = target->route == MOD_ROUTE_COMMAND ? target->rule : NULL;
	for (const struct mod_rule *own = rule; *out && own; own = own->next)
		if (own == *out)
			return 0;
	while (r == 0 && rule && !mod_match(rule->name, target->name))
		rule = rule->next;
	*out = rule;
	return r;
}

int mod_rules_blacklist(struct mod_ctx *ctx, const struct mod_target *target,
			bool all, const struct mod_rule **rule)
{
	*rule = NULL;
	if (!target->alias && !all)
		return 0;
	int r = mod_config_rules(ctx, MOD_CONF_BLACKLIST, rule);
	while (r == 0 && *rule && strcmp((*rule)->name, target->name) != 0)
		*rule = (*rule)->next;
	return r;
}

int mod_rules_options(struct mod_ctx *ctx, const struct mod_target *target,
		      const char *more, struct mod_arena *arena,
		      const char **options, const struct mod_rule **first)
{
	_str_ struct mod_str all = { 0 };
	const struct mod_rule *rule;
	int r = mod_config_rules(ctx, MOD_CONF_OPTIONS, &rule);

	*first = NULL;
	for (; r == 0 && rule; rule = rule->next) {
		if (strcmp(rule->name, target->name) != 0 &&
		    (!target->alias || strcmp(rule->name, target->alias) != 0))
			continue;
		*first = *first ? *first : rule;
		mod_str_add(&all, rule->text);
		mod_str_add(&all,
			    " "); /* behind the last too: scripts see it */
	}
	if (r < 0)
		return r;
	*options = more;
	if (all.len) {
		mod_str_add(&all, more);
		*options =
			all.bad ? NULL : mod_arena_strn(arena, all.at, all.len);
	}
	return *options ? 0 : -ENOMEM;
}

void mod_softdeps_fini(struct mod_softdeps *softdeps)
{
	mod_targets_fini(&softdeps->pre);
	mod_targets_fini(&softdeps->post);
}

/* The words of one line, each looked up. */
static int add_words(struct mod_ctx *ctx, const struct mod_rule *rule,
		     struct mod_softdeps *out)
{
	_free_ char *text = strdup(rule->text);
	char *rest = text, *word;
	bool marked = false, post = false;

	if (!text)
		return -ENOMEM;
	while ((word = mod_conf_softdep_next(&rest, &marked, &post))) {
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

int mod_rules_softdeps(struct mod_ctx *ctx, const char *name,
		       struct mod_softdeps *out)
{
	const struct mod_rule *rule;
	bool own = false;

	*out = (struct mod_softdeps){ 0 };
	int r = mod_config_rules(ctx, MOD_CONF_SOFTDEP, &rule);
	for (; r == 0 && rule; rule = rule->next) {
		if (!mod_match(rule->name, name))
			continue;
		own = true;
		r = add_words(ctx, rule, out);
	}
	if (r == 0 && !own)
		r = mod_config_shipped(ctx, MOD_CONF_SOFTDEP, &rule);
	for (; r == 0 && !own && rule; rule = rule->next)
		if (mod_match(rule->name, name))
			r = add_words(ctx, rule, out);
	return r;
}
