/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* settings.h - what a caller's options mean: directories and the cache. */
#pragma once

#include "libmod/ctx/ctx.h"

/* Strings belong to the caller or to the context. */
struct mod_settings {
	struct mod_depmod_opts opts;
	const char *dir;        /* the tree, ROOT/lib/modules/RELEASE */
	const char *out_dir;    /* where outputs go; made if needed */
	const char *release;    /* of the kernel */
	const char *cache_dir;  /* where the cache is; NULL: there is none */
	const char *cache_name; /* the file there */
	bool system_cache;      /* it is in /var/cache/libmod */
};

/* Returns 0; -EINVAL for options that make no sense; why a directory cannot be
 * named or made (the error is set).
 */
_check_ int mod_settings_make(struct mod_ctx *ctx,
			      const struct mod_depmod_opts *opts,
			      struct mod_settings *out);

/* Removes caches of releases that have no tree any more, if the system's cache
 * was used.
 */
void mod_settings_remove_old_caches(struct mod_ctx *ctx,
				    const struct mod_settings *settings);
