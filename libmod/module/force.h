/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* force.h - what init_module(2) has no flags for, done to a copy of a module.
 *
 * Source: kernel/module/main.c: versions are looked for in allocated sections
 * only, and a module without "vermagic=" passes for forced.
 */
#pragma once

#include "libmod/base/cleanup.h"

#include <stddef.h>
#include <stdint.h>

/* Hides __versions and __version_ext_* (absent: fine). */
_check_ int mod_force_hide_versions(uint8_t *image, size_t len);

/* Clears the vermagic string.  -ENODATA when .modinfo has none; no .modinfo at
 * all is fine.
 */
_check_ int mod_force_clear_vermagic(uint8_t *image, size_t len);
