/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* name.h - the rules for module names: - and _, .ko and .ko.xz, path to name.
 *
 * Two rules exist and differ.  A module's name ends at the first '.'; a query
 * or a pattern keeps everything and leaves [...] alone.
 */
#pragma once

#include "libmod/base/cleanup.h"
#include "libmod/libmod.h"

#include <stdbool.h>
#include <stddef.h>

enum { MOD_NAME_MAX = 4096 }; /* bytes with the NUL; PATH_MAX's size */

/* Each '-' outside of [...] becomes '_', in place.  Returns 0, or -EINVAL when
 * the brackets do not pair; the text is then left half done.
 */
_check_ int mod_name_normalise(char *text);

/* As mod_name_normalise(), into buf.  -ENAMETOOLONG when it does not fit. */
_check_ int mod_name_query(char *buf, size_t size, const char *query);

/* A name of a list of modules, or a pattern, in place: normalised, and ended at
 * a '.' outside of [...], so that a file's name will do.  Returns 0, or -EINVAL
 * for an invalid name: empty, with a '/', ',', quotes, whitespace or bytes
 * that are not ASCII, or with brackets that do not pair.
 */
_check_ int mod_name_listed(char *text);

/* True for a name that ends in .ko, .ko.gz, .ko.xz or .ko.zst and holds more
 * than that.
 */
bool mod_name_is_file(const char *path);
