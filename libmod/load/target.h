/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* target.h - a module that a name, an alias or a path means. */
#pragma once

#include "libmod/config/config.h"
#include "libmod/index/tree.h"

struct mod_target {
	struct mod_ctx *ctx;
	struct mod_arena *arena; /* of its list */
	const char *name;
	const char *alias; /* it was found by, or NULL */
	const char *path;  /* set by mod_target_resolve() */
	const char *deps;  /* the rest of its modules.dep line, likewise */
	const struct mod_rule *rule;    /* the alias or command line, or NULL */
	const struct mod_rule *softdep; /* the line that named it, or NULL */
	enum mod_route route;
	bool builtin;
	bool resolved;
};

struct mod_targets {
	struct mod_target *at;
	size_t n, cap;
	struct mod_arena *arena; /* for all of it, the caller's */
};

/* Looks up its file and dependencies in modules.dep, and whether it is a
 * built-in, once.  Not done while finding: names are all that many ask for.
 */
_check_ int mod_target_resolve(struct mod_target *target);

/* What a target depends on, first to be loaded first, in the arena.  0 or
 * -errno.
 */
_check_ int mod_target_dependencies(struct mod_target *target,
				    struct mod_arena *arena,
				    struct mod_target **out, size_t *count);

/* The same target, with nothing of the first one's arena.  0 or -ENOMEM. */
_check_ int mod_target_copy(struct mod_target *out,
			    const struct mod_target *target,
			    struct mod_arena *arena);
