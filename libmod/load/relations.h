/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* relations.h - the modules that loading some targets can involve, and how they
 * are related: the first of the three passes of planning.
 *
 * Softdeps of modules that the policy refuses are collected too.  All strings
 * and relations are in the arena that the caller gave, or in the configuration.
 */
#pragma once

#include "libmod/base/map.h"
#include "libmod/load/policy.h"

/* Why a module is needed, and as which target it was found. */
struct mod_relation {
	struct mod_node *node;
	const struct mod_target *target; /* resolved */
	enum mod_route route;
	const char *asked_by;        /* module or alias, or NULL */
	const struct mod_rule *rule; /* alias or softdep line, or NULL */
};

struct mod_relation_list {
	struct mod_relation *at;
	size_t n;
};

/* One module name. */
struct mod_node {
	const char *name;
	struct mod_node *next; /* of all, in the order in which they were found
				*/
	bool is_target;        /* the caller asked for it */
	const char *options;   /* the caller's; "" but for targets */
	const char *required_by;  /* the first target that fails without it; a
				   * target requires itself; NULL: none */
	struct mod_target *found; /* as the caller gave it, or as a softdep of
				   * another; NULL: a dependency only */
	struct mod_relation_list dependencies; /* if found; in load order */
	struct mod_relation_list pre, post;    /* softdeps */

	/* Set by mod_verdicts_mark(). */
	struct mod_policy_result policy; /* as a target or a softdep */
	struct mod_policy_result mask;   /* as a dependency */

	/* For the pass that orders the steps. */
	bool visited; /* as a target or a softdep */
	bool planned; /* it has its step */
};

struct mod_relations {
	struct mod_ctx *ctx;
	struct mod_arena *arena;
	unsigned flags; /* enum mod_plan_flags */
	struct mod_node *first;
	struct mod_node **end; /* the link after the last node */
	struct mod_map nodes;  /* by name */
	struct mod_relation_list targets;
};

/* Collects what n targets in the arena need, directly or not.  options has one
 * string for each target.  Of two targets for the same module the first
 * counts.  Returns 0 or -errno.
 */
_check_ int mod_relations_collect(struct mod_relations *relations,
				  struct mod_target *targets,
				  const char *const *options, size_t n);

void mod_relations_fini(struct mod_relations *relations);
