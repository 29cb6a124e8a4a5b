/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <errno.h>
#include <stdlib.h>

#include "libmod/module/trailer.h"
#include "libmod/signature/signature-info.h"
#include "testsuite/unit/der.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/image.h"
#include "testsuite/unit/suite.h"

#define MAGIC "~Module signature appended~\n"

/* A module's trailer, and what stands before it. */
struct trailer {
	struct der body;
	struct der signer, key, signature;
	uint8_t algorithm, hash, id;
	uint8_t padding[3];
	uint32_t sig_len; /* instead of the signature's, when not 0 */
	const char *magic;
};

static struct trailer trailer(uint8_t id)
{
	return (struct trailer){ .body = DER("body"),
				 .signer = DER("Signer"),
				 .key = DER("\1\2"),
				 .signature = DER("signature"),
				 .algorithm = 1,
				 .hash = 4,
				 .id = id,
				 .magic = MAGIC };
}

/* One whose signature is a message; the other parts are empty. */
static struct trailer signed_by(const struct der_parts *parts)
{
	return (struct trailer){ .body = DER("body"),
				 .signature = der_message(parts),
				 .id = 2,
				 .magic = MAGIC };
}

static struct der file_of(const struct trailer *t)
{
	size_t len = t->sig_len ? t->sig_len : t->signature.len;
	const uint8_t block[] = {
		t->algorithm,
		t->hash,
		t->id,
		(uint8_t)t->signer.len,
		(uint8_t)t->key.len,
		t->padding[0],
		t->padding[1],
		t->padding[2],
		(uint8_t)(len >> 24),
		(uint8_t)(len >> 16),
		(uint8_t)(len >> 8),
		(uint8_t)len,
	};
	struct der d = der_join(t->body, der_join(t->signer, t->key));

	d = der_join(d, t->signature);
	d = der_join(d, der_raw(block, sizeof block));
	return der_join(d, der_raw(t->magic, strlen(t->magic)));
}

static int read_file(const struct der *file, struct mod_signature_info *sign)
{
	struct mod_source_memory mem;

	mod_source_from_memory(&mem, (struct mod_bytes){ file->at, file->len });
	return mod_signature_info_read(&mem.src, sign);
}

static int read_trailer(const struct trailer *t,
			struct mod_signature_info *sign)
{
	static struct der file; /* what sign points into */

	file = file_of(t);
	return read_file(&file, sign);
}

#define _sign_ _cleanup_(mod_signature_info_fini)

#define ck_bytes(got, text)                                                    \
	do {                                                                   \
		ck_assert_uint_eq((got).len, sizeof(text) - 1);                \
		ck_assert(memcmp((got).at, text, (got).len) == 0);             \
	} while (0)

/* ------------------------------------------------------------- the trailer */

START_TEST(old_kinds_hold_their_parts_bare)
{
	struct trailer t = trailer((uint8_t)_i);
	_sign_ struct mod_signature_info sign = { 0 };

	ck_assert_int_eq(read_trailer(&t, &sign), 0);
	ck_assert_str_eq(sign.id, _i ? "X509" : "PGP");
	ck_assert_str_eq(sign.hash, "sha256");
	ck_bytes(sign.signer, "Signer");
	ck_bytes(sign.key, "\1\2");
	ck_bytes(sign.signature, "signature");
	ck_assert_uint_eq(sign.der.len, 0);
	ck_assert_uint_eq(sign.signed_len, 4);
}
END_TEST

START_TEST(old_hashes_have_names)
{
	static const char *const names[] = { "md4",    "md5",    "sha1",
					     "rmd160", "sha256", "sha384",
					     "sha512", "sha224", "sm3" };
	struct trailer t = trailer(1);

	for (t.hash = 0; t.hash < 9; t.hash++) {
		_sign_ struct mod_signature_info sign = { 0 };
		ck_assert_int_eq(read_trailer(&t, &sign), 0);
		ck_assert_str_eq(sign.hash, names[t.hash]);
	}
}
END_TEST

static const struct unsound {
	const char *what;
	size_t at; /* byte of the block */
	uint8_t value;
} unsound[] = {
	{ "algorithm 2", 0, 2 },
	{ "hash 9", 1, 9 },
	{ "kind 3", 2, 3 },
	{ "no signature", 11, 0 },
	{ "signature too long", 8, 64 },
	{ "signature a byte too long", 11, 14 },
	{ "name too long", 3, 11 },
	{ "key too long", 4, 7 },
	{ "other magic", 12, '-' },
	{ "magic without newline", 39, ' ' },
};

START_TEST(unsound_trailer_is_none)
{
	const struct unsound *u = &unsound[_i];
	struct trailer t = trailer(1);
	struct der file = file_of(&t);
	struct mod_signature_info sign;

	file.at[file.len - 40 + u->at] = u->value;
	int r = read_file(&file, &sign);
	ck_assert_msg(r == 1, "%s: got %d", u->what, r);
}
END_TEST

START_TEST(magic_must_be_last)
{
	struct trailer t = trailer(1);
	struct mod_signature_info sign;

	t.magic = MAGIC "\n";
	ck_assert_int_eq(read_trailer(&t, &sign), 1);
}
END_TEST

START_TEST(signature_may_be_the_whole_file)
{
	struct trailer t = trailer(0);
	_sign_ struct mod_signature_info sign = { 0 };

	t.signer = t.key = t.body = (struct der){ 0 };
	t.padding[1] = 7; /* is not looked at */
	ck_assert_int_eq(read_trailer(&t, &sign), 0);
	ck_bytes(sign.signature, "signature");
	ck_assert_uint_eq(sign.signed_len, 0);
	ck_assert_uint_eq(sign.signer.len, 0);
}
END_TEST

START_TEST(name_ends_at_nul)
{
	struct trailer t = trailer(0);
	_sign_ struct mod_signature_info sign = { 0 };

	t.signer = DER("Good\0Evil");
	t.key = DER("k\0k");
	ck_assert_int_eq(read_trailer(&t, &sign), 0);
	ck_bytes(sign.signer, "Good");
	ck_bytes(sign.key, "k\0k");
}
END_TEST

START_TEST(last_trailer_counts)
{
	struct trailer inner = trailer(0), outer = trailer(1);
	_sign_ struct mod_signature_info sign = { 0 };

	outer.body = file_of(&inner);
	ck_assert_int_eq(read_trailer(&outer, &sign), 0);
	ck_assert_str_eq(sign.id, "X509");
	ck_assert_uint_eq(sign.signed_len, outer.body.len);
}
END_TEST

START_TEST(long_signature_is_read_whole)
{
	enum { LEN = 5000 };
	static uint8_t file[LEN + 40] = { 's' };
	struct trailer t = trailer(1);
	_sign_ struct mod_signature_info sign = { 0 };

	t.signer = t.key = t.signature = t.body = (struct der){ 0 };
	t.sig_len = LEN;
	struct der end = file_of(&t);
	memcpy(file + LEN, end.at, end.len);
	struct counted src = counted((struct mod_bytes){ file, sizeof file });
	ck_assert_int_eq(mod_signature_info_read(&src.src, &sign), 0);
	ck_assert_uint_eq(sign.signature.len, LEN);
	ck_assert_uint_eq(sign.signature.at[0], 's');
	ck_assert_uint_eq(src.ranges, 2);
}
END_TEST

/* ------------------------------------------------------------- the message */

START_TEST(message_gives_the_fields)
{
	struct der_parts p = der_parts();
	_sign_ struct mod_signature_info sign = { 0 };

	p.open = _i;
	struct trailer t = signed_by(&p);
	ck_assert_int_eq(read_trailer(&t, &sign), 0);
	ck_assert_str_eq(sign.id, "PKCS#7");
	ck_assert_str_eq(sign.hash, "sha256");
	ck_bytes(sign.signer, "Tester");
	ck_bytes(sign.key, "\x12\x34");
	ck_bytes(sign.signature, "signed!");
	ck_assert_uint_eq(sign.der.len, t.signature.len);
	ck_assert_uint_eq(sign.signed_len, 4);
}
END_TEST

START_TEST(key_id_is_the_key)
{
	struct der_parts p = der_parts();
	_sign_ struct mod_signature_info sign = { 0 };

	p.signer = der_tag(0x80, DER("key id"));
	struct trailer t = signed_by(&p);
	ck_assert_int_eq(read_trailer(&t, &sign), 0);
	ck_bytes(sign.key, "key id");
	ck_assert_uint_eq(sign.signer.len, 0);
	ck_assert_str_eq(sign.hash, "sha256");
	ck_bytes(sign.signature, "signed!");
}
END_TEST

START_TEST(unreadable_message_leaves_fields_empty)
{
	struct trailer t = trailer(2);
	_sign_ struct mod_signature_info sign = { 0 };

	ck_assert_int_eq(read_trailer(&t, &sign), 0);
	ck_assert_str_eq(sign.id, "PKCS#7");
	ck_assert_str_eq(sign.hash, "unknown");
	ck_assert_uint_eq(sign.signer.len, 0);
	ck_assert_uint_eq(sign.key.len, 0);
	ck_assert_uint_eq(sign.signature.len, 0);
	ck_bytes(sign.der, "signature");
}
END_TEST

static const struct name {
	uint8_t tag;
	const char *bytes;
	size_t len;
	const char *want;
} names[] = {
	{ 0x0c, "J\xc3\xbcrgen", 7, "J\xc3\xbcrgen" },
	{ 0x0c, "Good\0Evil", 9, "Good" },
	{ 0x14, "J\xfcrgen", 6, "J\xc3\xbcrgen" },
	{ 0x1e, "\0J\0\xfc\x20\xac", 6, "J\xc3\xbc\xe2\x82\xac" },
	{ 0x1e, "\0J\xd8\x00", 4, "J\xef\xbf\xbd" },
	{ 0x1e, "\0J\0", 3, "J" },
	{ 0x1e, "\0J\0\0\0K", 6, "J" },
	{ 0x1e, "", 0, "" },
	{ 0x1c, "\0\0\0J\0\1\xf6\0", 8, "J\xf0\x9f\x98\x80" },
	{ 0x1c, "\0\x11\0\0", 4, "\xef\xbf\xbd" },
};

START_TEST(names_become_utf8)
{
	const struct name *n = &names[_i];
	struct der_parts p = der_parts();
	_sign_ struct mod_signature_info sign = { 0 };

	p.issuer = der_name(3, n->tag, der_raw(n->bytes, n->len));
	struct trailer t = signed_by(&p);
	ck_assert_int_eq(read_trailer(&t, &sign), 0);
	ck_assert_uint_eq(sign.signer.len, strlen(n->want));
	ck_assert(memcmp(sign.signer.at, n->want, sign.signer.len) == 0);
}
END_TEST

static const struct serial {
	const char *bytes;
	size_t len;
	const char *want;
	size_t want_len;
} serials[] = {
	{ "\0\x80\xff", 3, "\x80\xff", 2 },
	{ "\0", 1, "", 0 },
	{ "\xfb", 1, "\x05", 1 },
	{ "\xff", 1, "\x01", 1 },
	{ "\x80", 1, "\x80", 1 },
	{ "\xff\0", 2, "\x01\0", 2 },
	{ "\xff\x7f", 2, "\x81", 1 },
	{ "\x80\0\0", 3, "\x80\0\0", 3 },
	{ "\xff\xff", 2, "\x01", 1 },
	{ "\xfe\x01\0", 3, "\x01\xff\0", 3 },
};

START_TEST(negative_serials_show_their_magnitude)
{
	const struct serial *n = &serials[_i];
	struct der_parts p = der_parts();
	_sign_ struct mod_signature_info sign = { 0 };

	p.serial = der_raw(n->bytes, n->len);
	struct trailer t = signed_by(&p);
	ck_assert_int_eq(read_trailer(&t, &sign), 0);
	ck_assert_uint_eq(sign.key.len, n->want_len);
	ck_assert(memcmp(sign.key.at, n->want, n->want_len) == 0);
}
END_TEST

START_TEST(unknown_digests_show_their_number)
{
	struct der_parts p = der_parts();
	struct mod_signature_info sign;

	p.digest = DER("\x2a\x03\x04");
	struct trailer t = signed_by(&p);
	ck_assert_int_eq(read_trailer(&t, &sign), 0);
	ck_assert_str_eq(sign.hash, "1.2.3.4");
	mod_signature_info_fini(&sign);
	p.digest = (struct der){ 0 };
	t = signed_by(&p);
	ck_assert_int_eq(read_trailer(&t, &sign), 0);
	ck_assert_str_eq(sign.hash, "unknown");
	mod_signature_info_fini(&sign);
}
END_TEST

/* ------------------------------------------------------------ what can fail */

/* A file of which every field has to be made. */
static struct der all_made(void)
{
	struct der_parts p = der_parts();

	p.issuer = der_name(3, 0x1e, DER("\0B\0M\0P"));
	p.serial = DER("\x80\x01");
	p.digest = DER("\x2a\x03\x04");
	struct trailer t = signed_by(&p);
	return file_of(&t);
}

START_TEST(survives_no_memory)
{
	struct der file = all_made();

	for (size_t n = 0;; n++) {
		struct mod_signature_info sign;

		fail_at(n);
		int r = read_file(&file, &sign);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (r == 0)
			mod_signature_info_fini(&sign);
		if (!hit)
			break;
		ck_assert_uint_lt(n, 20);
	}
}
END_TEST

START_TEST(hands_up_errors_of_the_source)
{
	struct der file = all_made();
	struct mod_signature_info sign;

	for (unsigned n = 1; n <= 2; n++) {
		struct counted src =
			counted((struct mod_bytes){ file.at, file.len });
		src.fail_at = n;
		ck_assert_int_eq(mod_signature_info_read(&src.src, &sign),
				 -EIO);
	}
}
END_TEST

START_TEST(every_prefix_is_unsigned)
{
	struct der file = all_made();

	for (size_t n = 0; n < file.len; n++) {
		_free_ uint8_t *cut = malloc(n + !n); /* exact, for ASan */
		struct mod_source_memory mem;
		struct mod_signature_info sign;

		memcpy(cut, file.at, n);
		mod_source_from_memory(&mem, (struct mod_bytes){ cut, n });
		ck_assert_int_eq(mod_signature_info_read(&mem.src, &sign), 1);
	}
}
END_TEST

START_TEST(every_byte_may_lie)
{
	struct der file = all_made();

	for (size_t i = 0; i < file.len; i++)
		for (int value = 0; value < 256; value += 5) {
			uint8_t kept = file.at[i];
			struct mod_signature_info sign;

			file.at[i] = (uint8_t)value;
			int r = read_file(&file, &sign);
			if (r == 0)
				mod_signature_info_fini(&sign);
			else if (r != 1)
				ck_abort_msg("byte %zu: %d", i, r);
			file.at[i] = kept;
		}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sign");
	TCase *tc = tcase_create("sign");

	tcase_set_timeout(tc, 60); /* seconds; a busy machine is no failure */
	tcase_add_loop_test(tc, old_kinds_hold_their_parts_bare, 0, 2);
	tcase_add_test(tc, old_hashes_have_names);
	tcase_add_loop_test(tc, unsound_trailer_is_none, 0,
			    sizeof unsound / sizeof *unsound);
	tcase_add_test(tc, magic_must_be_last);
	tcase_add_test(tc, signature_may_be_the_whole_file);
	tcase_add_test(tc, name_ends_at_nul);
	tcase_add_test(tc, last_trailer_counts);
	tcase_add_test(tc, long_signature_is_read_whole);
	tcase_add_loop_test(tc, message_gives_the_fields, 0, 2);
	tcase_add_test(tc, key_id_is_the_key);
	tcase_add_test(tc, unreadable_message_leaves_fields_empty);
	tcase_add_loop_test(tc, names_become_utf8, 0,
			    sizeof names / sizeof *names);
	tcase_add_loop_test(tc, negative_serials_show_their_magnitude, 0,
			    sizeof serials / sizeof *serials);
	tcase_add_test(tc, unknown_digests_show_their_number);
	tcase_add_test(tc, survives_no_memory);
	tcase_add_test(tc, hands_up_errors_of_the_source);
	tcase_add_test(tc, every_prefix_is_unsigned);
	tcase_add_test(tc, every_byte_may_lie);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
