/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* conf.h - the settings of depmod.d: which directories are searched, and which
 * of several modules of one name counts.
 */
#pragma once

#include "libmod/ctx/ctx.h"

struct mod_depmod_conf_override {
	const struct mod_depmod_conf_override *next; /* the one read before */
	const char *module;
	const char *directory;
};

struct mod_depmod_conf_word {
	const struct mod_depmod_conf_word *next;
	const char *word;
};

struct mod_depmod_conf {
	const struct mod_depmod_conf_override *overrides; /* newest first */
	const struct mod_depmod_conf_word *search;    /* first is preferred */
	const struct mod_depmod_conf_word *externals; /* absolute directories */
	const struct mod_depmod_conf_word *excludes;
};

/* Reads the files and directories that the user named for the context, else the
 * default directories depmod.d; for a kernel of that version.  Strings are the
 * context's.  Returns 0 or -ENOMEM.
 */
_check_ int mod_depmod_conf_read(struct mod_ctx *ctx, const char *version,
				 struct mod_depmod_conf *config);
