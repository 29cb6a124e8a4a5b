/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modinfo.h - the key=value strings of .modinfo and modules.builtin.modinfo.
 *
 * Source: include/linux/moduleparam.h, __MODULE_INFO(), and for built-ins
 * scripts/Makefile.vmlinux ("NAME.key=value", each ended by NUL).
 */
#pragma once

#include "libmod/base/bytes.h"

struct mod_info {
	struct mod_bytes key;   /* everything, when there is no '=' */
	struct mod_bytes value; /* empty, when there is no '=' */
};

/* Takes the next string off the front of *left; false when none is left.
 * Strings are divided by one or more NULs; the last may lack its NUL, unless it
 * is a single byte: that is none.
 */
bool mod_modinfo_next(struct mod_bytes *left, struct mod_info *info);

/* The same for modules.builtin.modinfo: hands out only the strings of the
 * module so named ('-' and '_' are one), wherever they are, key without
 * "NAME.".
 */
bool mod_modinfo_builtin_next(struct mod_bytes *left, const char *module,
			      struct mod_info *info);
