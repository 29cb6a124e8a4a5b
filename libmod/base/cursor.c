/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/cursor.h"

struct mod_bytes mod_cursor_range(struct mod_cursor *c, uint64_t off,
				  uint64_t len)
{
	if (c->bad || off > c->in.len || len > c->in.len - off) {
		c->bad = true;
		return (struct mod_bytes){ 0 };
	}
	return (struct mod_bytes){ len ? c->in.at + off : c->in.at,
				   (size_t)len };
}
