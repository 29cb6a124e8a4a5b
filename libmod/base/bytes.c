/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/bytes.h"

const char *mod_bytes_str(struct mod_bytes table, uint64_t off)
{
	if (off >= table.len ||
	    !memchr(table.at + off, '\0', table.len - (size_t)off))
		return NULL;
	return (const char *)table.at + off;
}
