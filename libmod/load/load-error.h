/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* load-error.h - why the kernel refused a module, as far as the module tells.
 */
#pragma once

#include "libmod/ctx/error.h"
#include "libmod/module/module.h"

/* Says it by mod_error_set(); returns r, which is the kernel's answer. */
int mod_load_error(struct mod_module *module, int r);
