/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/bytes.h"

struct mod_bytes mod_cur_range(struct mod_cur *c, uint64_t off, uint64_t len)
{
	if (c->bad || off > c->in.len || len > c->in.len - off) {
		c->bad = true;
		return (struct mod_bytes){ 0 };
	}
	return (struct mod_bytes){ len ? c->in.at + off : c->in.at,
				   (size_t)len };
}

const char *mod_bytes_str(struct mod_bytes table, uint64_t off)
{
	if (off >= table.len ||
	    !memchr(table.at + off, '\0', table.len - (size_t)off))
		return NULL;
	return (const char *)table.at + off;
}
