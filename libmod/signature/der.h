/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* der.h - elements of ASN.1 in DER, and in BER with its indefinite lengths, one
 * after the other.
 *
 * A cursor over the contents of an element; nothing is copied.  Source: X.690.
 */
#pragma once

#include "libmod/base/cleanup.h"
#include "libmod/base/cursor.h"

/* Identifier octets: class, primitive or constructed, number. */
enum {
	MOD_DER_END = 0x00, /* of an indefinite length; two zero bytes */
	MOD_DER_BOOLEAN = 0x01,
	MOD_DER_INTEGER = 0x02,
	MOD_DER_BITS = 0x03,
	MOD_DER_OCTETS = 0x04,
	MOD_DER_NULL = 0x05,
	MOD_DER_OID = 0x06,
	MOD_DER_T61 = 0x14,
	MOD_DER_UNIVERSAL = 0x1c,
	MOD_DER_BMP = 0x1e,
	MOD_DER_SEQUENCE = 0x30,
	MOD_DER_SET = 0x31,
	MOD_DER_0 = 0x80, /* [0], primitive */
	MOD_DER_0_OF = 0xa0,
	MOD_DER_1_OF = 0xa1,
	MOD_DER_3_OF = 0xa3,
};

struct mod_der {
	uint8_t tag;
	struct mod_bytes body;
	struct mod_bytes whole; /* with identifier and length */
};

/* The next element; false at the end and (bad) for a broken one. */
bool mod_der_next(struct mod_cursor *c, struct mod_der *item);

/* The tag of the next element, not passed; MOD_DER_END when there is none. */
uint8_t mod_der_peek(const struct mod_cursor *c);

/* The contents of the next element, which must be of this kind (else bad). */
struct mod_bytes mod_der_body(struct mod_cursor *c, uint8_t tag);

/* The same, to be read element by element. */
struct mod_cursor mod_der_inside(struct mod_cursor *c, uint8_t tag);

/* The next element, which must be of this kind, with all its octets. */
struct mod_bytes mod_der_whole(struct mod_cursor *c, uint8_t tag);

/* Passes the next element if it is of this kind. */
void mod_der_optional(struct mod_cursor *c, uint8_t tag);

/* Everything was read, and nothing was bad. */
static inline bool mod_der_done(const struct mod_cursor *c)
{
	return !c->bad && c->pos == c->in.len;
}

static inline bool mod_der_same(struct mod_bytes a, struct mod_bytes b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.at, b.at, a.len));
}

/* The contents are these octets: an OID, as a table has it. */
static inline bool mod_der_is(struct mod_bytes a, const uint8_t *b, size_t n)
{
	return a.len == n && memcmp(a.at, b, n) == 0;
}
