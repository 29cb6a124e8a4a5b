/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/load/policy.h"

#include "libmod/base/match.h"
#include "libmod/load/rules.h"
#include "libmod/module/module.h"

#include <errno.h>
#include <string.h>

/* By how many names a module may be known: asked for, of the file, inside. */
enum { NAMES = 3 };

struct names {
	char text[NAMES][MOD_NAME_MAX];
	size_t n;
};

/* A text that is too long is not a name and is not added. */
static void add_name(struct names *names, const char *text)
{
	if (mod_name_of(names->text[names->n], MOD_NAME_MAX, text) == 0)
		names->n++;
}

static void add_path(struct names *names, const char *path)
{
	const char *slash = strrchr(path, '/');

	add_name(names, slash ? slash + 1 : path);
}

static const struct mod_rule *find_rule(const struct mod_rule *rule,
					const char *name)
{
	while (rule && !mod_match(rule->name, name))
		rule = rule->next;
	return rule;
}

/* A rule for any of the names. */
static const struct mod_rule *find_any(const struct mod_rule *rules,
				       const struct names *names)
{
	const struct mod_rule *found = NULL;

	for (size_t i = 0; i < names->n && !found; i++)
		found = find_rule(rules, names->text[i]);
	return found;
}

/* The rule for the first name, when there is one for each. */
static const struct mod_rule *find_all(const struct mod_rule *rules,
				       const struct names *names)
{
	for (size_t i = 1; i < names->n; i++)
		if (!find_rule(rules, names->text[i]))
			return NULL;
	return names->n ? find_rule(rules, names->text[0]) : NULL;
}

static int get_masks(struct mod_ctx *ctx, unsigned flags,
		     const struct mod_rule **masks)
{
	*masks = NULL;
	if (flags & (MOD_PLAN_IGNORE_MASK | MOD_PLAN_NO_POLICY))
		return 0;
	return mod_config_rules(ctx, MOD_LINE_MASK, masks);
}

/* The policy line that holds: the strictest, whatever follows it. */
static int get_policy(struct mod_ctx *ctx, unsigned flags,
		      const struct mod_rule **policy)
{
	const struct mod_rule *rule = NULL;
	int r = flags & MOD_PLAN_NO_POLICY
		? 0
		: mod_config_rules(ctx, MOD_LINE_POLICY, &rule);

	*policy = rule;
	for (; rule; rule = rule->next)
		if (strcmp(rule->name, "allow-listed") == 0) {
			*policy = rule;
			break;
		}
	return r;
}

static int copy_name(void *data, const struct mod_field *field)
{
	char *name = data;

	if (field->key_len != strlen("name") ||
	    memcmp(field->key, "name", field->key_len) != 0)
		return 0;
	if (field->value_len >= MOD_NAME_MAX)
		return 0;
	memcpy(name, field->value, field->value_len);
	name[field->value_len] = '\0';
	return 1;
}

int mod_policy_own_name(struct mod_module *module, char name[MOD_NAME_MAX])
{
	*name = '\0';
	int r = mod_module_walk_info(module, copy_name, name);
	return r < 0 ? r : 0;
}

static int add_own_name(struct mod_target *target, struct names *names,
			struct mod_policy_result *out)
{
	struct mod_module *module;
	char name[MOD_NAME_MAX];

	int r = mod_module_open_file(target->ctx, target->path, &module);
	if (r < 0)
		return r;
	r = mod_policy_own_name(module, name);
	mod_module_free(module);
	if (r < 0)
		return r;
	if (*name)
		add_name(names, name);
	out->own_name = mod_arena_strn(target->arena, name, strlen(name));
	return out->own_name ? 0 : -ENOMEM;
}

static void decide(const struct mod_rule *masks, const struct mod_rule *policy,
		   const struct mod_rule *allowed, const struct names *names,
		   struct mod_policy_result *out)
{
	out->rule = find_any(masks, names);
	if (out->rule) {
		out->verdict = MOD_VERDICT_MASKED;
		return;
	}
	if (!policy)
		return;
	out->rule = find_all(allowed, names);
	out->verdict = MOD_VERDICT_ALLOWED;
	if (out->rule)
		return;
	out->rule = policy;
	out->verdict = strcmp(policy->name, "audit") == 0
		? MOD_VERDICT_AUDITED
		: MOD_VERDICT_UNLISTED;
}

int mod_policy_check(struct mod_ctx *ctx, struct mod_target *target,
		     unsigned flags, struct mod_policy_result *out)
{
	const struct mod_rule *masks, *policy = NULL, *allowed = NULL;
	struct names names;

	*out = (struct mod_policy_result){ .verdict = MOD_VERDICT_NONE,
					   .subject = target->name };
	int r = get_masks(ctx, flags, &masks);
	if (r == 0)
		r = get_policy(ctx, flags, &policy);
	if (r < 0 || (!masks && !policy))
		return r;
	r = mod_target_resolve(target);
	if (r == 0)
		r = mod_config_rules(ctx, MOD_LINE_ALLOW, &allowed);
	if (r < 0 || (target->builtin && !target->path))
		return r;
	names.n = 0;
	add_name(&names, target->name);
	if (target->path)
		add_path(&names, target->path);
	if (target->route == MOD_ROUTE_PATH)
		r = add_own_name(target, &names, out);
	if (r < 0)
		return r;
	decide(masks, policy, allowed, &names, out);
	return 0;
}

int mod_policy_blacklist(struct mod_ctx *ctx, struct mod_target *target,
			 unsigned flags, const struct mod_rule **rule)
{
	struct mod_policy_result policy;

	int r = mod_rules_blacklist(ctx, target, flags & MOD_PLAN_BLACKLIST_ALL,
				    flags & MOD_PLAN_AS_KMOD, rule);
	if (r < 0 || !*rule)
		return r;
	r = mod_policy_check(ctx, target, flags, &policy);
	if (policy.verdict == MOD_VERDICT_MASKED)
		*rule = NULL;
	return r;
}

int mod_policy_mask(struct mod_ctx *ctx, const char *name, unsigned flags,
		    const struct mod_rule **rule)
{
	const struct mod_rule *masks;
	int r = get_masks(ctx, flags, &masks);

	*rule = r == 0 ? find_rule(masks, name) : NULL;
	return r;
}
