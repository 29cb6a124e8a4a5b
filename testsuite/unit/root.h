/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* root.h - a small system in a directory: a module tree with its indexes, a
 * modprobe.d, /proc and /sys.
 */
#pragma once

#include "libmod/libmod.h"

#include <stddef.h>

struct root {
	char dir[64];
};

/* A fresh directory with lib/modules/1.0, etc/modprobe.d, proc and sys/module,
 * and all of it gone again.
 */
void root_make(struct root *root);
void root_remove(struct root *root);

/* Writes a file, its directories made as needed. */
void root_write(const struct root *root, const char *path, const char *text);
void root_write_bytes(const struct root *root, const char *path,
		      const void *bytes, size_t n);

/* Where a file of it is; good until the call after the next. */
const char *root_path(const struct root *root, const char *name);

/* What a file holds, which is short; good until the next call.  It must be
 * there.
 */
const char *root_text(const struct root *root, const char *name);

/* How many entries a directory has. */
int root_entries(const struct root *root, const char *folder);

/* modules.dep.bin, and an empty file for each module, from lines as those of
 * modules.dep ("k/b.ko: k/a.ko"), list ends with NULL.
 */
void root_modules(const struct root *root, const char *const *lines);

/* An index (modules.alias.bin, say) from "key value" pairs; NULL at the end. */
void root_index(const struct root *root, const char *name,
		const char *const *pairs);

/* A context that sees that system and nothing of the host. */
struct mod_ctx *root_ctx(const struct root *root);
