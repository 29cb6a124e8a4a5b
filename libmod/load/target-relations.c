/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* target-relations.c - which modules and rules have to do with a target;
 * documented in libmod/libmod.h.
 */
#include "libmod/ctx/error.h"
#include "libmod/load/rules.h"

#include <errno.h>
#include <string.h>

static int find_dependencies(const struct mod_target *target,
			     struct mod_targets *out)
{
	struct mod_target own = *target;

	own.arena = out->arena;
	/* A dependency of another target was not looked up itself. */
	own.resolved = own.resolved && own.deps;
	return mod_target_dependencies(&own, out->arena, &out->at, &out->n);
}

static int find_softdeps(const struct mod_target *target, bool post,
			 struct mod_targets *out)
{
	struct mod_softdeps softdeps;
	int r = mod_rules_softdeps(target->ctx, target->name, false, out->arena,
				   &softdeps);

	if (r == 0)
		*out = post ? softdeps.post : softdeps.pre;
	return r;
}

static int find_related(const struct mod_target *target,
			enum mod_relation_kind kind, struct mod_targets *out)
{
	switch (kind) {
	case MOD_RELATION_DEPENDENCY:
		return find_dependencies(target, out);
	case MOD_RELATION_PRE_SOFTDEP:
		return find_softdeps(target, false, out);
	case MOD_RELATION_POST_SOFTDEP:
		return find_softdeps(target, true, out);
	case MOD_RELATION_WEAKDEP:
		return mod_rules_weakdeps(target->ctx, target->name, out);
	}
	return mod_error_set(target->ctx, MOD_ORIGIN_CALLER, -EINVAL,
			     target->name, "no relation has the number %d",
			     (int)kind);
}

int mod_target_find_related(const struct mod_target *target,
			    enum mod_relation_kind kind,
			    struct mod_targets **out)
{
	struct mod_arena arena = { 0 };
	struct mod_targets found = { .arena = &arena };

	mod_error_clear(target->ctx);
	int r = find_related(target, kind, &found);
	if (r == 0)
		r = mod_find_keep(&found, out);
	if (r < 0)
		mod_arena_fini(&arena);
	return mod_error_end(target->ctx, r);
}

const struct mod_rule *mod_target_relation_rule(const struct mod_target *target)
{
	return target->softdep;
}

static int find_command(const struct mod_target *target,
			enum mod_line_kind kind, const struct mod_rule **out)
{
	const struct mod_rule *rule;

	mod_error_clear(target->ctx);
	int r = mod_rules_command(target->ctx, kind, target, &rule);
	if (r == 0 && rule)
		*out = rule;
	return mod_error_end(target->ctx, r < 0 ? r : !rule);
}

int mod_target_install_rule(const struct mod_target *target,
			    const struct mod_rule **out)
{
	return find_command(target, MOD_LINE_INSTALL, out);
}

int mod_target_remove_rule(const struct mod_target *target,
			   const struct mod_rule **out)
{
	return find_command(target, MOD_LINE_REMOVE, out);
}

int mod_target_options(const struct mod_target *target, const char **out)
{
	const struct mod_rule *first;
	const char *text;

	mod_error_clear(target->ctx);
	int r = mod_rules_options(target->ctx, target, "", target->arena, &text,
				  &first);
	/* Without the space that separates it from the user's options. */
	if (r == 0 && *text)
		text = mod_arena_strn(target->arena, text, strlen(text) - 1);
	if (r == 0 && !text)
		r = -ENOMEM;
	if (r == 0)
		*out = text;
	return mod_error_end(target->ctx, r);
}

int mod_target_options_each(const struct mod_target *target, mod_rule_fn *fn,
			    void *data)
{
	const struct mod_rule *rule;

	mod_error_clear(target->ctx);
	int r = mod_config_rules(target->ctx, MOD_LINE_OPTIONS, &rule);
	for (; r == 0 && (rule = mod_rules_next_options(rule, target));
	     rule = rule->next)
		r = fn(data, rule);
	return mod_error_end(target->ctx, r);
}
