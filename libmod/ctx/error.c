/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/ctx/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int mod_error_set(struct mod_ctx *ctx, enum mod_origin origin, int code,
		  const char *subject, const char *fmt, ...)
{
	char *sentence = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&sentence, fmt, ap) < 0)
		sentence = NULL;
	va_end(ap);
	/* The new subject may be the old one. */
	char *copy = subject ? strdup(subject) : NULL;
	free(ctx->subject);
	free(ctx->sentence);
	ctx->subject = copy;
	ctx->sentence = sentence;
	ctx->origin = origin;
	ctx->error = code;
	return code;
}

int mod_error_set_limit(struct mod_ctx *ctx, int code, const char *path)
{
	return mod_error_set(ctx, MOD_ORIGIN_SYSTEM, code, path,
			     "%s: not read: %s", path, strerror(-code));
}

int mod_error_end(struct mod_ctx *ctx, int r)
{
	if (r < 0 && ctx->error != r)
		mod_error_set(ctx, MOD_ORIGIN_SYSTEM, r, NULL, "%s",
			      strerror(-r));
	return r;
}

int mod_error_code(const struct mod_ctx *ctx)
{
	return ctx->error;
}

enum mod_origin mod_error_origin(const struct mod_ctx *ctx)
{
	return ctx->error ? ctx->origin : MOD_ORIGIN_NONE;
}

const char *mod_error_subject(const struct mod_ctx *ctx)
{
	return ctx->error && ctx->subject ? ctx->subject : "";
}

const char *mod_error_sentence(const struct mod_ctx *ctx)
{
	if (!ctx->error)
		return "";
	/* There may have been no memory for it. */
	return ctx->sentence ? ctx->sentence : strerror(-ctx->error);
}
