/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* files.h - which files make up the configuration, and in which order.
 *
 * The directories in their order of precedence; of files with one name the
 * first counts; read in byte order of the names, whatever the directory.
 */
#pragma once

#include "libmod/ctx/ctx.h"
#include "libmod/ctx/error.h"

struct mod_config_file {
	const char *path;
	const char *base; /* the part that orders and masks */
	bool regular;     /* known to be a regular file */
};

struct mod_config_files {
	struct mod_config_file *at; /* in the context's arena */
	size_t n, cap;
	bool systemd; /* set by the caller: from systemd's directories, also
		       * links to nowhere, and directories */
};

/* The user's files and directories if there are any, else the default
 * directories of that name ("modprobe.d").  Unusable entries are logged and
 * left out.  Returns
 * 0, or an error that mod_error_is_limit().
 */
_check_ int mod_config_files(struct mod_ctx *ctx, const char *dir_name,
			     struct mod_config_files *out);

/* Those of the default directories, whatever the user named. */
_check_ int mod_config_files_default(struct mod_ctx *ctx, const char *dir_name,
				     struct mod_config_files *out);

/* Those of one directory.  Returns 0; 1 when path is no directory; or why it
 * cannot be read.
 */
_check_ int mod_config_files_at(struct mod_ctx *ctx, const char *path,
				struct mod_config_files *out);

/* A path below the root of the configuration; NULL when memory is out. */
const char *mod_config_files_below_root(struct mod_ctx *ctx, const char *path);
