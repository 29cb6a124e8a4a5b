/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/live/kernel-info.h"

#include "libmod/base/path.h"
#include "libmod/ctx/log.h"
#include "libmod/sys/file.h"

#include <limits.h>
#include <string.h>
#include <syslog.h>

enum mod_codec mod_kernel_info_codec(struct mod_ctx *ctx)
{
	char path[PATH_MAX], text[32];

	if (!mod_path_concat(path, sizeof path, ctx->sys, "/module/compression",
			     NULL) ||
	    mod_file_line(path, text, sizeof text) < 0)
		return MOD_CODEC_NONE;
	for (int c = MOD_CODEC_GZ; c <= MOD_CODEC_ZST; c++)
		if (strcmp(text, mod_codec_kernel_name((enum mod_codec)c)) == 0)
			return (enum mod_codec)c;
	mod_log(ctx, LOG_NOTICE, "%s: unknown kernel compression %s", path,
		text);
	return MOD_CODEC_NONE;
}

bool mod_kernel_info_is_locked_down(struct mod_ctx *ctx)
{
	char path[PATH_MAX], text[64];

	/* "none [integrity] confidentiality" */
	return mod_path_concat(path, sizeof path, ctx->sys,
			       "/kernel/security/lockdown", NULL) &&
		mod_file_line(path, text, sizeof text) == 0 &&
		strchr(text, '[') && !strstr(text, "[none]");
}
