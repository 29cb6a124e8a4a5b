/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/pkcs7.h"

#include "libmod/base/cursor.h"
#include "libmod/signature/der.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

enum {
	MORE = 0x80,  /* another octet of a number follows */
	LOW_7 = 0x7f, /* the other bits of the octet */
};

static const uint8_t signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
				       0x0d, 0x01, 0x07, 0x02 };

/* ----------------------------------------------------------------- fields */

/* INTEGER, two's complement; a number that is not negative loses its zeros. */
static bool read_serial(struct mod_cursor c, struct mod_pkcs7 *out)
{
	out->negative = !c.bad && mod_der_peek(&c) & 0x80;
	while (!c.bad && c.pos < c.in.len && mod_der_peek(&c) == 0)
		mod_cursor_u8(&c);
	out->serial = mod_cursor_range(&c, c.pos, c.in.len - c.pos);
	return !c.bad;
}

/* SignerIdentifier: SEQUENCE { issuer Name, serial INTEGER } or [0] key id. */
static bool read_signer_id(struct mod_cursor *c, struct mod_pkcs7 *out)
{
	if (mod_der_peek(c) == MOD_DER_0) {
		out->key_id = mod_der_body(c, MOD_DER_0);
		return !c->bad;
	}
	struct mod_cursor id = mod_der_inside(c, MOD_DER_SEQUENCE);
	return mod_dn_read(mod_der_inside(&id, MOD_DER_SEQUENCE),
			   &out->signer) &&
		read_serial(mod_der_inside(&id, MOD_DER_INTEGER), out);
}

/* SignerInfo: SEQUENCE { version, id, digestAlgorithm, [0] signed attributes,
 * signatureAlgorithm, signature, ... }
 */
static bool read_signer(struct mod_cursor c, struct mod_pkcs7 *out)
{
	mod_der_body(&c, MOD_DER_INTEGER);
	if (!read_signer_id(&c, out))
		return false;
	struct mod_cursor algorithm = mod_der_inside(&c, MOD_DER_SEQUENCE);
	out->digest = mod_der_body(&algorithm, MOD_DER_OID);
	mod_der_optional(&c, MOD_DER_0_OF);
	mod_der_body(&c, MOD_DER_SEQUENCE);
	out->signature = mod_der_body(&c, MOD_DER_OCTETS);
	return !c.bad && !algorithm.bad;
}

/* ContentInfo: SEQUENCE { OID signedData, [0] SEQUENCE { version, digests,
 * content, [0] certificates, [1] lists, SET OF SignerInfo } }
 */
int mod_pkcs7_read(struct mod_bytes der, struct mod_pkcs7 *out)
{
	struct mod_cursor file = { .in = der };
	struct mod_pkcs7 message = { 0 };

	struct mod_cursor info = mod_der_inside(&file, MOD_DER_SEQUENCE);
	struct mod_bytes type = mod_der_body(&info, MOD_DER_OID);
	struct mod_cursor content = mod_der_inside(&info, MOD_DER_0_OF);
	struct mod_cursor data = mod_der_inside(&content, MOD_DER_SEQUENCE);
	mod_der_body(&data, MOD_DER_INTEGER);
	mod_der_body(&data, MOD_DER_SET);
	mod_der_body(&data, MOD_DER_SEQUENCE);
	mod_der_optional(&data, MOD_DER_0_OF);
	mod_der_optional(&data, MOD_DER_1_OF);
	struct mod_cursor signers = mod_der_inside(&data, MOD_DER_SET);

	if (!mod_der_is(type, signed_data, sizeof signed_data) ||
	    !read_signer(mod_der_inside(&signers, MOD_DER_SEQUENCE), &message))
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
		if (mod_der_is(oid, digests[i].oid, digests[i].len))
			return digests[i].name;
	return NULL;
}

struct mod_bytes mod_pkcs7_digest_oid(const char *name)
{
	for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
		if (strcmp(name, digests[i].name) == 0)
			return (struct mod_bytes){ digests[i].oid,
						   digests[i].len };
	return (struct mod_bytes){ 0 };
}

/* One number: seven bits an octet, the last without MORE. */
static uint64_t read_number(struct mod_cursor *c)
{
	uint64_t n = 0;
	uint8_t octet;

	do {
		octet = mod_cursor_u8(c);
		if (n >> (64 - 7))
			c->bad = true;
		n = n << 7 | (octet & LOW_7);
	} while (octet & MORE);
	return n;
}

bool mod_pkcs7_oid_text(struct mod_bytes oid, char *buf, size_t size)
{
	struct mod_cursor c = { .in = oid };

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
