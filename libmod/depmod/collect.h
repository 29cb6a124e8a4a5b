/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* collect.h - the module files of a tree, one for each name. */
#pragma once

#include "libmod/depmod/conf.h"

struct mod_collected {
	const char *path;  /* whole */
	const char *shown; /* as modules.dep has it: relative to the tree, or
			    * whole for files outside of it */
	const char *name;  /* of the module */
	const char *key;   /* as modules.order would have it */
	const char *stem;  /* shown without extension: DIRECTORY/NAME */
};

struct mod_collection {
	struct mod_collected *at;
	size_t n, cap;
	const char **directories; /* that were read */
	size_t directory_n, directory_cap;
	size_t unread; /* directories that are there and could not be read */
};

/* All modules below dir, and of the configuration's external directories.  Of
 * several with one name the configuration decides, and where it does not, the
 * first as directories are walked, by the bytes of names.  Links are followed,
 * cycles of them are not. Strings are the context's.  Returns 0; -errno when
 * dir cannot be read.
 */
_check_ int mod_collect(struct mod_ctx *ctx, const char *dir,
			const struct mod_depmod_conf *config, unsigned threads,
			struct mod_collection *out);

/* One file by its path: as mod_collect() would describe it. */
_check_ int mod_collect_file(struct mod_ctx *ctx, const char *dir,
			     const char *path, struct mod_collected *found);

void mod_collect_fini(struct mod_collection *list);
