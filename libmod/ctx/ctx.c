/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/ctx/ctx.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

int mod_ctx_new(struct mod_ctx **out)
{
	struct mod_ctx *ctx = calloc(1, sizeof *ctx);

	if (!ctx)
		return -ENOMEM;
	ctx->root = "";
	ctx->proc = "/proc";
	ctx->sys = "/sys";
	ctx->config_root = "";
	ctx->log_level = LOG_EMERG;
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
	free(ctx->error.message);
	free(ctx->error.subject);
	free(ctx);
}

void mod_ctx_set_log(struct mod_ctx *ctx, mod_log_fn *fn, void *data, int least)
{
	ctx->log = fn;
	ctx->log_data = data;
	ctx->log_level = least;
}
