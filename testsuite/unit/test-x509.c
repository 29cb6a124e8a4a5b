/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <errno.h>
#include <stdlib.h>

#include "libmod/signature/efi.h"
#include "libmod/signature/x509.h"
#include "testsuite/unit/cert.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#define ck_bytes(got, text)                                                    \
	do {                                                                   \
		ck_assert_uint_eq((got).len, sizeof(text) - 1);                \
		ck_assert(memcmp((got).at, text, (got).len) == 0);             \
	} while (0)

enum { KEY_ID = 14, KEY_USAGE = 15, EXTENDED_USAGE = 37 };

/* One that has everything. */
static struct der full(void)
{
	struct cert_parts p = cert_parts();

	p.unique = DER("\x81\x02\x00\x01\x82\x02\x00\x02");
	p.extensions =
		cert_extension(KEY_ID, false, der_tag(0x04, DER("key id")));
	p.extensions = der_join(
		p.extensions,
		cert_extension(KEY_USAGE, true, DER("\x03\x02\x07\x80")));
	return cert_make(&p);
}

static int read_cert(const struct der *d, struct mod_x509 *cert)
{
	struct mod_bytes left = { d->at, d->len };

	return mod_x509_next(&left, cert);
}

START_TEST(reads_what_names_it)
{
	struct der d = full(), name = der_name(3, 0x0c, DER("Tester"));
	struct mod_x509 cert;

	name = der_tag(0x30, name);
	ck_assert_int_eq(read_cert(&d, &cert), 0);
	ck_bytes(cert.serial, "\x12\x34");
	ck_bytes(cert.key_id, "key id");
	ck_assert_uint_eq(cert.der.len, d.len);
	ck_assert(cert.may_sign);
	ck_assert(mod_x509_is_self_issued(&cert));
	struct mod_bytes issuer = { name.at, name.len };
	ck_assert(mod_x509_is_named(&cert, issuer, cert.serial));
	ck_assert(!mod_x509_is_named(&cert, issuer,
				     (struct mod_bytes){ cert.serial.at, 1 }));
	ck_assert(mod_x509_has_key_id(&cert, cert.key_id));
	ck_assert(!mod_x509_has_key_id(&cert, cert.serial));
}
END_TEST

START_TEST(no_key_id_fits_nobody)
{
	struct cert_parts p = cert_parts();
	struct der d = cert_make(&p);
	struct mod_x509 cert;

	ck_assert_int_eq(read_cert(&d, &cert), 0);
	ck_assert_uint_eq(cert.key_id.len, 0);
	ck_assert(!mod_x509_has_key_id(&cert, cert.key_id));
}
END_TEST

START_TEST(several_stand_in_a_row)
{
	struct der one = full(), two = der_join(one, one);
	struct mod_bytes left = { two.at, two.len };
	struct mod_x509 cert;

	ck_assert_int_eq(mod_x509_next(&left, &cert), 0);
	ck_assert_int_eq(mod_x509_next(&left, &cert), 0);
	ck_assert_ptr_eq(cert.der.at, two.at + one.len);
	ck_assert_int_eq(mod_x509_next(&left, &cert), 1);
}
END_TEST

static const struct usage {
	uint8_t id;
	const char *value;
	size_t len;
	bool may_sign;
} usages[] = {
	{ KEY_USAGE, "\x03\x02\x07\x80", 4, true },
	{ KEY_USAGE, "\x03\x02\x05\xa0", 4, true },
	{ KEY_USAGE, "\x03\x02\x05\x20", 4, false },
	{ KEY_USAGE, "\x03\x01\x00", 3, false },
	{ KEY_USAGE, "\x04\x02\x07\x80", 4, false },
	{ KEY_USAGE, "", 0, false },
	{ EXTENDED_USAGE, "\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x03",
	  12, true },
	{ EXTENDED_USAGE, "\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01",
	  12, false },
	{ EXTENDED_USAGE, "\x30\x06\x06\x04\x55\x1d\x25\x00", 8, true },
	{ EXTENDED_USAGE,
	  "\x30\x16\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"
	  "\x06\x0a\x2b\x06\x01\x04\x01\x92\x08\x10\x01\x02",
	  24, true },
	{ EXTENDED_USAGE, "\x30\x00", 2, false },
	{ EXTENDED_USAGE, "\x30\x03\x06\x08\x2b", 5, false },
};

START_TEST(usage_is_kept_to)
{
	const struct usage *u = &usages[_i];
	struct cert_parts p = cert_parts();
	struct mod_x509 cert;

	p.extensions = cert_extension(u->id, _i & 1, der_raw(u->value, u->len));
	struct der d = cert_make(&p);
	ck_assert_int_eq(read_cert(&d, &cert), 0);
	ck_assert_int_eq(cert.may_sign, u->may_sign);
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	struct der d = full();

	for (size_t n = 1; n < d.len; n++) {
		_free_ uint8_t *cut = malloc(n); /* exact, for ASan */
		struct mod_bytes left = { cut, n };
		struct mod_x509 cert;

		memcpy(cut, d.at, n);
		ck_assert_int_eq(mod_x509_next(&left, &cert), -EBADMSG);
		ck_assert_uint_eq(left.len, n);
	}
}
END_TEST

START_TEST(every_byte_may_lie)
{
	struct der good = full();

	for (size_t i = 0; i < good.len; i++)
		for (unsigned value = 0; value < 256; value += 3) {
			struct der d = good;
			struct mod_x509 cert;

			d.at[i] = (uint8_t)value;
			int r = read_cert(&d, &cert);
			ck_assert(r == 0 || r == -EBADMSG);
		}
}
END_TEST

/* ------------------------------------------------------------------------ PEM
 */

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"

static const struct pem {
	const char *text;
	int want;
	const char *der;
	size_t len;
} pems[] = {
	{ BEGIN "\nAQID\n" END, 0, "\1\2\3", 3 },
	{ BEGIN "AQIDBA==" END "\n", 0, "\1\2\3\4", 4 },
	{ "x\n" BEGIN "\r\nAQ\r\nID \tBAU=\r\n" END, 0, "\1\2\3\4\5", 5 },
	{ BEGIN END, 0, "", 0 },
	{ "", 1, "", 0 },
	{ "-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----", 1, "",
	  0 },
	{ BEGIN "AQID", -EBADMSG, "", 0 },
	{ BEGIN "AQI" END, -EBADMSG, "", 0 },
	{ BEGIN "A" END, -EBADMSG, "", 0 },
	{ BEGIN "A===" END, -EBADMSG, "", 0 },
	{ BEGIN "AQ=" END, -EBADMSG, "", 0 },
	{ BEGIN "AQ===" END, -EBADMSG, "", 0 },
	{ BEGIN "====" END, -EBADMSG, "", 0 },
	{ BEGIN "AQ==AQID" END, -EBADMSG, "", 0 },
	{ BEGIN "AQI*" END, -EBADMSG, "", 0 },
	{ BEGIN "Proc-Type: 4,ENCRYPTED\n" END, -EBADMSG, "", 0 },
};

START_TEST(pem_is_decoded)
{
	const struct pem *p = &pems[_i];
	struct mod_bytes left = { (const uint8_t *)p->text, strlen(p->text) };
	_str_ struct mod_str der = { 0 };

	ck_assert_int_eq(mod_x509_pem_next(&left, &der), p->want);
	ck_assert_int_eq(mod_x509_is_pem((struct mod_bytes){
				 (const uint8_t *)p->text, strlen(p->text) }),
			 p->want != 1);
	if (p->want != 0)
		return;
	ck_assert_uint_eq(der.len, p->len);
	ck_assert(p->len == 0 || memcmp(der.at, p->der, p->len) == 0);
	ck_assert_int_eq(mod_x509_pem_next(&left, &der), 1);
}
END_TEST

START_TEST(pem_survives_no_memory)
{
	static const char text[] = BEGIN "AQID" END;

	for (size_t n = 0;; n++) {
		struct mod_bytes left = { (const uint8_t *)text,
					  sizeof text - 1 };
		_str_ struct mod_str der = { 0 };

		fail_at(n);
		int r = mod_x509_pem_next(&left, &der);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
	}
}
END_TEST

/* ------------------------------------------------------------------------ EFI
 */

#define X509_GUID                                                              \
	"\xa1\x59\xc0\xa5\xe4\x94\xa7\x4a\x87\xb5\xab\x15\x5c\x2b\xf0\x72"
#define OWNER "0123456789abcdef"
#define HASH_GUID "________________"

static int count(struct mod_bytes left, unsigned *n, size_t *sum)
{
	struct mod_efi_list list = { 0 };
	struct mod_bytes cert;
	int r;

	*n = 0;
	*sum = 0;
	while ((r = mod_efi_next(&left, &list, &cert)) == 0) {
		++*n;
		*sum += cert.len;
	}
	return r;
}

static const char efi_good[] = HASH_GUID
	"\x20\0\0\0\0\0\0\0\x04\0\0\0"
	"hash" X509_GUID "\x44\0\0\0\2\0\0\0\x13\0\0\0"
	"hh" OWNER "abc" OWNER "def" X509_GUID "\x1c\0\0\0\0\0\0\0\x11\0\0\0";

START_TEST(efi_lists_are_read)
{
	struct mod_bytes in = { (const uint8_t *)efi_good,
				sizeof efi_good - 1 };
	unsigned n;
	size_t sum;

	ck_assert_int_eq(count(in, &n, &sum), 1);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(sum, 6);
	ck_assert_int_eq(count((struct mod_bytes){ 0 }, &n, &sum), 1);
}
END_TEST

START_TEST(every_prefix_of_efi_lists_is_safe)
{
	for (size_t n = 1; n < sizeof efi_good - 1; n++) {
		_free_ uint8_t *cut = malloc(n);
		struct mod_bytes in = { cut, n };
		unsigned found;
		size_t sum;

		memcpy(cut, efi_good, n);
		int r = count(in, &found, &sum);
		ck_assert_msg(n == 0x20 || n == 0x20 + 0x44 ? r == 1
							    : r == -EBADMSG,
			      "%zu: %d", n, r);
	}
}
END_TEST

static const struct efi_broken {
	const char *what;
	size_t at;
	uint8_t value;
} efi_broken[] = {
	{ "shorter than its header", 16, 27 },
	{ "a header that does not fit", 20, 5 },
	{ "longer than the file", 19, 1 },
	{ "entries of 16 bytes", 0x20 + 24, 16 },
	{ "entries of none", 0x20 + 24, 0 },
	{ "entries that do not fill it", 0x20 + 24, 0x12 },
	{ "one entry larger than all", 0x20 + 25, 1 },
};

START_TEST(broken_efi_lists_are_refused)
{
	const struct efi_broken *b = &efi_broken[_i];
	char bad[sizeof efi_good];
	struct mod_bytes in = { (const uint8_t *)bad, sizeof bad - 1 };
	unsigned n;
	size_t sum;

	memcpy(bad, efi_good, sizeof bad);
	bad[b->at] = (char)b->value;
	ck_assert_msg(count(in, &n, &sum) == -EBADMSG, "%s", b->what);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cert");
	TCase *tc = tcase_create("cert");

	tcase_set_timeout(tc, 60); /* seconds; a busy machine is no failure */
	tcase_add_test(tc, reads_what_names_it);
	tcase_add_test(tc, no_key_id_fits_nobody);
	tcase_add_test(tc, several_stand_in_a_row);
	tcase_add_loop_test(tc, usage_is_kept_to, 0,
			    sizeof usages / sizeof *usages);
	tcase_add_test(tc, every_prefix_is_refused);
	tcase_add_test(tc, every_byte_may_lie);
	tcase_add_loop_test(tc, pem_is_decoded, 0, sizeof pems / sizeof *pems);
	tcase_add_test(tc, pem_survives_no_memory);
	tcase_add_test(tc, efi_lists_are_read);
	tcase_add_test(tc, every_prefix_of_efi_lists_is_safe);
	tcase_add_loop_test(tc, broken_efi_lists_are_refused, 0,
			    sizeof efi_broken / sizeof *efi_broken);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
