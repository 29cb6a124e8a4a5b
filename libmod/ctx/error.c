/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/ctx/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int mod_error_set(struct mod_ctx *ctx, enum mod_origin origin, int code,
		  const char *subject, const char *fmt, ...)
{
	struct mod_error *error = &ctx->error;
	char *message = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&message, fmt, ap) < 0)
		message = NULL;
	va_end(ap);
	/* The new subject may be the old one. */
	char *copy = subject ? strdup(subject) : NULL;
	free(error->subject);
	free(error->message);
	*error = (struct mod_error){ .code = code,
				     .origin = origin,
				     .subject = copy,
				     .message = message };
	return code;
}

const char *mod_error_text(const struct mod_ctx *ctx, int r)
{
	return ctx->error.code == r ? mod_error_message(&ctx->error)
				    : strerror(-r);
}

int mod_error_advise(struct mod_ctx *ctx, const char *advice)
{
	ctx->error.advice = advice;
	return ctx->error.code;
}

int mod_error_set_limit(struct mod_ctx *ctx, int code, const char *path)
{
	return mod_error_set(ctx, MOD_ORIGIN_SYSTEM, code, path,
			     "%s: not read: %s", path, strerror(-code));
}

int mod_error_end(struct mod_ctx *ctx, int r)
{
	if (r >= 0)
		mod_error_clear(ctx);
	else if (ctx->error.code != r)
		mod_error_set(ctx, MOD_ORIGIN_SYSTEM, r, NULL, "%s",
			      strerror(-r));
	return r;
}

const struct mod_error *mod_ctx_error(const struct mod_ctx *ctx)
{
	return &ctx->error;
}

int mod_error_code(const struct mod_error *error)
{
	return error->code;
}

enum mod_origin mod_error_origin(const struct mod_error *error)
{
	return error->code ? error->origin : MOD_ORIGIN_NONE;
}

const char *mod_error_subject(const struct mod_error *error)
{
	return error->code && error->subject ? error->subject : "";
}

const char *mod_error_message(const struct mod_error *error)
{
	if (!error->code)
		return "";
	/* There may have been no memory for it. */
	return error->message ? error->message : strerror(-error->code);
}

const char *mod_error_advice(const struct mod_error *error)
{
	return error->code && error->advice ? error->advice : "";
}
