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
static inline void mod_cur_seek(struct mod_cur *c, uint64_t off)
{
	if (off > c->in.len)
		c->bad = true;
	else
		c->pos = (size_t)off;
}

/* A range of the input by offset and length; empty (and bad) when outside. */
struct mod_bytes mod_cur_range(struct mod_cur *c, uint64_t off, uint64_t len);

/* n, when n records of `each` bytes are still to come; else 0 (and bad).
 * Every count read from a file goes through here before it sizes a loop or
 * an allocation: a number in a file is worth the bytes that back it.
 */
static inline size_t mod_cur_count(struct mod_cur *c, uint64_t n, size_t each)
{
	if (c->bad || n > (c->in.len - c->pos) / each) {
		c->bad = true;
		return 0;
	}
	return (size_t)n;
}

/* The big-endian number at off; 0 when it is not all inside. */
static inline uint32_t mod_bytes_be32(struct mod_bytes in, size_t off)
{
	uint32_t v;

	if (in.len < sizeof v || off > in.len - sizeof v)
		return 0;
	memcpy(&v, in.at + off, sizeof v);
	return be32toh(v);
}

/* The string at *off, which then stands behind its NUL; NULL when no NUL ends
 * it.
 */
static inline const char *mod_bytes_text(struct mod_bytes in, size_t *off,
					 size_t *len)
{
	if (*off >= in.len)
		return NULL;
	const uint8_t *at = in.at + *off;
	const uint8_t *end = memchr(at, '\0', in.len - *off);
	if (!end)
		return NULL;
	*len = (size_t)(end - at);
	*off += *len + 1;
	return (const char *)at;
}

/* The big-endian number at a place where four bytes are known to be. */
static inline uint32_t mod_be32_at(const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof v);
	return be32toh(v);
}

/* The first of the 32-bit numbers from at to end, whole ones, that is not
 * zero; end when all are.
 */
static inline const uint8_t *mod_skip_zeros(const uint8_t *at,
					    const uint8_t *end)
{
	uint64_t two = 0;

	if (at < end && mod_be32_at(at)) /* as among neighbours */
		return at;
	while (end - at >= (ptrdiff_t)sizeof two) {
		memcpy(&two, at, sizeof two);
		if (two)
			break;
		at += sizeof two;
	}
	return at < end && !mod_be32_at(at) ? at + sizeof(uint32_t) : at;
}

/* Where the first NUL stands in eight bytes of memory; 8 when none does. */
static inline size_t mod_find_nul(uint64_t eight)
{
	const uint64_t ones = UINT64_MAX / 0xff, v = le64toh(eight);
	/* Marks the highest bit of each NUL, and at times of a byte behind. */
	uint64_t marks = (v - ones) & ~v & ones << 7;

	return marks ? (unsigned)__builtin_ctzll(marks) / 8U : sizeof eight;
}

/* The length of the string at `at`; n when no NUL is in n bytes.  For short
 * strings by the ten thousand: it spares the calls.
 */
static inline size_t mod_text_len(const uint8_t *at, size_t n)
{
	uint64_t eight;
	size_t i = 0;

	for (size_t next = sizeof eight; next <= n; next += sizeof eight) {
		memcpy(&eight, at + i, sizeof eight);
		size_t nul = mod_find_nul(eight);
		if (nul < sizeof eight)
			return i + nul;
		i = next;
	}
	while (i < n && at[i])
		i++;
	return i;
}

/* Copies a string, its NUL and up to seven bytes behind it.  There must be n
 * bytes at either end.  Returns its length; n when the copy would need more,
 * and then to is spoilt.
 */
static inline size_t mod_copy_text(char *to, const uint8_t *from, size_t n)
{
	uint64_t eight;
	size_t i = 0;

	for (size_t next = sizeof eight; next <= n; next += sizeof eight) {
		memcpy(&eight, from + i, sizeof eight);
		memcpy(to + i, &eight, sizeof eight);
		size_t nul = mod_find_nul(eight);
		if (nul < sizeof eight)
			return i + nul;
		i = next;
	}
	return n;
}

/* The string at off, or NULL when no NUL ends it inside the table. */
const char *mod_bytes_str(struct mod_bytes table, uint64_t off);

/* True when a NUL ends every string that begins in the table. */
static inline bool mod_bytes_is_ended(struct mod_bytes table)
{
	return table.len > 0 && table.at[table.len - 1] == '\0';
}

/* The string at off of a table that is ended, or NULL beyond it. */
static inline const char *mod_bytes_ended_str(struct mod_bytes table,
					      uint64_t off)
{
	return off < table.len ? (const char *)table.at + off : NULL;
}
