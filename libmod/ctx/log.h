/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* log.h - messages for whoever listens to a context. */
#pragma once

#include "libmod/ctx/ctx.h"

/* A message to whoever listens; level is one of syslog's LOG_*.  Free of cost
 * when nobody wants that level.
 */
void mod_log(struct mod_ctx *ctx, int level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
