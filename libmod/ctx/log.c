/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/ctx/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void mod_log(struct mod_ctx *ctx, int level, const char *fmt, ...)
{
	char *text;
	va_list ap;

	if (!ctx->log || level > ctx->log_level)
		return;
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	ctx->log(ctx->log_data, level, text);
	free(text);
}
