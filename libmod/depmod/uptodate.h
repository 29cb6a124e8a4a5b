/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* uptodate.h - is there anything to do for depmod -A? */
#pragma once

#include "libmod/depmod/collect.h"

/* Of the tree dir, whose outputs are in out_dir.  False when an output is
 * missing or no index, when modules.dep lists other modules than those that
 * were found, or when a module, an input or a directory changed after the
 * oldest output was written.  In doubt false.
 */
bool mod_depmod_uptodate(const char *dir, const char *out_dir,
			 const struct mod_collection *found);
