/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <errno.h>
#include <stdlib.h>

#include "libmod/signature/pkcs7.h"
#include "testsuite/unit/der.h"
#include "testsuite/unit/suite.h"

static int read_der(const struct der *d, struct mod_pkcs7 *out)
{
	return mod_pkcs7_read((struct mod_bytes){ d->at, d->len }, out);
}

static int read_parts(const struct der_parts *p, struct mod_pkcs7 *out)
{
	static struct der d; /* what out points into */

	d = der_message(p);
	return read_der(&d, out);
}

#define ck_bytes(got, text)                                                    \
	do {                                                                   \
		ck_assert_uint_eq((got).len, sizeof(text) - 1);                \
		ck_assert(memcmp((got).at, text, (got).len) == 0);             \
	} while (0)

static void is_good(const struct der_parts *p)
{
	struct mod_pkcs7 m;

	ck_assert_int_eq(read_parts(p, &m), 0);
	ck_bytes(m.signer.value, "Tester");
	ck_assert_int_eq(m.signer.text, MOD_DN_PLAIN);
	ck_bytes(m.serial, "\x12\x34");
	ck_assert(!m.negative);
	ck_assert_uint_eq(m.key_id.len, 0);
	ck_assert_str_eq(mod_pkcs7_digest(m.digest), "sha256");
	ck_bytes(m.signature, "signed!");
}

START_TEST(reads_the_fields)
{
	struct der_parts p = der_parts();

	p.open = _i;
	is_good(&p);
}
END_TEST

START_TEST(passes_over_the_rest)
{
	struct der_parts p = der_parts();
	struct der filler = der_tag(0x30, (struct der){ .len = 300 });

	p.open = _i;
	p.certificates = der_join(der_tag(0xa0, filler), DER("\xa1\x00"));
	is_good(&p);
	p.certificates = der_open(0xa0, filler);
	is_good(&p);
	p.attributes = der_tag(0xa0, DER("\x30\x00"));
	is_good(&p);
	p.more = der_tag(0x30, DER("other"));
	is_good(&p);
	p.signature = der_join(p.signature, DER("\xa1\x00"));
	is_good(&p);
}
END_TEST

START_TEST(ignores_what_follows)
{
	struct der_parts p = der_parts();
	struct der d = der_join(der_message(&p), DER("\0\0\0"));
	struct mod_pkcs7 m;

	ck_assert_int_eq(read_der(&d, &m), 0);
}
END_TEST

/* ---------------------------------------------------------------- the name */

START_TEST(first_common_name_is_the_signer)
{
	struct der_parts p = der_parts();
	struct der cn1 = der_name(3, 0x13, DER("first"));
	struct der cn2 = der_name(3, 0x13, DER("second"));
	struct der org = der_name(10, 0x13, DER("org"));
	struct mod_pkcs7 m;

	p.issuer = der_join(org, der_join(cn1, der_join(org, cn2)));
	ck_assert_int_eq(read_parts(&p, &m), 0);
	ck_bytes(m.signer.value, "first");
}
END_TEST

START_TEST(else_the_last_value_is)
{
	struct der_parts p = der_parts();
	struct der c = der_name(6, 0x13, DER("DE"));
	struct der org = der_name(10, 0x13, DER("org"));
	struct mod_pkcs7 m;

	p.issuer = der_join(c, org);
	ck_assert_int_eq(read_parts(&p, &m), 0);
	ck_bytes(m.signer.value, "org");
	p.issuer = (struct der){ 0 };
	ck_assert_int_eq(read_parts(&p, &m), 0);
	ck_assert_uint_eq(m.signer.value.len, 0);
}
END_TEST

START_TEST(a_set_may_hold_several_names)
{
	struct der_parts p = der_parts();
	struct der cn = DER("\x30\x07\x06\x03\x55\x04\x03\x0c\x00");
	struct der org = DER("\x30\x08\x06\x03\x55\x04\x0a\x0c\x01o");
	struct mod_pkcs7 m;

	p.issuer = der_tag(0x31, der_join(org, org));
	ck_assert_int_eq(read_parts(&p, &m), 0);
	ck_bytes(m.signer.value, "o");
	p.issuer = der_tag(0x31, der_join(cn, org));
	ck_assert_int_eq(read_parts(&p, &m), 0);
	ck_bytes(m.signer.value, "");
}
END_TEST

START_TEST(tells_how_the_name_is_written)
{
	static const struct {
		uint8_t tag;
		enum mod_dn_text want;
	} rows[] = {
		{ 0x0c, MOD_DN_PLAIN }, { 0x13, MOD_DN_PLAIN },
		{ 0x16, MOD_DN_PLAIN }, { 0x14, MOD_DN_LATIN1 },
		{ 0x1e, MOD_DN_BMP },   { 0x1c, MOD_DN_UNIVERSAL },
	};
	struct der_parts p = der_parts();
	struct mod_pkcs7 m;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		p.issuer = der_name(3, rows[i].tag, DER("n"));
		ck_assert_int_eq(read_parts(&p, &m), 0);
		ck_assert_int_eq(m.signer.text, rows[i].want);
	}
}
END_TEST

/* ----------------------------------------------------------------- the key */

START_TEST(serial_has_no_leading_zero)
{
	struct der_parts p = der_parts();
	struct mod_pkcs7 m;

	p.serial = DER("\0\x80\xff");
	ck_assert_int_eq(read_parts(&p, &m), 0);
	ck_bytes(m.serial, "\x80\xff");
	ck_assert(!m.negative);
	p.serial = DER("\0");
	ck_assert_int_eq(read_parts(&p, &m), 0);
	ck_bytes(m.serial, "");
	p.serial = (struct der){ 0 };
	ck_assert_int_eq(read_parts(&p, &m), 0);
	ck_bytes(m.serial, "");
	p.serial = DER("\xff\0\0");
	ck_assert_int_eq(read_parts(&p, &m), 0);
	ck_bytes(m.serial, "\xff\0\0");
	ck_assert(m.negative);
}
END_TEST

START_TEST(key_id_stands_for_issuer_and_serial)
{
	struct der_parts p = der_parts();
	struct mod_pkcs7 m;

	p.open = _i;
	p.signer = der_tag(0x80, DER("key"));
	ck_assert_int_eq(read_parts(&p, &m), 0);
	ck_bytes(m.key_id, "key");
	ck_assert_uint_eq(m.signer.value.len, 0);
	ck_assert_uint_eq(m.serial.len, 0);
	ck_assert_str_eq(mod_pkcs7_digest(m.digest), "sha256");
	ck_bytes(m.signature, "signed!");
}
END_TEST

/* ------------------------------------------------------------ broken bytes */

static const struct broken {
	const char *what;
	size_t at; /* byte, by its offset in the good message */
	uint8_t value;
} broken[] = {
	{ "no sequence", 0, 0x31 },
	{ "longer than the file", 1, 0x7f },
	{ "length of nine octets", 1, 0x89 },
	{ "never ended", 1, 0x80 },
	{ "no OID", 2, 0x02 },
	{ "not signedData", 12, 0x01 },
	{ "no content", 13, 0xa1 },
	{ "content no sequence", 15, 0x31 },
	{ "no version", 17, 0x04 },
	{ "no digests", 20, 0x30 },
	{ "no content info", 35, 0x31 },
	{ "no signers", 48, 0x30 },
	{ "signer no sequence", 50, 0x31 },
	{ "signer without version", 52, 0x03 },
	{ "signer unnamed", 55, 0x31 },
	{ "signer by constructed key id", 55, 0xa0 },
	{ "issuer no sequence", 57, 0x31 },
	{ "name in no set", 59, 0x30 },
	{ "name no sequence", 61, 0x31 },
	{ "name without OID", 63, 0x05 },
	{ "value too long", 69, 0x40 },
	{ "serial no integer", 76, 0x03 },
	{ "digest no sequence", 80, 0x31 },
	{ "digest no OID", 82, 0x05 },
	{ "no algorithm", 93, 0x31 },
	{ "signature no octets", 108, 0x03 },
	{ "signature constructed", 108, 0x24 },
	{ "signature too long", 109, 0x10 },
};

START_TEST(refuses_broken)
{
	const struct broken *b = &broken[_i];
	struct der_parts p = der_parts();
	struct der d = der_message(&p);
	struct mod_pkcs7 m;

	ck_assert_uint_eq(d.len, 117); /* or the offsets are wrong */
	d.at[b->at] = b->value;
	int r = read_der(&d, &m);
	ck_assert_msg(r == -EBADMSG, "%s: got %d", b->what, r);
}
END_TEST

START_TEST(no_signer_is_broken)
{
	struct der d =
		DER("\x30\x23\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
		    "\xa0\x16\x30\x14\x02\x01\x01\x31\x00\x30\x0b\x06"
		    "\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\x31\x00");
	struct mod_pkcs7 m;

	d.at[1] = (uint8_t)(d.len - 2);
	ck_assert_int_eq(read_der(&d, &m), -EBADMSG);
}
END_TEST

/* What opens and never ends, or opens too deep. */
START_TEST(depth_is_bounded)
{
	struct der_parts p = der_parts();
	struct der deep = { 0 };
	struct mod_pkcs7 m;

	for (int i = 0; i < 12; i++)
		deep = der_open(0x30, deep);
	p.certificates = der_tag(0xa0, deep);
	is_good(&p);
	p.certificates = der_open(0xa0, deep);
	is_good(&p);
	for (int i = 0; i < 12; i++)
		deep = der_open(0x30, deep);
	p.certificates = der_tag(0xa0, deep); /* nobody looks inside */
	is_good(&p);
	p.certificates = der_open(0xa0, deep);
	ck_assert_int_eq(read_parts(&p, &m), -EBADMSG);

	struct der mad = { .len = sizeof mad.at };
	for (size_t i = 0; i < mad.len; i++)
		mad.at[i] = i & 1 ? 0x80 : 0x30;
	ck_assert_int_eq(read_der(&mad, &m), -EBADMSG);
}
END_TEST

START_TEST(only_what_is_constructed_may_be_open)
{
	struct der_parts p = der_parts();
	struct mod_pkcs7 m;

	p.signature = der_open(0x04, DER("\x04\x01s"));
	ck_assert_int_eq(read_parts(&p, &m), -EBADMSG);
}
END_TEST

START_TEST(end_mark_has_no_length)
{
	struct der_parts p = der_parts();
	struct mod_pkcs7 m;

	p.certificates = DER("\xa0\x80\0\1\0");
	ck_assert_int_eq(read_parts(&p, &m), -EBADMSG);
	p.certificates = DER("\xa0\x80\0\x80");
	ck_assert_int_eq(read_parts(&p, &m), -EBADMSG);
	p.certificates = DER("\xa0\x80\0\0");
	is_good(&p);
}
END_TEST

START_TEST(long_forms_are_understood)
{
	struct der_parts p = der_parts();

	p.certificates = DER("\xa0\x88\0\0\0\0\0\0\0\4\x3f\x81\x01\x00");
	is_good(&p);
	p.certificates = DER("\xa0\x80\x1f\x81\x01\x01x\0\0");
	is_good(&p);
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	struct der_parts p = der_parts();
	struct mod_pkcs7 m;

	p.open = _i;
	p.certificates = der_open(0xa0, DER("\x30\x80\x02\x01\x01\0\0"));
	struct der d = der_message(&p);
	for (size_t n = 0; n < d.len; n++) {
		_free_ uint8_t *cut = malloc(n + !n); /* exact, for ASan */
		memcpy(cut, d.at, n);
		ck_assert_int_eq(
			mod_pkcs7_read((struct mod_bytes){ cut, n }, &m),
			-EBADMSG);
	}
}
END_TEST

static bool within(const struct der *d, struct mod_bytes b)
{
	return b.len == 0 || (b.at >= d->at && b.at + b.len <= d->at + d->len);
}

START_TEST(every_byte_may_lie)
{
	struct der_parts p = der_parts();
	struct mod_pkcs7 m;

	p.open = _i;
	struct der d = der_message(&p);
	for (size_t i = 0; i < d.len; i++)
		for (int value = 0; value < 256; value++) {
			uint8_t kept = d.at[i];
			d.at[i] = (uint8_t)value;
			if (read_der(&d, &m) == 0)
				ck_assert(within(&d, m.signer.value) &&
					  within(&d, m.serial) &&
					  within(&d, m.key_id) &&
					  within(&d, m.digest) &&
					  within(&d, m.signature));
			d.at[i] = kept;
		}
}
END_TEST

/* -------------------------------------------------------------------- OIDs */

START_TEST(knows_digests)
{
	static const struct {
		const char *oid, *name;
	} rows[] = {
		{ "\x2a\x86\x48\x86\xf7\x0d\x02\x04", "md4" },
		{ "\x2a\x86\x48\x86\xf7\x0d\x02\x05", "md5" },
		{ "\x2b\x0e\x03\x02\x1a", "sha1" },
		{ "\x2b\x24\x03\x02\x01", "ripemd160" },
		{ "\x60\x86\x48\x01\x65\x03\x04\x02\x03", "sha512" },
		{ "\x60\x86\x48\x01\x65\x03\x04\x02\x0a", "sha3-512" },
		{ "\x60\x86\x48\x01\x65\x03\x04\x02\x0c", "shake256" },
		{ "\x2a\x81\x1c\xcf\x55\x01\x83\x11", "sm3" },
		{ "\x2a\x85\x03\x07\x01\x01\x02\x02",
		  "GOST R 34.11-2012 with 256 bit hash" },
		{ "\x60\x86\x48\x01\x65\x03\x04\x02\x7f", NULL },
		{ "\x60\x86\x48\x01\x65\x03\x04\x02", NULL },
		{ "\x60\x86\x48\x01\x65\x03\x04\x02\x01\x01", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mod_bytes oid = { (const uint8_t *)rows[i].oid,
					 strlen(rows[i].oid) };
		ck_assert_pstr_eq(mod_pkcs7_digest(oid), rows[i].name);
	}
}
END_TEST

static const struct oid {
	const char *bytes;
	size_t len;
	const char *want; /* NULL: refused */
} oids[] = {
	{ "\x2a\x86\x48\x86\xf7\x0d", 6, "1.2.840.113549" },
	{ "\x55\x04\x03", 3, "2.5.4.3" },
	{ "\x00", 1, "0.0" },
	{ "\x27\x00", 2, "0.39.0" },
	{ "\x28", 1, "1.0" },
	{ "\x4f", 1, "1.39" },
	{ "\x50", 1, "2.0" },
	{ "\x88\x37\x03", 3, "2.999.3" },
	{ "\x2a\x81\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 11,
	  "1.2.18446744073709551615" },
	{ "\x2a\x82\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11, NULL },
	{ "\x2a\x86", 2, NULL },
	{ "\x86", 1, NULL },
	{ "", 0, NULL },
};

START_TEST(oid_as_text)
{
	const struct oid *o = &oids[_i];
	struct mod_bytes oid = { (const uint8_t *)o->bytes, o->len };
	char buf[64];

	bool fits = mod_pkcs7_oid_text(oid, buf, sizeof buf);
	ck_assert_int_eq(fits, o->want != NULL);
	if (!fits)
		return;
	ck_assert_str_eq(buf, o->want);
	for (size_t n = 0; n <= strlen(o->want); n++)
		ck_assert(!mod_pkcs7_oid_text(oid, buf, n));
	ck_assert(mod_pkcs7_oid_text(oid, buf, strlen(o->want) + 1));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("pkcs7");
	TCase *tc = tcase_create("pkcs7");

	tcase_set_timeout(tc, 60); /* seconds; a busy machine is no failure */
	tcase_add_loop_test(tc, reads_the_fields, 0, 2);
	tcase_add_loop_test(tc, passes_over_the_rest, 0, 2);
	tcase_add_test(tc, ignores_what_follows);
	tcase_add_test(tc, first_common_name_is_the_signer);
	tcase_add_test(tc, else_the_last_value_is);
	tcase_add_test(tc, a_set_may_hold_several_names);
	tcase_add_test(tc, tells_how_the_name_is_written);
	tcase_add_test(tc, serial_has_no_leading_zero);
	tcase_add_loop_test(tc, key_id_stands_for_issuer_and_serial, 0, 2);
	tcase_add_loop_test(tc, refuses_broken, 0,
			    sizeof broken / sizeof *broken);
	tcase_add_test(tc, no_signer_is_broken);
	tcase_add_test(tc, depth_is_bounded);
	tcase_add_test(tc, only_what_is_constructed_may_be_open);
	tcase_add_test(tc, end_mark_has_no_length);
	tcase_add_test(tc, long_forms_are_understood);
	tcase_add_loop_test(tc, every_prefix_is_refused, 0, 2);
	tcase_add_loop_test(tc, every_byte_may_lie, 0, 2);
	tcase_add_test(tc, knows_digests);
	tcase_add_loop_test(tc, oid_as_text, 0, sizeof oids / sizeof *oids);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
