/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <errno.h>
#include <stdlib.h>

#include "libmod/signature/cms.h"
#include "testsuite/unit/der.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#define ck_bytes(got, text)                                                    \
	do {                                                                   \
		ck_assert_uint_eq((got).len, sizeof(text) - 1);                \
		ck_assert(memcmp((got).at, text, (got).len) == 0);             \
	} while (0)

static struct mod_bytes bytes(const struct der *d)
{
	return (struct mod_bytes){ d->at, d->len };
}

/* The first signer of a message. */
static int read_first(struct mod_bytes der, struct mod_cms_signer *signer,
		      const char **why)
{
	struct mod_cms cms;
	int r = mod_cms_open(&cms, der, why);

	return r < 0 ? r : mod_cms_next(&cms, signer, why);
}

START_TEST(good_message_is_read)
{
	struct der_parts p = der_parts();
	struct mod_cms_signer signer;
	const char *why = NULL;
	struct mod_cms cms;

	p.open = _i;
	struct der d = der_message(&p);
	ck_assert_int_eq(mod_cms_open(&cms, bytes(&d), &why), 0);
	ck_assert_int_eq(mod_cms_next(&cms, &signer, &why), 0);
	ck_assert_uint_eq(signer.issuer.at[0], 0x30);
	ck_bytes(signer.serial, "\x12\x34");
	ck_assert_uint_eq(signer.key_id.len, 0);
	ck_assert_str_eq(signer.digest, "sha256");
	ck_assert_int_eq(signer.key, MOD_CMS_RSA);
	ck_bytes(signer.signature, "signed!");
	ck_assert_int_eq(mod_cms_next(&cms, &signer, &why), 1);
}
END_TEST

START_TEST(key_id_needs_version_3)
{
	struct der_parts p = der_parts();
	struct mod_cms_signer signer;
	const char *why = NULL;

	p.signer = der_tag(0x80, DER("key id"));
	struct der d = der_message(&p); /* which is of version 1 */
	ck_assert_int_eq(read_first(bytes(&d), &signer, &why), -EBADMSG);
	ck_assert_str_eq(why, "versions in the PKCS#7 message differ");
	for (size_t i = 0; i + 2 < d.len; i++)
		if (memcmp(d.at + i, "\x02\x01\x01", 3) == 0)
			d.at[i + 2] = 3;
	ck_assert_int_eq(read_first(bytes(&d), &signer, &why), 0);
	ck_bytes(signer.key_id, "key id");
	ck_assert_uint_eq(signer.issuer.len + signer.serial.len, 0);
}
END_TEST

/* -------------------------------------------------------------- refused
 */

static void add_attributes(struct der_parts *p)
{
	p->attributes = der_tag(0xa0, DER("\x30\x00"));
}

static void unknown_digest(struct der_parts *p)
{
	p->digest = DER("\x2a\x03\x04");
}

static void second_signer_is_damaged(struct der_parts *p)
{
	p->more = DER("\x30\x03\x02\x01\x01");
}

static void empty_key_id(struct der_parts *p)
{
	p->signer = der_tag(0x80, DER(""));
}

static void no_serial(struct der_parts *p)
{
	p->serial = DER("");
}

static const struct refused {
	const char *why;
	void (*change)(struct der_parts *p);
} refused[] = {
	{ "signed attributes, which no kernel takes", add_attributes },
	{ "unknown digest", unknown_digest },
	{ "corrupt signer in the PKCS#7 message", second_signer_is_damaged },
	{ "corrupt signer in the PKCS#7 message", empty_key_id },
	{ "corrupt signer in the PKCS#7 message", no_serial },
};

START_TEST(refuses_what_the_kernel_refuses)
{
	struct der_parts p = der_parts();
	struct mod_cms_signer signer;
	const char *why = "";
	struct mod_cms cms;

	refused[_i].change(&p);
	struct der d = der_message(&p);
	int r = mod_cms_open(&cms, bytes(&d), &why);
	while (r == 0)
		r = mod_cms_next(&cms, &signer, &why);
	ck_assert_int_eq(r, -EBADMSG);
	ck_assert_str_eq(why, refused[_i].why);
}
END_TEST

/* Bytes of a good message, found by what they are, and what they become. */
static const struct broken {
	const char *what, *from, *to;
	size_t len;
	unsigned nth; /* of several, counted from 0 */
} broken[] = {
	{ "version 2", "\x02\x01\x01", "\x02\x01\x02", 3, 0 },
	{ "version 3 of the whole alone", "\x02\x01\x01", "\x02\x01\x03", 3,
	  0 },
	{ "version 3 of the signer alone", "\x02\x01\x01", "\x02\x01\x03", 3,
	  1 },
	{ "enveloped data", "\x01\x07\x02", "\x01\x07\x03", 3, 0 },
	{ "the content is no plain data", "\x01\x07\x01", "\x01\x07\x06", 3,
	  0 },
	{ "the list has another digest", "\x65\x03\x04\x02\x01",
	  "\x65\x03\x04\x02\x03", 5, 0 },
	{ "the signer has another digest", "\x65\x03\x04\x02\x01",
	  "\x65\x03\x04\x02\x03", 5, 1 },
	{ "sha1WithRSA over sha256", "\x0d\x01\x01\x01", "\x0d\x01\x01\x05", 4,
	  0 },
	{ "RSA-PSS", "\x0d\x01\x01\x01", "\x0d\x01\x01\x0a", 4, 0 },
	{ "parameters that are not NULL", "\x05\x00", "\x04\x00", 2, 0 },
	{ "a signature that is no octets", "\x04\x07signed!", "\x03\x07signed!",
	  9, 0 },
};

START_TEST(refuses_changed_parts)
{
	const struct broken *b = &broken[_i];
	struct der_parts p = der_parts();
	struct mod_cms_signer signer;
	struct der d = der_message(&p);
	const char *why = NULL;
	unsigned nth = 0;
	size_t i = 0;

	for (;; i++) {
		ck_assert_msg(i + b->len <= d.len, "%s: not there", b->what);
		if (memcmp(d.at + i, b->from, b->len) == 0 && nth++ == b->nth)
			break;
	}
	memcpy(d.at + i, b->to, b->len);
	int r = read_first(bytes(&d), &signer, &why);
	ck_assert_msg(r == -EBADMSG && why, "%s: %d", b->what, r);
}
END_TEST

START_TEST(refuses_bytes_behind)
{
	struct der_parts p = der_parts();
	struct der d = der_join(der_message(&p), DER("\0"));
	struct mod_cms_signer signer;
	const char *why = NULL;

	ck_assert_int_eq(read_first(bytes(&d), &signer, &why), -EBADMSG);
}
END_TEST

START_TEST(refuses_every_prefix)
{
	struct der_parts p = der_parts();
	struct mod_cms_signer signer;
	const char *why;

	p.open = _i;
	struct der d = der_message(&p);
	for (size_t n = 0; n < d.len; n++) {
		_free_ uint8_t *cut = malloc(n + !n); /* exact, for ASan */

		memcpy(cut, d.at, n);
		why = NULL;
		ck_assert_int_eq(
			read_first((struct mod_bytes){ cut, n }, &signer, &why),
			-EBADMSG);
		ck_assert_ptr_nonnull(why);
	}
}
END_TEST

/* No byte but those of the name, the number and the signature, which are looked
 * at elsewhere, may change without notice.  sha256WithRSA for rsaEncryption
 * says nothing else.
 */
START_TEST(no_byte_is_free)
{
	struct der_parts p = der_parts();
	struct der good = der_message(&p);
	struct mod_cms_signer want, signer;
	const char *why = NULL;

	ck_assert_int_eq(read_first(bytes(&good), &want, &why), 0);
	for (size_t i = 0; i < good.len; i++)
		for (unsigned value = 0; value < 256; value++) {
			struct der d = good;

			bool same = i >= 3 && value == 0x0b &&
				memcmp(good.at + i - 3, "\x0d\x01\x01\x01",
				       4) == 0;

			if (same || value == good.at[i])
				continue;
			d.at[i] = (uint8_t)value;
			int r = read_first(bytes(&d), &signer, &why);
			if (r < 0)
				continue;
			bool other = signer.issuer.len != want.issuer.len ||
				memcmp(signer.issuer.at, want.issuer.at,
				       want.issuer.len) ||
				signer.serial.len != want.serial.len ||
				memcmp(signer.serial.at, want.serial.at,
				       want.serial.len) ||
				signer.signature.len != want.signature.len ||
				memcmp(signer.signature.at, want.signature.at,
				       want.signature.len);
			ck_assert_msg(other, "byte %zu may be 0x%02x", i,
				      value);
		}
}
END_TEST

/* ------------------------------------------------------------------ writing */

static const struct made {
	enum mod_cms_key key;
	const char *digest;
	bool can;
} makes[] = {
	{ MOD_CMS_RSA, "sha256", true },   { MOD_CMS_EC, "sha256", true },
	{ MOD_CMS_RSA, "sha1", true },     { MOD_CMS_EC, "sha512", true },
	{ MOD_CMS_RSA, "sha3-512", true }, { MOD_CMS_EC, "sha3-256", true },
	{ MOD_CMS_RSA, "md5", false },     { MOD_CMS_EC, "md5", false },
	{ MOD_CMS_RSA, "", false },        { MOD_CMS_EC, "shake128", false },
};

/* Lengths of one, two and three octets. */
START_TEST(what_is_made_can_be_read)
{
	static const size_t lens[] = { 1, 127, 128, 255, 256, 70000 };
	const struct made *m = &makes[_i];
	_free_ uint8_t *raw = calloc(1, 70000);

	ck_assert_int_eq(mod_cms_can_make(m->key, m->digest), m->can);
	for (size_t i = 0; m->can && i < 2 * sizeof lens / sizeof *lens; i++) {
		struct der issuer = der_name(3, 0x0c, DER("Tester"));
		struct mod_cms_signer as = {
			.digest = m->digest,
			.key = m->key,
			.signature = { raw, lens[i / 2] },
		};
		_str_ struct mod_str out = { 0 };
		struct mod_cms_signer got;
		const char *why = "";

		issuer = der_tag(0x30, issuer);
		if (i % 2) {
			as.key_id = (struct mod_bytes){ raw, 20 };
		} else {
			as.issuer = bytes(&issuer);
			as.serial = (struct mod_bytes){ raw, 20 };
		}
		mod_cms_make(&out, &as);
		ck_assert(!out.bad);
		struct mod_bytes der = { (uint8_t *)out.at, out.len };
		ck_assert_msg(read_first(der, &got, &why) == 0, "%s", why);
		ck_assert_uint_eq(got.signature.len, as.signature.len);
		ck_assert_uint_eq(got.issuer.len, as.issuer.len);
		ck_assert_uint_eq(got.serial.len, as.serial.len);
		ck_assert_uint_eq(got.key_id.len, as.key_id.len);
		ck_assert_str_eq(got.digest, m->digest);
		ck_assert_int_eq(got.key, m->key);
	}
}
END_TEST

START_TEST(making_survives_no_memory)
{
	struct der issuer = der_tag(0x30, der_name(3, 0x0c, DER("Tester")));
	struct mod_cms_signer as = {
		.issuer = bytes(&issuer),
		.serial = { (const uint8_t *)"\1", 1 },
		.digest = "sha256",
		.signature = { (const uint8_t *)"signed", 6 },
	};

	for (size_t n = 0;; n++) {
		_str_ struct mod_str out = { 0 };

		fail_at(n);
		mod_cms_make(&out, &as);
		bool hit = fail_off();
		ck_assert_int_eq(out.bad, hit);
		if (!hit)
			break;
		ck_assert_uint_lt(n, 100);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cms");
	TCase *tc = tcase_create("cms");

	tcase_set_timeout(tc, 60); /* seconds; a busy machine is no failure */
	tcase_add_loop_test(tc, good_message_is_read, 0, 2);
	tcase_add_test(tc, key_id_needs_version_3);
	tcase_add_loop_test(tc, refuses_what_the_kernel_refuses, 0,
			    sizeof refused / sizeof *refused);
	tcase_add_loop_test(tc, refuses_changed_parts, 0,
			    sizeof broken / sizeof *broken);
	tcase_add_test(tc, refuses_bytes_behind);
	tcase_add_loop_test(tc, refuses_every_prefix, 0, 2);
	tcase_add_test(tc, no_byte_is_free);
	tcase_add_loop_test(tc, what_is_made_can_be_read, 0,
			    sizeof makes / sizeof *makes);
	tcase_add_test(tc, making_survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
