/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bytes.h - bytes from outside: a place and a length.
 *
 * A struct mod_bytes borrows memory and is passed by value; whoever made the
 * memory frees it.
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
static inline uint32_t mod_bytes_be32_at(const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof v);
	return be32toh(v);
}

/* The first of the 32-bit numbers from at to end, whole ones, that is not
 * zero; end when all are.
 */
static inline const uint8_t *mod_bytes_skip_zeros(const uint8_t *at,
						  const uint8_t *end)
{
	uint64_t two = 0;

	if (at < end && mod_bytes_be32_at(at)) /* as among neighbours */
		return at;
	while (end - at >= (ptrdiff_t)sizeof two) {
		memcpy(&two, at, sizeof two);
		if (two)
			break;
		at += sizeof two;
	}
	return at < end && !mod_bytes_be32_at(at) ? at + sizeof(uint32_t) : at;
}

/* Where the first NUL stands in eight bytes of memory; 8 when none does. */
static inline size_t mod_bytes_find_nul(uint64_t eight)
{
	const uint64_t ones = UINT64_MAX / 0xff, v = le64toh(eight);
	/* Marks the highest bit of each NUL, and at times of a byte behind. */
	uint64_t marks = (v - ones) & ~v & ones << 7;

	return marks ? (unsigned)__builtin_ctzll(marks) / 8U : sizeof eight;
}

/* The length of the string at `at`; n when no NUL is in n bytes.  For short
 * strings by the ten thousand: it spares the calls.
 */
static inline size_t mod_bytes_text_len(const uint8_t *at, size_t n)
{
	uint64_t eight;
	size_t i = 0;

	for (size_t next = sizeof eight; next <= n; next += sizeof eight) {
		memcpy(&eight, at + i, sizeof eight);
		size_t nul = mod_bytes_find_nul(eight);
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
static inline size_t mod_bytes_copy_text(char *to, const uint8_t *from,
					 size_t n)
{
	uint64_t eight;
	size_t i = 0;

	for (size_t next = sizeof eight; next <= n; next += sizeof eight) {
		memcpy(&eight, from + i, sizeof eight);
		memcpy(to + i, &eight, sizeof eight);
		size_t nul = mod_bytes_find_nul(eight);
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
