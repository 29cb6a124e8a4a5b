/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-json.c - -R, -n, -D and -c with JSON output; see kmod-json(5). */
#include "src/modprobe.h"

#include "src/json.h"
#include "src/log.h"

static const char *const route_words[] = {
	[MOD_ROUTE_NAME] = "name",
	[MOD_ROUTE_PATH] = "path",
	[MOD_ROUTE_CONFIG_ALIAS] = "configured alias",
	[MOD_ROUTE_ALIAS] = "alias",
	[MOD_ROUTE_SYMBOL] = "symbol",
	[MOD_ROUTE_COMMAND] = "command",
	[MOD_ROUTE_BUILTIN] = "builtin",
	[MOD_ROUTE_BUILTIN_ALIAS] = "builtin alias",
	[MOD_ROUTE_DEPENDENCY] = "dependency",
	[MOD_ROUTE_SOFTDEP] = "softdep",
	[MOD_ROUTE_HOLDER] = "holder",
};

static const char *const action_words[] = {
	[MOD_ACTION_LOAD] = "load",
	[MOD_ACTION_COMMAND] = "command",
	[MOD_ACTION_BUILTIN] = "builtin",
	[MOD_ACTION_NONE] = "none",
	[MOD_ACTION_UNLOAD] = "unload",
	[MOD_ACTION_REMOVE_COMMAND] = "remove command",
	[MOD_ACTION_REFUSED] = "refused",
};

static const char *const verdict_words[] = {
	[MOD_VERDICT_ALLOWED] = "allowed",
	[MOD_VERDICT_AUDITED] = "audited",
	[MOD_VERDICT_MASKED] = "masked",
	[MOD_VERDICT_UNLISTED] = "not allowed",
};

/* The place of a rule; null for none. */
static struct js *place(const struct mod_rule *rule)
{
	struct js *value;
	unsigned line;

	if (!rule)
		return js_null();
	line = mod_rule_line(rule);
	value = js_object();
	js_put(value, "file", js_text(mod_rule_file(rule)));
	js_put(value, "line", line ? js_number(line) : js_null());
	return value;
}

static struct js *place_of(const struct mod_step *step, enum mod_rule_role role)
{
	return place(mod_step_rule(step, role));
}

static void add_step(void *data, const struct mod_step *step)
{
	struct js *steps = data, *value = js_object();

	js_put(value, "action", js_text(action_words[mod_step_action(step)]));
	js_put(value, "name", js_text(mod_step_name(step)));
	js_put(value, "path", js_text(mod_step_path(step)));
	js_put(value, "options", js_text(mod_step_options(step)));
	js_put(value, "command", js_text(mod_step_command(step)));
	js_put(value, "by", js_text(route_words[mod_step_route(step)]));
	js_put(value, "of", js_text(mod_step_asked_by(step)));
	js_put(value, "rule", place_of(step, MOD_RULE_ASKED));
	js_put(value, "command_rule", place_of(step, MOD_RULE_COMMAND));
	js_put(value, "options_rule", place_of(step, MOD_RULE_OPTIONS));
	js_put(value, "verdict",
	       js_text(verdict_words[mod_step_verdict(step)]));
	js_put(value, "judged", js_text(mod_step_policy_subject(step)));
	js_put(value, "policy_rule", place_of(step, MOD_RULE_POLICY));
	js_add(steps, value);
}

/* What a name means, and why.  *r is a negative errno when the tree cannot be
 * read.
 */
static struct js *target_value(const struct mod_target *target, int *r)
{
	const struct mod_rule *rule = mod_target_rule(target);
	struct js *value = js_object();
	const char *path = NULL;

	*r = mod_target_path(target, &path);
	if (*r >= 0)
		*r = mod_target_is_builtin(target);

	js_put(value, "module", js_text(mod_target_name(target)));
	js_put(value, "by", js_text(route_words[mod_target_route(target)]));
	js_put(value, "alias", js_text(mod_target_alias(target)));
	js_put(value, "path", js_text(path));
	js_put(value, "builtin", js_bool(*r == 1));
	js_put(value, "rule", place(rule));
	return value;
}

/* The step for which a rule refuses the whole plan; null for none. */
static struct js *refusal(const struct mod_error *error,
			  const struct mod_plan *plan)
{
	const struct mod_step *step = NULL;
	struct js *value;

	if (plan && mod_error_origin(error) == MOD_ORIGIN_POLICY)
		step = mod_plan_step(plan, mod_error_subject(error));
	if (!step)
		return js_null();
	value = js_object();
	js_put(value, "module", js_text(mod_step_policy_subject(step)));
	js_put(value, "verdict",
	       js_text(verdict_words[mod_step_verdict(step)]));
	js_put(value, "rule", place_of(step, MOD_RULE_POLICY));
	return value;
}

/* Returns 1 when it cannot be planned, or would fail. */
static int add_plan(const struct modprobe *o, const struct mod_target *target,
		    const char *options, struct js *value)
{
	_plan_ struct mod_plan *plan = NULL;
	struct js *steps = js_array();
	const struct mod_run_opts run = { .size = sizeof run,
					  .flags = o->run_flags,
					  .show = add_step,
					  .data = steps };
	const struct mod_rule *blacklist = NULL;

	int r = mod_plan_load(o->ctx, target, options, o->plan_flags, &plan);
	if (r == 1)
		blacklist = mod_plan_blacklist(plan);
	if (r == 0)
		r = mod_plan_run(o->ctx, plan, &run);
	js_put(value, "blacklist", place(blacklist));
	js_put(value, "error",
	       r < 0 ? js_text(modprobe_message(o, r)) : js_null());
	js_put(value, "refused", refusal(mod_ctx_error(o->ctx), plan));
	js_put(value, "steps", steps);
	if (r < 0)
		modprobe_complain(o, plan, target, mod_ctx_error(o->ctx));
	return r < 0;
}

/* All that a word means; with plans, if that is asked for. */
static int add_word(const struct modprobe *all, size_t i, const char *options,
		    struct js *array)
{
	struct modprobe one = *all;
	_targets_ struct mod_targets *targets = NULL;
	struct js *value = js_object(), *modules = js_array();
	size_t failed = 0;

	one.asked = all->words[i];
	int none = modprobe_find(&one, i, &targets);
	size_t n = none ? 0 : mod_targets_count(targets);
	for (size_t t = 0; t < n; t++) {
		const struct mod_target *target = mod_targets_at(targets, t);
		int r;
		struct js *module = target_value(target, &r);
		if (all->job == MODPROBE_INSERT)
			failed +=
				(size_t)add_plan(&one, target, options, module);
		else if (r < 0)
			none = log_error("%s", modprobe_message(all, r));
		js_add(modules, module);
	}
	js_put(value, "asked", js_text(one.asked));
	js_put(value, "modules", modules);
	js_add(array, value);
	return none || (n && failed == n);
}

int modprobe_json_words(const struct modprobe *o, const char *options)
{
	size_t n = o->all ? o->word_count : 1;
	int failed = 0;

	if (js_start() != 0)
		return 1;
	struct js *array = js_array();
	for (size_t i = 0; i < n; i++)
		failed |= add_word(o, i, options, array);
	return js_end(array) | failed;
}

static int add_rule(void *data, const struct mod_rule *rule)
{
	struct js *value = js_object();
	unsigned line = mod_rule_line(rule);

	js_put(value, "kind", js_text(mod_rule_kind(rule)));
	js_put(value, "name", js_text(mod_rule_name(rule)));
	js_put(value, "text", js_text(mod_rule_text(rule)));
	js_put(value, "file", js_text(mod_rule_file(rule)));
	js_put(value, "line", line ? js_number(line) : js_null());
	js_add(data, value);
	return 0;
}

static int add_alias(void *data, const struct mod_alias *alias)
{
	struct js *value = js_object();

	js_put(value, "alias", js_bytes(alias->alias, alias->alias_len));
	js_put(value, "module", js_bytes(alias->module, alias->module_len));
	js_add(data, value);
	return 0;
}

int modprobe_json_config(const struct modprobe *o)
{
	if (js_start() != 0)
		return 1;
	struct js *value = js_object(), *rules = js_array();
	struct js *aliases = js_array();
	int failed = 0;
	int r = mod_config_each(o->ctx, add_rule, rules);

	if (r == 0)
		r = mod_alias_each(o->ctx, add_alias, aliases);
	if (r < 0)
		failed = log_error("%s", modprobe_message(o, r));
	js_put(value, "rules", rules);
	js_put(value, "aliases", aliases);
	return js_end(value) | failed;
}
