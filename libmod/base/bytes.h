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

/* The string at *off, which is then moved after its NUL; NULL when no NUL ends
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

/* Copies a string, its NUL and up to seven bytes after it, eight bytes at a
 * time: without it, modprobe -c takes 8 % longer, because the keys of an index
 * consist of many short strings.  Both places must have n bytes.  Returns the
 * length; n when the copy would need more bytes, and then `to` is undefined.
 */
static inline size_t mod_bytes_copy_text(char *to, const uint8_t *from,
					 size_t n)
{
	const uint64_t ones = UINT64_MAX / 0xff;
	uint64_t eight;

	for (size_t i = 0; n - i >= sizeof eight; i += sizeof eight) {
		memcpy(&eight, from + i, sizeof eight);
		memcpy(to + i, &eight, sizeof eight);
		eight = le64toh(eight);
		/* The highest bit of each NUL; later bytes may be marked, too.
		 */
		uint64_t marks = (eight - ones) & ~eight & ones << 7;
		if (marks)
			return i + (unsigned)__builtin_ctzll(marks) / 8U;
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
