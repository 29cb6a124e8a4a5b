/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/ctx/ctx.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

static void init(struct mod_ctx *ctx)
{
	ctx->root = "";
	ctx->proc = "/proc";
	ctx->sys = "/sys";
	ctx->config_root = "";
	ctx->log_level = LOG_EMERG;
}

int mod_ctx_new(struct mod_ctx **out)
{
	struct mod_ctx *ctx = calloc(1, sizeof *ctx);

	if (!ctx)
		return -ENOMEM;
	init(ctx);
	*out = ctx;
	return 0;
}

/* Most modules are found and planned in these, a plan of some 30 steps say. */
enum { TARGETS_ROOM = 2 * 1024, PLAN_ROOM = 16 * 1024 }; /* bytes */

/* Sets n bytes at the end of a context's own memory apart, when that leaves it
 * most of them.
 */
static void set_apart(struct mod_loan *own, size_t n, struct mod_loan *loan)
{
	if (own->n / 3 < n)
		return;
	own->n -= n;
	*loan = (struct mod_loan){ .at = (char *)own->at + own->n, .n = n };
}

int mod_ctx_new_in(void *memory, size_t size, struct mod_ctx **out)
{
	struct mod_ctx *ctx = memory;

	if (size < sizeof *ctx || (uintptr_t)memory % _Alignof(max_align_t))
		return -EINVAL;
	*ctx = (struct mod_ctx){ .lent = true };
	init(ctx);
	const size_t step = _Alignof(max_align_t);
	const size_t used = (sizeof *ctx + step - 1) / step * step;
	size -= size % step;
	if (size > used) {
		ctx->own = (struct mod_loan){ .at = (char *)memory + used,
					      .n = size - used };
		ctx->arena.loan = &ctx->own;
		set_apart(&ctx->own, TARGETS_ROOM, &ctx->targets);
		set_apart(&ctx->own, PLAN_ROOM, &ctx->plan);
	}
	*out = ctx;
	return 0;
}

static void clear_slot(struct mod_slot *slot)
{
	if (slot->at && slot->free)
		slot->free(slot->at);
	*slot = (struct mod_slot){ 0 };
}

void mod_ctx_free(struct mod_ctx *ctx)
{
	if (!ctx)
		return;
	clear_slot(&ctx->config);
	clear_slot(&ctx->tree);
	mod_arena_fini(&ctx->arena);
	free(ctx->sentence);
	free(ctx->subject);
	if (!ctx->lent)
		free(ctx);
}

void mod_ctx_set_log(struct mod_ctx *ctx, mod_log_fn *fn, void *data, int least)
{
	ctx->log = fn;
	ctx->log_data = data;
	ctx->log_level = least;
}
