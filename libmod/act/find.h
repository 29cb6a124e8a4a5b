/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* find.h - from a name or alias to modules. */
#pragma once

#include "libmod/base/ctx.h"
#include "libmod/model/config.h"
#include "libmod/model/tree.h"

struct mod_target {
	const char *name;
	const char *alias; /* it was found by, or NULL */
	const char *path;  /* of its file, or NULL */
	const char *dep;   /* its line of modules.dep, or NULL */
	const struct mod_rule *rule; /* the alias or command line, or NULL */
	enum mod_route route;
	bool builtin;
};

struct mod_targets {
	struct mod_target *at;
	size_t n, cap;
	struct mod_arena arena; /* for the strings */
};

void mod_targets_fini(struct mod_targets *targets);

/* Which sources a look-up asks, see mod_find(). */
enum mod_find_scope { MOD_FIND_ALL, MOD_FIND_INDEXED, MOD_FIND_NAME };

/* Appends to *out.  Returns 0, 1 when nothing has that name, -EINVAL, ... */
_check_ int mod_find_in(struct mod_ctx *ctx, enum mod_find_scope scope,
			const char *query, struct mod_targets *out);
