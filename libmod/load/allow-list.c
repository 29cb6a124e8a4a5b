/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* allow-list.c - an allow list for the loaded modules and their dependencies.
 */
#include "libmod/base/grow.h"
#include "libmod/base/map.h"
#include "libmod/ctx/error.h"
#include "libmod/live/loaded.h"
#include "libmod/load/plan.h"
#include "libmod/load/policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct listing {
	struct mod_ctx *ctx;
	struct mod_arena arena;
	struct mod_map seen;
	const char **names;
	size_t n, cap;
};

static int list(struct listing *l, const char *name)
{
	void **seen;
	const char *copy = mod_arena_strn(&l->arena, name, strlen(name));
	int r = copy ? mod_map_put(&l->seen, copy, &seen) : -ENOMEM;

	if (r < 0 || *seen)
		return r;
	const char **at = mod_grow(l->names, &l->cap, l->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	l->names = at;
	*seen = (void *)copy;
	l->names[l->n++] = copy;
	return 0;
}

static int list_loaded(void *data, const struct mod_loaded *mod)
{
	return list(data, mod_loaded_name(mod));
}

/* All that loading it takes, softdeps too, but nothing that is built in or that
 * no file has.
 */
static int list_needed(struct listing *l, const char *name)
{
	struct mod_target target = { .ctx = l->ctx,
				     .arena = &l->arena,
				     .name = name,
				     .route = MOD_ROUTE_NAME };
	struct mod_plan *plan;

	int r = mod_plan_make(l->ctx, &target, MOD_PLAN_NO_POLICY, &plan);
	if (r != 0)
		return r < 0 ? r : 0;
	for (size_t i = 0; i < plan->n && r == 0; i++)
		if (plan->at[i].path)
			r = list(l, plan->at[i].name);
	mod_plan_free(plan);
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int give(struct listing *l, mod_allowed_fn *fn, void *data)
{
	int r = 0;

	for (size_t i = 0; i < l->n && r == 0; i++) {
		struct mod_allowed module = { .name = l->names[i] };
		r = mod_policy_mask(l->ctx, module.name, 0, &module.mask);
		if (r == 0)
			r = fn(data, &module);
	}
	return r;
}

int mod_allow_each(struct mod_ctx *ctx, mod_allowed_fn *fn, void *data)
{
	struct listing l = { .ctx = ctx };

	mod_error_clear(ctx);
	int r = mod_loaded_walk(ctx, list_loaded, &l);
	/* A plan has the softdeps of all its steps: no name added here has more
	 * to add.
	 */
	size_t loaded = l.n;
	for (size_t i = 0; i < loaded && r == 0; i++)
		r = list_needed(&l, l.names[i]);
	if (r == 0) {
		if (l.n)
			qsort(l.names, l.n, sizeof *l.names, by_name);
		r = give(&l, fn, data);
	}
	free(l.names);
	mod_map_fini(&l.seen);
	mod_arena_fini(&l.arena);
	return mod_error_end(ctx, r);
}
