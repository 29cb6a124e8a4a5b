/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/format/pkcs7.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

/* Identifier octets: class, primitive or constructed, number. */
enum {
	END = 0x00, /* of an indefinite length; two zero bytes */
	INTEGER = 0x02,
	OCTETS = 0x04,
	OID = 0x06,
	T61 = 0x14,
	UNIVERSAL = 0x1c,
	BMP = 0x1e,
	SEQUENCE = 0x30,
	SET = 0x31,
	CHOICE0 = 0x80, /* [0], primitive */
	CHOICE0_OF = 0xa0,
	CHOICE1_OF = 0xa1,
	CONSTRUCTED = 0x20,
	NUMBER = 0x1f, /* all set: the number follows in more octets */
	LONG = 0x80,   /* length: the low bits count its octets */
	MORE = 0x80,   /* another octet of a number follows */
	LOW_7 = 0x7f,  /* what is left of the octet then */
};

/* Indefinite lengths inside of each other.  What openssl cms -stream writes
 * nests five deep.
 */
enum { DEPTH = 16 };

struct item {
	uint8_t tag;
	struct mod_bytes body;
};

static const uint8_t signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
				       0x0d, 0x01, 0x07, 0x02 };
static const uint8_t common_name[] = { 0x55, 0x04, 0x03 };

static bool same(struct mod_bytes a, const uint8_t *b, size_t n)
{
	return a.len == n && memcmp(a.at, b, n) == 0;
}

/* ---------------------------------------------------------------- elements */

static bool read_item(struct mod_cur *c, struct item *item, int depth);

/* Passes an identifier and returns its first octet. */
static uint8_t read_tag(struct mod_cur *c)
{
	uint8_t tag = mod_cur_u8(c);

	if ((tag & NUMBER) == NUMBER)
		while (mod_cur_u8(c) & MORE)
			;
	return tag;
}

static uint64_t read_length(struct mod_cur *c, uint8_t first)
{
	uint64_t len = first;

	if (!(first & LONG))
		return len;
	unsigned octets = first & LOW_7;
	if (octets > sizeof len)
		c->bad = true;
	for (len = 0; octets > 0 && !c->bad; octets--)
		len = len << 8 | mod_cur_u8(c);
	return len;
}

/* The body of an indefinite length: everything up to its end mark. */
static bool read_open(struct mod_cur *c, struct mod_bytes *body, int depth)
{
	size_t start = c->pos, end;
	struct item item;

	do {
		end = c->pos;
		if (!read_item(c, &item, depth + 1))
			return false;
	} while (item.tag != END);
	*body = mod_cur_range(c, start, end - start);
	return item.body.len == 0;
}

/* The next element; false at the end and (bad) for a broken one. */
static bool read_item(struct mod_cur *c, struct item *item, int depth)
{
	if (c->bad || c->pos == c->in.len)
		return false;
	item->tag = read_tag(c);
	uint8_t first = mod_cur_u8(c);
	if (first == LONG) {
		c->bad |= depth == DEPTH || !(item->tag & CONSTRUCTED) ||
			!read_open(c, &item->body, depth);
		return !c->bad;
	}
	uint64_t len = read_length(c, first);
	item->body = mod_cur_range(c, c->pos, len);
	mod_cur_take(c, item->body.len);
	return !c->bad;
}

/* The tag of the next element, not passed; END when there is none. */
static uint8_t peek(const struct mod_cur *c)
{
	struct mod_cur ahead = *c;

	return mod_cur_u8(&ahead);
}

/* The body of the next element, which must be of this kind (else bad). */
static struct mod_bytes body(struct mod_cur *c, uint8_t tag)
{
	struct item item;

	if (peek(c) == tag && read_item(c, &item, 0))
		return item.body;
	c->bad = true;
	return (struct mod_bytes){ 0 };
}

/* The same, to be read element by element. */
static struct mod_cur inside(struct mod_cur *c, uint8_t tag)
{
	struct mod_bytes in = body(c, tag);

	return (struct mod_cur){ .in = in, .bad = c->bad };
}

/* Passes the next element if it is of this kind. */
static void optional(struct mod_cur *c, uint8_t tag)
{
	if (peek(c) == tag)
		body(c, tag);
}

/* ----------------------------------------------------------------- fields */

static enum mod_pkcs7_text text_of(uint8_t tag)
{
	switch (tag) {
	case T61:
		return MOD_PKCS7_LATIN1;
	case BMP:
		return MOD_PKCS7_BMP;
	case UNIVERSAL:
		return MOD_PKCS7_UNIVERSAL;
	default:
		return MOD_PKCS7_PLAIN;
	}
}

/* Name: SEQUENCE OF SET OF SEQUENCE { type OID, value ANY } */
static bool read_name(struct mod_cur name, struct mod_pkcs7 *out)
{
	bool found = false; /* the first commonName */

	while (!name.bad && name.pos < name.in.len) {
		struct mod_cur set = inside(&name, SET);
		while (!set.bad && set.pos < set.in.len) {
			struct mod_cur pair = inside(&set, SEQUENCE);
			struct mod_bytes type = body(&pair, OID);
			struct item value;

			if (!read_item(&pair, &value, 0))
				return false;
			if (found)
				continue;
			out->signer = value.body;
			out->signer_text = text_of(value.tag);
			found = same(type, common_name, sizeof common_name);
		}
		name.bad |= set.bad;
	}
	return !name.bad;
}

/* INTEGER, two's complement; a number that is not negative loses its zeros. */
static bool read_serial(struct mod_cur c, struct mod_pkcs7 *out)
{
	out->negative = !c.bad && peek(&c) & 0x80;
	while (!c.bad && c.pos < c.in.len && peek(&c) == 0)
		mod_cur_u8(&c);
	out->serial = mod_cur_range(&c, c.pos, c.in.len - c.pos);
	return !c.bad;
}

/* SignerIdentifier: SEQUENCE { issuer Name, serial INTEGER } or [0] key id. */
static bool read_signer_id(struct mod_cur *c, struct mod_pkcs7 *out)
{
	if (peek(c) == CHOICE0) {
		out->key_id = body(c, CHOICE0);
		return !c->bad;
	}
	struct mod_cur id = inside(c, SEQUENCE);
	return read_name(inside(&id, SEQUENCE), out) &&
		read_serial(inside(&id, INTEGER), out);
}

/* SignerInfo: SEQUENCE { version, id, digestAlgorithm, [0] signed attributes,
 * signatureAlgorithm, signature, ... }
 */
static bool read_signer(struct mod_cur c, struct mod_pkcs7 *out)
{
	body(&c, INTEGER);
	if (!read_signer_id(&c, out))
		return false;
	struct mod_cur algorithm = inside(&c, SEQUENCE);
	out->digest = body(&algorithm, OID);
	optional(&c, CHOICE0_OF);
	body(&c, SEQUENCE);
	out->signature = body(&c, OCTETS);
	return !c.bad && !algorithm.bad;
}

/* ContentInfo: SEQUENCE { OID signedData, [0] SEQUENCE { version, digests,
 * content, [0] certificates, [1] lists, SET OF SignerInfo } }
 */
int mod_pkcs7_read(struct mod_bytes der, struct mod_pkcs7 *out)
{
	struct mod_cur file = { .in = der };
	struct mod_pkcs7 message = { 0 };

	struct mod_cur info = inside(&file, SEQUENCE);
	struct mod_bytes type = body(&info, OID);
	struct mod_cur content = inside(&info, CHOICE0_OF);
	struct mod_cur data = inside(&content, SEQUENCE);
	body(&data, INTEGER);
	body(&data, SET);
	body(&data, SEQUENCE);
	optional(&data, CHOICE0_OF);
	optional(&data, CHOICE1_OF);
	struct mod_cur signers = inside(&data, SET);

	if (!same(type, signed_data, sizeof signed_data) ||
	    !read_signer(inside(&signers, SEQUENCE), &message))
		return -EBADMSG;
	*out = message;
	return 0;
}

/* -------------------------------------------------------------------- OIDs */

#define NIST 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02
#define RSADSI 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02

/* Source: crypto/objects/objects.txt of OpenSSL, long names. */
static const struct digest {
	const char *name;
	uint8_t len;
	uint8_t oid[9];
} digests[] = {
	{ "sha256", 9, { NIST, 0x01 } },
	{ "sha384", 9, { NIST, 0x02 } },
	{ "sha512", 9, { NIST, 0x03 } },
	{ "sha224", 9, { NIST, 0x04 } },
	{ "sha512-224", 9, { NIST, 0x05 } },
	{ "sha512-256", 9, { NIST, 0x06 } },
	{ "sha3-224", 9, { NIST, 0x07 } },
	{ "sha3-256", 9, { NIST, 0x08 } },
	{ "sha3-384", 9, { NIST, 0x09 } },
	{ "sha3-512", 9, { NIST, 0x0a } },
	{ "shake128", 9, { NIST, 0x0b } },
	{ "shake256", 9, { NIST, 0x0c } },
	{ "md4", 8, { RSADSI, 0x04 } },
	{ "md5", 8, { RSADSI, 0x05 } },
	{ "sha1", 5, { 0x2b, 0x0e, 0x03, 0x02, 0x1a } },
	{ "ripemd160", 5, { 0x2b, 0x24, 0x03, 0x02, 0x01 } },
	{ "sm3", 8, { 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x11 } },
	{ "GOST R 34.11-94", 6, { 0x2a, 0x85, 0x03, 0x02, 0x02, 0x09 } },
	{ "GOST R 34.11-2012 with 256 bit hash",
	  8,
	  { 0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x02, 0x02 } },
	{ "GOST R 34.11-2012 with 512 bit hash",
	  8,
	  { 0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x02, 0x03 } },
};

const char *mod_pkcs7_digest(struct mod_bytes oid)
{
	for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
		if (same(oid, digests[i].oid, digests[i].len))
			return digests[i].name;
	return NULL;
}

/* One number: seven bits an octet, the last without MORE. */
static uint64_t read_number(struct mod_cur *c)
{
	uint64_t n = 0;
	uint8_t octet;

	do {
		octet = mod_cur_u8(c);
		if (n >> (64 - 7))
			c->bad = true;
		n = n << 7 | (octet & LOW_7);
	} while (octet & MORE);
	return n;
}

bool mod_pkcs7_oid_text(struct mod_bytes oid, char *buf, size_t size)
{
	struct mod_cur c = { .in = oid };

	/* The first number holds two: 40 times the first, plus the second. */
	uint64_t n = read_number(&c);
	uint64_t top = n < 80 ? n / 40 : 2;
	int used =
		snprintf(buf, size, "%" PRIu64 ".%" PRIu64, top, n - 40 * top);

	while (!c.bad && c.pos < oid.len) {
		if (used < 0 || (size_t)used >= size)
			return false;
		buf += used;
		size -= (size_t)used;
		used = snprintf(buf, size, ".%" PRIu64, read_number(&c));
	}
	return !c.bad && used >= 0 && (size_t)used < size;
}
