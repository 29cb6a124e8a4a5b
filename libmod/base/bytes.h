/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bytes.h - bytes from outside, and a cursor that cannot step off them.
 *
 * A struct mod_bytes borrows memory and is passed by value; whoever made the
 * memory frees it.  A struct mod_cur reads one.  A read that does not fit
 * yields zero and sets `bad`, and so does every read after it, so a parser
 * reads a record straight down and asks once whether it was all there.
 */
#pragma once

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct mod_bytes {
	const uint8_t *at;
	size_t len; /* bytes */
};

struct mod_cur {
	struct mod_bytes in;
	size_t pos; /* offset in `in` of the next byte, at most in.len */
	bool big;   /* numbers are stored big-endian */
	bool bad;   /* something did not fit; stays set */
};

/* The next n bytes, or NULL (and bad) when fewer are left. */
static inline const uint8_t *mod_cur_take(struct mod_cur *c, size_t n)
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

static inline uint8_t mod_cur_u8(struct mod_cur *c)
{
	const uint8_t *p = mod_cur_take(c, 1);
	return p ? *p : 0;
}

#define MOD_CUR_UINT(bits)                                                     \
	static inline uint##bits##_t mod_cur_u##bits(struct mod_cur *c)        \
	{                                                                      \
		const uint8_t *p = mod_cur_take(c, bits / 8);                  \
		uint##bits##_t v = 0;                                          \
		if (p)                                                         \
			memcpy(&v, p, sizeof v);                               \
		return c->big ? be##bits##toh(v) : le##bits##toh(v);           \
	}
MOD_CUR_UINT(16)
MOD_CUR_UINT(32)
MOD_CUR_UINT(64)

/* Moves to an offset from the start of the input. */
void mod_cur_seek(struct mod_cur *c, uint64_t off);

/* A range of the input by offset and length; empty (and bad) when outside. */
struct mod_bytes mod_cur_range(struct mod_cur *c, uint64_t off, uint64_t len);

/* n, when n records of `each` bytes are still to come; else 0 (and bad).
 * Every count read from a file goes through here before it sizes a loop or
 * an allocation: a number in a file is worth the bytes that back it.
 */
size_t mod_cur_count(struct mod_cur *c, uint64_t n, size_t each);

/* The string at off, or NULL when no NUL ends it inside the table. */
const char *mod_bytes_str(struct mod_bytes table, uint64_t off);
