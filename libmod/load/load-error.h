/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* load-error.h - finds in a module why the kernel refused it. */
#pragma once

#include "libmod/ctx/error.h"
#include "libmod/module/module.h"

/* Sets the context's error; returns r, which is the kernel's answer. */
int mod_load_error(struct mod_module *module, int r);
