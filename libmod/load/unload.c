/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unload.c - removes a module from the kernel, and the modules that nothing
 * needs after that.
 *
 * Each removal, and other programs meanwhile, may free or use other modules, so
 * every step looks at the kernel again.  A dry run removes
 * nothing and therefore records the modules that would be removed.
 */
#include "libmod/base/map.h"
#include "libmod/base/name.h"
#include "libmod/base/sized.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/live/loaded.h"
#include "libmod/load/command.h"
#include "libmod/load/remove.h"
#include "libmod/load/rules.h"
#include "libmod/load/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

enum { DEPTH_MAX = 500 }; /* as in plan.c */

struct unloading {
	struct mod_ctx *ctx;
	struct mod_unload_opts opts;
	struct mod_run_opts run;
	struct mod_arena arena;
	struct mod_map visited; /* by name: removal was begun */
	struct mod_map removed; /* by name: removed, or would be in a dry run */
	unsigned depth;
};

/* Why a module is to be removed. */
struct reason {
	enum mod_route route;
	const char *asked_by;
	const struct mod_rule *rule;
	bool is_target; /* the caller named it */
};

static int remove_one(struct unloading *u, struct mod_target *target,
		      const struct reason *reason);

static bool is_dry(const struct unloading *u)
{
	return u->run.flags & MOD_RUN_DRY;
}

static bool ignores_loaded(const struct unloading *u)
{
	return u->run.flags & MOD_RUN_IGNORE_LOADED;
}

/* Adds a name to a set.  1: it was in it already. */
static int add_name(struct unloading *u, struct mod_map *set, const char *name)
{
	void **slot;
	const char *key = mod_arena_strn(&u->arena, name, strlen(name));

	int r = key ? mod_map_put(set, key, &slot) : -ENOMEM;
	if (r < 0)
		return r;
	if (*slot)
		return 1;
	*slot = set;
	return 0;
}

static int fail_state(struct unloading *u, int code, const char *name,
		      const char *what)
{
	return mod_error_set(u->ctx, MOD_ORIGIN_STATE, code, name, "%s is %s",
			     name, what);
}

/* How many users a module has; in a dry run without those that would be gone.
 */
static int count_users(struct unloading *u, const char *name, long *count)
{
	struct mod_directory holders;

	int r = mod_loaded_refcount(u->ctx, name, count);
	if (r < 0 || !is_dry(u) || *count <= 0)
		return r;
	r = mod_loaded_read_holders(u->ctx, name, &u->arena, &holders);
	for (size_t i = 0; r == 0 && i < holders.n; i++)
		if (mod_map_get(&u->removed, holders.at[i].name))
			--*count;
	return 0;
}

/* A module stays loaded, and the run goes on. */
static void skip(struct unloading *u, const char *name, enum mod_route route,
		 const char *asked_by, int r)
{
	mod_run_skip(u->ctx, &u->run,
		     &(struct mod_step){ .action = MOD_ACTION_UNLOAD,
					 .name = name,
					 .options = "",
					 .route = route,
					 .asked_by = asked_by },
		     r);
}

static void show(struct unloading *u, const struct mod_step *step)
{
	if (u->run.show)
		u->run.show(u->run.data, step);
}

/* Removes one module.  One that has vanished meanwhile is removed, too. */
static int rmmod(struct unloading *u, const char *name,
		 const struct reason *reason)
{
	show(u,
	     &(struct mod_step){ .action = MOD_ACTION_UNLOAD,
				 .name = name,
				 .options = "",
				 .rules = { [MOD_RULE_ASKED] = reason->rule },
				 .route = reason->route,
				 .asked_by = reason->asked_by,
				 .is_target = reason->is_target });
	/* Force is for the target, not for the modules removed with it. */
	int r = is_dry(u)
		? 0
		: mod_remove_module(u->ctx, name,
				    reason->is_target ? u->run.flags : 0,
				    u->opts.wait_ms);
	if (r == -ENOENT)
		r = u->run.flags & MOD_RUN_FIRST_TIME && reason->is_target
			? fail_state(u, r, name, "not loaded")
			: 0;
	if (r == 0)
		r = add_name(u, &u->removed, name);
	return r < 0 ? r : 0;
}

static int run_command(struct unloading *u, const char *name,
		       const struct mod_rule *command,
		       const struct reason *reason)
{
	const struct mod_step step = {
		.action = MOD_ACTION_REMOVE_COMMAND,
		.name = name,
		.options = "",
		.command = command->text,
		.rules = { [MOD_RULE_ASKED] = reason->rule,
			   [MOD_RULE_COMMAND] = command },
		.route = reason->route,
		.asked_by = reason->asked_by,
		.is_target = reason->is_target,
	};

	show(u, &step);
	return is_dry(u) ? 0 : mod_command_run(u->ctx, &u->run, &step);
}

/* Softdeps, last first.  One that is in use or not loaded does not keep the
 * module itself loaded.
 */
static int remove_softdeps(struct unloading *u, struct mod_targets *list,
			   const char *asked_by)
{
	for (size_t i = list->n; i-- > 0;) {
		int r = remove_one(
			u, &list->at[i],
			&(struct reason){ .route = MOD_ROUTE_SOFTDEP,
					  .asked_by = asked_by,
					  .rule = list->at[i].softdep });
		if (r == -ENOMEM)
			return r;
		if (r == 0)
			continue;
		skip(u, list->at[i].name, MOD_ROUTE_SOFTDEP, asked_by, r);
	}
	return 0;
}

/* The modules that use the module, and those that use these. */
static int remove_holders(struct unloading *u, const char *name)
{
	struct mod_directory holders;
	int r = mod_loaded_read_holders(u->ctx, name, &u->arena, &holders);

	if (r < 0)
		return r == -ENOMEM ? r : 0; /* the kernel knows them */
	for (size_t i = holders.n; r == 0 && i-- > 0;) {
		struct mod_target holder = { .ctx = u->ctx,
					     .arena = &u->arena,
					     .name = holders.at[i].name,
					     .route = MOD_ROUTE_HOLDER };
		r = remove_one(u, &holder,
			       &(struct reason){ .route = MOD_ROUTE_HOLDER,
						 .asked_by = name });
	}
	return r;
}

/* Dependencies that nothing uses any more, dependents before what they need. */
static int remove_free(struct unloading *u, struct mod_target *target)
{
	const char *line, *path;
	size_t len;
	long count;

	int r = mod_target_resolve(target);
	line = target->deps;
	while (r == 0 && line && (path = mod_tree_dep_next(&line, &len))) {
		char text[MOD_NAME_MAX], name[MOD_NAME_MAX];
		if (len >= sizeof text)
			return -ENAMETOOLONG;
		text[len] = '\0';
		memcpy(text, path, len);
		if (mod_name_of_path(name, sizeof name, text) < 0 ||
		    mod_map_get(&u->removed, name) ||
		    count_users(u, name, &count) < 0 || count != 0)
			continue;
		r = rmmod(u, name,
			  &(struct reason){ .route = MOD_ROUTE_DEPENDENCY,
					    .asked_by = target->name });
		if (r < 0 && r != -ENOMEM) {
			skip(u, name, MOD_ROUTE_DEPENDENCY, target->name, r);
			r = 0;
		}
	}
	return r;
}

/* Decides whether there is anything to do.  1: no. */
static int check_state(struct unloading *u, struct mod_target *target,
		       const struct reason *reason)
{
	enum mod_state state;

	int r = mod_target_resolve(target);
	if (r < 0)
		return r;
	if (target->builtin)
		return reason->is_target
			? fail_state(u, -EPERM, target->name, "built in")
			: 1;
	r = mod_loaded_read_state(u->ctx, target->name, &state);
	/* A dry run has removed it although it is still loaded. */
	if (r < 0 ||
	    (state != MOD_STATE_NONE &&
	     !mod_map_get(&u->removed, target->name)))
		return r;
	return reason->is_target && u->run.flags & MOD_RUN_FIRST_TIME
		? fail_state(u, -ENOENT, target->name, "not loaded")
		: 1;
}

static int check_use(struct unloading *u, const char *name,
		     const struct reason *reason)
{
	long count;

	if (ignores_loaded(u) || u->opts.wait_ms ||
	    (reason->is_target && u->run.flags & MOD_RUN_FORCE_UNLOAD))
		return 0;
	if (count_users(u, name, &count) < 0 || count <= 0)
		return 0; /* without a count the kernel decides */
	fail_state(u, -EBUSY, name, "in use");
	return mod_error_advise(u->ctx,
				"unload the modules that use it, or "
				"end the programs that do");
}

/* The module itself, after its post softdeps. */
static int remove_itself(struct unloading *u, struct mod_target *target,
			 const struct mod_rule *command,
			 const struct reason *reason)
{
	int r = 0;

	/* Not for softdeps: they are removed only when nothing uses them. */
	if (u->opts.plan_flags & MOD_PLAN_HOLDERS &&
	    (reason->is_target || reason->route == MOD_ROUTE_HOLDER)) {
		r = remove_holders(u, target->name);
		if (r < 0)
			return r;
		/* It may have been removed with the last of them. */
		if (mod_map_get(&u->removed, target->name))
			return 0;
	}
	if (command)
		return run_command(u, target->name, command, reason);
	r = check_use(u, target->name, reason);
	if (r == 0)
		r = rmmod(u, target->name, reason);
	return r == 0 ? remove_free(u, target) : r;
}

static int remove_with_softdeps(struct unloading *u, struct mod_target *target,
				const struct reason *reason)
{
	const struct mod_rule *command = NULL;
	struct mod_arena arena = { 0 };
	struct mod_softdeps softdeps = { 0 };
	bool ignore_commands = reason->is_target &&
		u->opts.plan_flags & MOD_PLAN_IGNORE_COMMANDS;
	int r = 0;

	if (!ignore_commands)
		r = mod_rules_command(u->ctx, MOD_LINE_REMOVE, target,
				      &command);
	if (r == 0 && !command && !ignores_loaded(u))
		r = check_state(u, target, reason);
	if (r != 0)
		return r < 0 ? r : 0;
	if (!ignore_commands)
		r = mod_rules_softdeps(u->ctx, target->name, false, &arena,
				       &softdeps);
	if (r == 0)
		r = remove_softdeps(u, &softdeps.post, target->name);
	if (r == 0)
		r = remove_itself(u, target, command, reason);
	if (r == 0)
		r = remove_softdeps(u, &softdeps.pre, target->name);
	mod_arena_fini(&arena);
	return r;
}

static int remove_one(struct unloading *u, struct mod_target *target,
		      const struct reason *reason)
{
	int r = add_name(u, &u->visited, target->name);

	if (r != 0)
		return r < 0 ? r : 0;
	if (u->depth == DEPTH_MAX)
		return mod_error_set(
			u->ctx, MOD_ORIGIN_CONFIG, -ELOOP, target->name,
			"softdeps or holders go deeper than %d", DEPTH_MAX);
	u->depth++;
	r = remove_with_softdeps(u, target, reason);
	u->depth--;
	return r;
}

static int take_opts(struct unloading *u, const struct mod_unload_opts *given)
{
	int r = given ? mod_sized_copy(&u->opts, sizeof u->opts, given) : 0;

	if (r < 0)
		return mod_error_set(u->ctx, MOD_ORIGIN_CALLER, r, NULL,
				     "the size of the options is invalid");
	return mod_run_take_opts(u->ctx, u->opts.run, &u->run);
}

int mod_unload(struct mod_ctx *ctx, const struct mod_target *target,
	       const struct mod_unload_opts *opts)
{
	struct unloading u = { .ctx = ctx };
	struct mod_target own = *target; /* is resolved while it is removed */

	own.arena = &u.arena;
	mod_error_clear(ctx);
	int r = take_opts(&u, opts);
	if (r == 0)
		r = remove_one(&u, &own,
			       &(struct reason){ .route = target->route,
						 .asked_by = target->alias,
						 .rule = target->rule,
						 .is_target = true });
	mod_map_fini(&u.visited);
	mod_map_fini(&u.removed);
	mod_arena_fini(&u.arena);
	return mod_error_end(ctx, r);
}
