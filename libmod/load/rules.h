/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rules.h - the rules of the configuration that apply to a module. */
#pragma once

#include "libmod/load/find.h"

/* The install or remove line that holds for a target, or NULL. */
_check_ int mod_rules_command(struct mod_ctx *ctx, enum mod_line_kind kind,
			      const struct mod_target *target,
			      const struct mod_rule **rule);

/* The blacklist line that stops a target, or NULL: one found by alias always,
 * others only when all is set.  as_kmod: as kmod reads the lines.
 */
_check_ int mod_rules_blacklist(struct mod_ctx *ctx,
				const struct mod_target *target, bool all,
				bool as_kmod, const struct mod_rule **rule);

/* The options of all lines for a target's name or alias, joined by spaces; a
 * space and `more` after them.  In arena.  *first is the first such line, or
 * NULL.
 */
_check_ int mod_rules_options(struct mod_ctx *ctx,
			      const struct mod_target *target, const char *more,
			      struct mod_arena *arena, const char **options,
			      const struct mod_rule **first);

/* The first options line from rule on for a target's name or alias, or NULL. */
const struct mod_rule *mod_rules_next_options(const struct mod_rule *rule,
					      const struct mod_target *target);

struct mod_softdeps {
	struct mod_targets pre, post; /* looked up; unknown words left out */
};

/* All softdep lines for a module, in arena: the configuration's, if it has any
 * for it, else all that the tree ships.  as_kmod: the one line that kmod takes.
 */
_check_ int mod_rules_softdeps(struct mod_ctx *ctx, const char *name,
			       bool as_kmod, struct mod_arena *arena,
			       struct mod_softdeps *out);
/* The words of one softdep line, each looked up. */
_check_ int mod_rules_softdep_words(struct mod_ctx *ctx,
				    const struct mod_rule *rule,
				    struct mod_arena *arena,
				    struct mod_softdeps *out);

/* The modules of all weakdep lines for a module, appended to *out: the
 * configuration's, if it has any for it, else all that the tree ships.
 */
_check_ int mod_rules_weakdeps(struct mod_ctx *ctx, const char *name,
			       struct mod_targets *out);
