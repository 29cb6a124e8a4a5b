/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-policy.c - whether a module could be loaded (--check-policy), and an
 * allow list for the loaded modules (--generate-policy).
 */
#include "src/modprobe.h"

#include "src/json.h"
#include "src/log.h"
#include "src/output.h"

#include <stdlib.h>
#include <string.h>

/* Exit statuses, beside 1 for what could be loaded, and for failures. */
enum { ALL_BLOCKED = 0, SOME_LOADABLE = 1, UNKNOWN = 2, BUILT_IN = 3 };

struct checking {
	const struct modprobe *o;
	struct js *array; /* NULL: text */
	bool seen[MOD_CHECK_LOADED + 1];
	bool failed;
};

static const char *const state_texts[] = {
	[MOD_CHECK_UNKNOWN] = "unknown",       [MOD_CHECK_BLOCKED] = "blocked",
	[MOD_CHECK_LOADABLE] = "loadable",     [MOD_CHECK_BUILTIN] = "built in",
	[MOD_CHECK_LOADED] = "already loaded",
};

static const char *const state_words[] = {
	[MOD_CHECK_UNKNOWN] = "unknown",   [MOD_CHECK_BLOCKED] = "blocked",
	[MOD_CHECK_LOADABLE] = "loadable", [MOD_CHECK_BUILTIN] = "builtin",
	[MOD_CHECK_LOADED] = "loaded",
};

static const char *const barrier_words[] = {
	[MOD_BARRIER_MASK] = "mask",
	[MOD_BARRIER_UNLISTED] = "policy",
	[MOD_BARRIER_COMMAND] = "install",
	[MOD_BARRIER_BLACKLIST] = "blacklist",
	[MOD_BARRIER_ALIAS] = "alias",
	[MOD_BARRIER_ABSENT] = "absent",
};

static const char *route_word(const struct mod_check_path *path)
{
	switch (mod_check_path_route(path)) {
	case MOD_ROUTE_CONFIG_ALIAS:
	case MOD_ROUTE_ALIAS:
		return "alias";
	case MOD_ROUTE_SYMBOL:
		return "symbol";
	case MOD_ROUTE_DEPENDENCY:
		return "dependency";
	case MOD_ROUTE_SOFTDEP:
		return "softdep";
	default:
		return "name";
	}
}

/* ---- text */

static void print_place(const struct mod_check_path *path)
{
	const struct mod_rule *rule = mod_check_path_rule(path);

	if (!rule)
		return;
	output_text(" by ");
	output_text(mod_rule_file(rule));
	if (mod_rule_line(rule))
		output_fmt(":%u", mod_rule_line(rule));
}

/* "(install /bin/false)", "(mask of X)": the text of the line. */
static void print_rule(const struct mod_check_path *path, const char *name)
{
	enum mod_barrier barrier = mod_check_path_barrier(path);
	const char *module = mod_check_path_module(path);
	const char *command = mod_check_path_command(path);
	bool own = !module || strcmp(module, name) == 0;

	if (barrier == MOD_BARRIER_ALIAS) {
		output_fmt(" (it means %s)", module);
		return;
	}
	if (barrier == MOD_BARRIER_ABSENT) {
		output_fmt(" (no file for %s)", module);
		return;
	}
	if (!command && barrier == MOD_BARRIER_NONE)
		return;
	output_text(" (");
	output_text(command ? "install" : barrier_words[barrier]);
	if (barrier == MOD_BARRIER_UNLISTED)
		output_text(" allow-listed");
	if (command) {
		output_text(" ");
		output_text(command + strspn(command, " \t"));
	}
	if (!own) {
		output_text(" of ");
		output_text(module);
	}
	output_text(")");
}

static void print_outcome(const struct mod_check_path *path, const char *name)
{
	static const char *const words[] = {
		[MOD_PATH_CLOSED] = "blocked",
		[MOD_PATH_OPEN] = "open",
		[MOD_PATH_COMMAND] = "decided",
	};
	enum mod_check_path_outcome outcome = mod_check_path_outcome(path);

	output_text(words[outcome]);
	if (outcome == MOD_PATH_OPEN && mod_check_path_rule(path))
		output_text(", listed");
	print_place(path);
	print_rule(path, name);
}

static bool kmod_differs(const struct mod_check_path *path)
{
	return mod_check_path_kmod_loads(path) !=
		(mod_check_path_outcome(path) != MOD_PATH_CLOSED);
}

static const char *kmod_note(int loads)
{
	return loads ? "; kmod would load it" : "; kmod would not load it";
}

static void print_route(const struct mod_check_path *path)
{
	const char *of = mod_check_path_via(path);

	switch (mod_check_path_route(path)) {
	case MOD_ROUTE_DEPENDENCY:
		output_text("  as a dependency of ");
		break;
	case MOD_ROUTE_SOFTDEP:
		output_text("  as a softdep of ");
		break;
	default:
		output_text(of ? "  by alias " : "  by name");
	}
	output_text(of ? of : "");
	output_text(": ");
}

static void print_path(const struct mod_check_path *path, const char *name,
		       bool introduced)
{
	if (!introduced)
		print_route(path);
	print_outcome(path, name);
	if (kmod_differs(path))
		output_text(kmod_note(mod_check_path_kmod_loads(path)));
	output_text("\n");
}

static bool is_alike(const struct mod_check_path *a,
		     const struct mod_check_path *b)
{
	return mod_check_path_route(a) == mod_check_path_route(b) &&
		mod_check_path_rule(a) == mod_check_path_rule(b) &&
		mod_check_path_outcome(a) == mod_check_path_outcome(b) &&
		mod_check_path_barrier(a) == mod_check_path_barrier(b);
}

/* One path, or all symbols in a row with the same result.  Returns how many. */
static size_t print_paths(const struct mod_check *check, size_t first)
{
	const char *name = mod_check_name(check);
	const struct mod_check_path *path = mod_check_at(check, first), *next;
	size_t n = 1;

	while (mod_check_path_route(path) == MOD_ROUTE_SYMBOL &&
	       (next = mod_check_at(check, first + n)) && is_alike(path, next))
		n++;
	if (n > 1)
		output_fmt("  by alias %s and %zu more symbols: ",
			   mod_check_path_via(path), n - 1);
	print_path(path, name, n > 1);
	return n;
}

/* The first path that is closed, or open: it represents the rest. */
static const struct mod_check_path *main_path(const struct mod_check *check)
{
	size_t n = mod_check_count(check);
	bool blocked = true;

	for (size_t i = 0; i < n; i++)
		blocked &= mod_check_path_outcome(mod_check_at(check, i)) ==
			MOD_PATH_CLOSED;
	for (size_t i = 0; i < n; i++) {
		const struct mod_check_path *path = mod_check_at(check, i);
		if ((mod_check_path_outcome(path) == MOD_PATH_CLOSED) ==
		    blocked)
			return path;
	}
	return NULL;
}

static bool is_open(const struct mod_check_path *path)
{
	return path && mod_check_path_outcome(path) != MOD_PATH_CLOSED;
}

static void print_check(const struct mod_check *check, const char *asked)
{
	const char *name = mod_check_name(check);
	enum mod_check_state state = mod_check_state(check);
	const struct mod_check_path *path = main_path(check);

	/* What nothing has is no module's name. */
	output_text(state == MOD_CHECK_UNKNOWN ? asked : name);
	output_text(": ");
	output_text(state_texts[state]);
	if (state == MOD_CHECK_LOADED && path && !is_open(path))
		output_text(", else blocked");
	if (path && !is_open(path)) {
		print_place(path);
		print_rule(path, name);
	}
	if (path && mod_check_kmod_loads(check) != is_open(path))
		output_text(kmod_note(mod_check_kmod_loads(check)));
	output_text("\n");
	for (size_t i = 0; i < mod_check_count(check);)
		i += print_paths(check, i);
}

/* ---- JSON */

static struct js *rule_value(const struct mod_check_path *path)
{
	static const char *const open_words[] = {
		[MOD_PATH_OPEN] = "allow",
		[MOD_PATH_COMMAND] = "install",
	};
	const struct mod_rule *by = path ? mod_check_path_rule(path) : NULL;

	if (!by)
		return js_null();
	unsigned line = mod_rule_line(by);
	struct js *rule = js_object();
	js_put(rule, "kind",
	       js_text(is_open(path)
			       ? open_words[mod_check_path_outcome(path)]
			       : barrier_words[mod_check_path_barrier(path)]));
	js_put(rule, "file", js_text(mod_rule_file(by)));
	js_put(rule, "line", line ? js_number(line) : js_null());
	js_put(rule, "module", js_text(mod_check_path_module(path)));
	js_put(rule, "command", js_text(mod_check_path_command(path)));
	return rule;
}

static struct js *path_value(const struct mod_check_path *path)
{
	static const char *const words[] = {
		[MOD_PATH_CLOSED] = "blocked",
		[MOD_PATH_OPEN] = "open",
		[MOD_PATH_COMMAND] = "command",
	};
	struct js *value = js_object();

	js_put(value, "by", js_text(route_word(path)));
	js_put(value, "of", js_text(mod_check_path_via(path)));
	js_put(value, "outcome", js_text(words[mod_check_path_outcome(path)]));
	js_put(value, "barrier",
	       mod_check_path_barrier(path) == MOD_BARRIER_NONE
		       ? js_null()
		       : js_text(barrier_words[mod_check_path_barrier(path)]));
	js_put(value, "rule", rule_value(path));
	js_put(value, "kmod_loads", js_bool(mod_check_path_kmod_loads(path)));
	return value;
}

static void add_answer(struct js *array, const struct mod_check *check,
		       const char *asked)
{
	const struct mod_check_path *path = main_path(check);
	struct js *value = js_object(), *ways = js_array();

	js_put(value, "asked", js_text(asked));
	js_put(value, "module", js_text(mod_check_name(check)));
	js_put(value, "state", js_text(state_words[mod_check_state(check)]));
	js_put(value, "blocked", js_bool(path && !is_open(path)));
	js_put(value, "rule", rule_value(is_open(path) ? NULL : path));
	js_put(value, "kmod_loads", js_bool(mod_check_kmod_loads(check)));
	for (size_t i = 0; i < mod_check_count(check); i++)
		js_add(ways, path_value(mod_check_at(check, i)));
	js_put(value, "ways", ways);
	js_add(array, value);
}

/* ---- which modules are asked about */

static void check_module(struct checking *c, const char *name,
			 const char *asked)
{
	struct mod_check *check;
	int r = mod_check_new(c->o->ctx, name, &check);

	if (r < 0) {
		log_error("%s: %s", name, modprobe_message(c->o, r));
		c->failed = true;
		return;
	}
	c->seen[mod_check_state(check)] = true;
	if (c->array)
		add_answer(c->array, check, asked);
	else
		print_check(check, asked);
	mod_check_free(check);
}

/* Each module that an alias means, once. */
static void check_targets(struct checking *c, const struct mod_targets *targets,
			  const char *asked)
{
	for (size_t i = 0; i < mod_targets_count(targets); i++) {
		const char *name = mod_target_name(mod_targets_at(targets, i));
		bool again = false;

		for (size_t j = 0; j < i; j++)
			again |= strcmp(name,
					mod_target_name(mod_targets_at(
						targets, j))) == 0;
		if (!again)
			check_module(c, name, asked);
	}
}

/* A module's name is that; another word may be an alias. */
static void check_word(struct checking *c, const char *word)
{
	_targets_ struct mod_targets *named = NULL, *found = NULL;

	bool is_name = mod_find_name(c->o->ctx, word, &named) == 0 &&
		!mod_target_alias(mod_targets_at(named, 0));
	if (!is_name && mod_find(c->o->ctx, word, &found) == 0)
		check_targets(c, found, word);
	else
		check_module(c, word, word);
}

static int status_of(const struct checking *c)
{
	if (c->failed || c->seen[MOD_CHECK_LOADABLE] ||
	    c->seen[MOD_CHECK_LOADED])
		return SOME_LOADABLE;
	if (c->seen[MOD_CHECK_BUILTIN])
		return BUILT_IN;
	return c->seen[MOD_CHECK_UNKNOWN] ? UNKNOWN : ALL_BLOCKED;
}

int modprobe_check_policy(const struct modprobe *o)
{
	struct checking c = { .o = o };

	if (o->json) {
		if (js_start() != 0)
			return 1;
		c.array = js_array();
	}
	for (size_t i = 0; i < o->word_count; i++)
		check_word(&c, o->words[i]);
	if (c.array && js_end(c.array) != 0)
		return 1;
	return status_of(&c);
}

/* ---- an allow list */

static int print_allow(void *data, const struct mod_allowed *module)
{
	const struct mod_rule *mask = module->mask;

	(void)data;
	if (!mask)
		output_fmt("allow %s\n", module->name);
	else if (mod_rule_line(mask))
		output_fmt("# %s is masked (%s:%u)\n", module->name,
			   mod_rule_file(mask), mod_rule_line(mask));
	else
		output_fmt("# %s is masked (%s)\n", module->name,
			   mod_rule_file(mask));
	return 0;
}

int modprobe_generate_policy(const struct modprobe *o)
{
	const char *dir;

	if (mod_ctx_tree_dir(o->ctx, &dir) < 0)
		dir = "";
	output_fmt("# The loaded modules, and their dependencies in %s.\n"
		   "# Modules not listed are logged; when the log stays "
		   "empty, make it\n"
		   "# \"policy allow-listed\".\n"
		   "policy audit\n",
		   dir);
	int r = mod_allow_each(o->ctx, print_allow, NULL);
	if (r < 0)
		return log_error("%s", modprobe_message(o, r));
	return 0;
}
