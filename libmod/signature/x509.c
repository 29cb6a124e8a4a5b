/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/x509.h"

#include "libmod/base/cursor.h"
#include "libmod/signature/der.h"

#include <errno.h>

/* Identifiers of extensions, and purposes of a key that let it sign modules:
 * signing code, anything, and one that shim and distributions have for modules
 * alone.
 */
static const uint8_t subject_key_id[] = { 0x55, 0x1d, 0x0e };
static const uint8_t key_usage[] = { 0x55, 0x1d, 0x0f };
static const uint8_t extended_usage[] = { 0x55, 0x1d, 0x25 };
static const uint8_t code_signing[] = { 0x2b, 0x06, 0x01, 0x05,
					0x05, 0x07, 0x03, 0x03 };
static const uint8_t any_purpose[] = { 0x55, 0x1d, 0x25, 0x00 };
static const uint8_t module_signing[] = { 0x2b, 0x06, 0x01, 0x04, 0x01,
					  0x92, 0x08, 0x10, 0x01, 0x02 };

enum {
	DIGITAL_SIGNATURE = 0x80, /* first bit of key_usage */
	UNIQUE_1 = 0x81,          /* [1] and [2]: nobody uses them */
	UNIQUE_2 = 0x82,
};

/* BIT STRING: how many bits of the last octet are unused, then the bits. */
static bool allows_signatures(struct mod_cursor value)
{
	struct mod_bytes bits = mod_der_body(&value, MOD_DER_BITS);

	return !value.bad && bits.len > 1 && bits.at[1] & DIGITAL_SIGNATURE;
}

static bool allows_code(struct mod_cursor value)
{
	struct mod_cursor purposes = mod_der_inside(&value, MOD_DER_SEQUENCE);

	while (!purposes.bad && purposes.pos < purposes.in.len) {
		struct mod_bytes p = mod_der_body(&purposes, MOD_DER_OID);
		if (mod_der_is(p, code_signing, sizeof code_signing) ||
		    mod_der_is(p, any_purpose, sizeof any_purpose) ||
		    mod_der_is(p, module_signing, sizeof module_signing))
			return true;
	}
	return false;
}

/* Extension: SEQUENCE { OID, critical BOOLEAN, value OCTETS } */
static void read_extension(struct mod_cursor *list, struct mod_x509 *out)
{
	struct mod_cursor c = mod_der_inside(list, MOD_DER_SEQUENCE);
	struct mod_bytes id = mod_der_body(&c, MOD_DER_OID);

	mod_der_optional(&c, MOD_DER_BOOLEAN);
	struct mod_cursor value = mod_der_inside(&c, MOD_DER_OCTETS);
	list->bad |= !mod_der_done(&c);
	if (mod_der_is(id, subject_key_id, sizeof subject_key_id))
		out->key_id = mod_der_body(&value, MOD_DER_OCTETS);
	else if (mod_der_is(id, key_usage, sizeof key_usage))
		out->may_sign &= allows_signatures(value);
	else if (mod_der_is(id, extended_usage, sizeof extended_usage))
		out->may_sign &= allows_code(value);
}

/* TBSCertificate: SEQUENCE { [0] version, serial, algorithm, issuer, validity,
 * subject, key, [1], [2], [3] extensions }
 */
static bool read_body(struct mod_cursor c, struct mod_x509 *out)
{
	mod_der_optional(&c, MOD_DER_0_OF);
	out->serial = mod_der_body(&c, MOD_DER_INTEGER);
	mod_der_body(&c, MOD_DER_SEQUENCE);
	out->issuer = mod_der_whole(&c, MOD_DER_SEQUENCE);
	mod_der_body(&c, MOD_DER_SEQUENCE);
	out->subject = mod_der_whole(&c, MOD_DER_SEQUENCE);
	mod_der_body(&c, MOD_DER_SEQUENCE);
	mod_der_optional(&c, UNIQUE_1);
	mod_der_optional(&c, UNIQUE_2);
	if (mod_der_peek(&c) == MOD_DER_3_OF) {
		struct mod_cursor in = mod_der_inside(&c, MOD_DER_3_OF);
		struct mod_cursor list = mod_der_inside(&in, MOD_DER_SEQUENCE);
		while (!list.bad && list.pos < list.in.len)
			read_extension(&list, out);
		c.bad |= list.bad || !mod_der_done(&in);
	}
	return mod_der_done(&c) && out->serial.len > 0;
}

int mod_x509_next(struct mod_bytes *left, struct mod_x509 *cert)
{
	struct mod_cursor file = { .in = *left };
	struct mod_x509 found = { .may_sign = true };
	struct mod_der item;

	if (left->len == 0)
		return 1;
	if (!mod_der_next(&file, &item) || item.tag != MOD_DER_SEQUENCE)
		return -EBADMSG;
	struct mod_cursor c = { .in = item.body };
	struct mod_cursor body = mod_der_inside(&c, MOD_DER_SEQUENCE);
	mod_der_body(&c, MOD_DER_SEQUENCE);
	mod_der_body(&c, MOD_DER_BITS);
	if (!mod_der_done(&c) || !read_body(body, &found))
		return -EBADMSG;
	found.der = item.whole;
	*left = mod_cursor_range(&file, file.pos, file.in.len - file.pos);
	*cert = found;
	return 0;
}

bool mod_x509_is_named(const struct mod_x509 *cert, struct mod_bytes issuer,
		       struct mod_bytes serial)
{
	return mod_der_same(cert->issuer, issuer) &&
		mod_der_same(cert->serial, serial);
}

bool mod_x509_has_key_id(const struct mod_x509 *cert, struct mod_bytes key_id)
{
	return key_id.len > 0 && mod_der_same(cert->key_id, key_id);
}

bool mod_x509_is_self_issued(const struct mod_x509 *cert)
{
	return mod_der_same(cert->issuer, cert->subject);
}

/* ---- PEM: base64 between two lines */

static const char begin_line[] = "-----BEGIN CERTIFICATE-----";
static const char end_line[] = "-----END CERTIFICATE-----";

static const uint8_t *find(struct mod_bytes in, const char *text)
{
	return in.len ? memmem(in.at, in.len, text, strlen(text)) : NULL;
}

bool mod_x509_is_pem(struct mod_bytes text)
{
	return find(text, begin_line);
}

/* The value of a digit, or -1. */
static int digit(uint8_t c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static bool is_space(uint8_t c)
{
	return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

static bool decode(struct mod_bytes text, struct mod_str *out)
{
	uint32_t bits = 0;
	unsigned n = 0, pads = 0;

	for (size_t i = 0; i < text.len; i++) {
		int value = digit(text.at[i]);

		if (is_space(text.at[i]))
			continue;
		if (text.at[i] == '=' && n + ++pads <= 4 && n >= 2)
			continue;
		if (value < 0 || pads)
			return false;
		bits = bits << 6 | (unsigned)value;
		if (++n < 4)
			continue;
		uint8_t b[] = { (uint8_t)(bits >> 16), (uint8_t)(bits >> 8),
				(uint8_t)bits };
		mod_str_addn(out, b, sizeof b);
		bits = n = 0;
	}
	if (n == 0)
		return pads == 0;
	if (n + pads != 4)
		return false;
	bits <<= 6 * pads;
	uint8_t rest[] = { (uint8_t)(bits >> 16), (uint8_t)(bits >> 8) };
	mod_str_addn(out, rest, n - 1);
	return true;
}

int mod_x509_pem_next(struct mod_bytes *left, struct mod_str *der)
{
	const uint8_t *end = left->at + left->len;
	const uint8_t *from = find(*left, begin_line);

	der->len = 0;
	if (!from)
		return 1;
	from += strlen(begin_line);
	const uint8_t *to = find(
		(struct mod_bytes){ from, (size_t)(end - from) }, end_line);
	if (!to)
		return -EBADMSG;
	if (!decode((struct mod_bytes){ from, (size_t)(to - from) }, der))
		return -EBADMSG;
	to += strlen(end_line);
	*left = (struct mod_bytes){ to, (size_t)(end - to) };
	return der->bad ? -ENOMEM : 0;
}
