/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* attributes.h - owner, mode and extended attributes of a file, copied to its
 * replacement.
 */
#pragma once

#include "libmod/base/cleanup.h"

struct stat;

/* old: from's status.  Extended attributes that vouch for the content
 * (security.ima, security.evm), and those that cannot be set, are left out.
 * Returns 0 or -errno.
 */
_check_ int mod_attributes_copy(int from, const struct stat *old, int to);
