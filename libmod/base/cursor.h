/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cursor.h - reads bytes from outside in order, and cannot step off them.
 *
 * A read that does not fit yields zero and sets `bad`, and so does every read
 * after it, so a parser reads a record straight down and asks once whether it
 * was all there.
 */
#pragma once

#include "libmod/base/bytes.h"

struct mod_cursor {
	struct mod_bytes in;
	size_t pos; /* offset in `in` of the next byte, at most in.len */
	bool big;   /* numbers are stored big-endian */
	bool bad;   /* something did not fit; stays set */
};

/* The next n bytes, or NULL (and bad) when fewer are left. */
static inline const uint8_t *mod_cursor_take(struct mod_cursor *c, size_t n)
{
	if (c->bad || n > c->in.len - c->pos) {
		c->bad = true;
		return NULL;
	}
	if (n == 0) /* `in` may be nowhere at all */
		return c->pos ? c->in.at + c->pos : c->in.at;
	const uint8_t *p = c->in.at + c->pos;
	c->pos += n;
	return p;
}

static inline uint8_t mod_cursor_u8(struct mod_cursor *c)
{
	const uint8_t *p = mod_cursor_take(c, 1);
	return p ? *p : 0;
}

#define MOD_CURSOR_UINT(bits)                                                  \
	static inline uint##bits##_t mod_cursor_u##bits(struct mod_cursor *c)  \
	{                                                                      \
		const uint8_t *p = mod_cursor_take(c, bits / 8);               \
		uint##bits##_t v = 0;                                          \
		if (p)                                                         \
			memcpy(&v, p, sizeof v);                               \
		return c->big ? be##bits##toh(v) : le##bits##toh(v);           \
	}
MOD_CURSOR_UINT(16)
MOD_CURSOR_UINT(32)
MOD_CURSOR_UINT(64)

/* Moves to an offset from the start of the input. */
static inline void mod_cursor_seek(struct mod_cursor *c, uint64_t off)
{
	if (off > c->in.len)
		c->bad = true;
	else
		c->pos = (size_t)off;
}

/* A range of the input by offset and length; empty (and bad) when outside. */
struct mod_bytes mod_cursor_range(struct mod_cursor *c, uint64_t off,
				  uint64_t len);

/* n, when n records of `each` bytes are still to come; else 0 (and bad).
 * Every count read from a file goes through here before it sizes a loop or
 * an allocation: a number in a file is worth the bytes that back it.
 */
static inline size_t mod_cursor_count(struct mod_cursor *c, uint64_t n,
				      size_t each)
{
	if (c->bad || n > (c->in.len - c->pos) / each) {
		c->bad = true;
		return 0;
	}
	return (size_t)n;
}
