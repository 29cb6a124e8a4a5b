/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "libmod/signature/kernel-image.h"
#include "testsuite/unit/cert.h"
#include "testsuite/unit/suite.h"

/* ---------------------------------------------------------------- the payload
 */

static uint8_t file[8192];

static void put(size_t at, const void *bytes, size_t n)
{
	memcpy(file + at, bytes, n);
}

static void put_32(size_t at, uint32_t n)
{
	uint8_t le[] = { (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16),
			 (uint8_t)(n >> 24) };

	put(at, le, sizeof le);
}

/* A bzImage with one sector of set-up code, whose payload is at 0x500. */
static void bzimage(uint32_t payload_len)
{
	memset(file, 0, sizeof file);
	file[0x1f1] = 1;
	put(0x202, "HdrS\x0f\x02", 6);
	put_32(0x248, 0x100);
	put_32(0x24c, payload_len);
	put(0x500, "payload", 7);
}

START_TEST(bzimage_payload_is_found)
{
	struct mod_bytes in = { file, sizeof file };
	struct mod_kernel_image image;

	bzimage(7);
	ck_assert_int_eq(mod_kernel_image_read(in, &image), 0);
	ck_assert_ptr_eq(image.payload.at, file + 0x500);
	ck_assert_uint_eq(image.payload.len, 7);
	ck_assert(image.size_after);
	ck_assert_ptr_null(image.method);
	file[0x1f1] = 0; /* is 4 */
	ck_assert_int_eq(mod_kernel_image_read(in, &image), 0);
	ck_assert_ptr_eq(image.payload.at, file + 0xb00);
}
END_TEST

START_TEST(old_bzimage_is_taken_whole)
{
	struct mod_kernel_image image;

	bzimage(7);
	file[0x206] = 7; /* 2.07 has no payload fields */
	ck_assert_int_eq(
		mod_kernel_image_read((struct mod_bytes){ file, sizeof file },
				      &image),
		0);
	ck_assert_uint_eq(image.payload.len, sizeof file);
}
END_TEST

START_TEST(payload_must_lie_inside)
{
	static const struct {
		uint32_t off, len;
	} rows[] = { { 0x100, sizeof file },
		     { UINT32_MAX, 1 },
		     { UINT32_MAX, UINT32_MAX },
		     { 0, UINT32_MAX },
		     { 0x100, 0 } };
	struct mod_kernel_image image;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bzimage(rows[i].len);
		put_32(0x248, rows[i].off);
		ck_assert_int_eq(
			mod_kernel_image_read(
				(struct mod_bytes){ file, sizeof file },
				&image),
			-EBADMSG);
	}
}
END_TEST

START_TEST(zboot_payload_is_found)
{
	struct mod_bytes in = { file, sizeof file };
	struct mod_kernel_image image;

	memset(file, 0, sizeof file);
	put(0, "MZ\0\0zimg", 8);
	put_32(8, 0x100);
	put_32(12, 10);
	put(0x100, "\x02\x21\x4c\x18", 4);
	ck_assert_int_eq(mod_kernel_image_read(in, &image), 0);
	ck_assert_uint_eq(image.payload.len, 10);
	ck_assert_str_eq(image.method, "lz4");
	put_32(12, sizeof file);
	ck_assert_int_eq(mod_kernel_image_read(in, &image), -EBADMSG);
}
END_TEST

START_TEST(unknown_packings_have_names)
{
	static const struct {
		const char *bytes, *name;
	} rows[] = { { "BZh91AY", "bzip2" },
		     { "\x89LZO\0", "lzo" },
		     { "\x02\x21\x4c\x18xx", "lz4" } };
	struct mod_kernel_image image;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mod_bytes in = { (const uint8_t *)rows[i].bytes,
					strlen(rows[i].bytes) };
		ck_assert_int_eq(mod_kernel_image_read(in, &image), 0);
		ck_assert_str_eq(image.method, rows[i].name);
	}
}
END_TEST

START_TEST(every_prefix_of_an_image_is_safe)
{
	for (size_t n = 0; n < 0x600; n++) {
		_free_ uint8_t *cut = malloc(n + !n);
		struct mod_kernel_image image;

		bzimage(7);
		memcpy(cut, file, n);
		int r = mod_kernel_image_read((struct mod_bytes){ cut, n },
					      &image);
		ck_assert(r == 0 || r == -EBADMSG);
	}
}
END_TEST

/* ----------------------------------------------------------- the certificates
 */

struct kernel {
	size_t len;
	uint8_t at[128 * 1024];
};

static struct kernel k;

static void zeros(size_t n)
{
	memset(k.at + k.len, 0, n);
	k.len += n;
}

static void add(const struct der *d)
{
	memcpy(k.at + k.len, d->at, d->len);
	k.len += d->len;
}

static void number(uint64_t n, bool wide, bool big)
{
	size_t bytes = wide ? 8 : 4;

	for (size_t i = 0; i < bytes; i++) {
		size_t at = big ? bytes - 1 - i : i;
		k.at[k.len++] = (uint8_t)(n >> 8 * at);
	}
	zeros(8 - bytes);
}

static void kernel_of(const char *version)
{
	k.len = (size_t)snprintf((char *)k.at, sizeof k.at,
				 "\x7f"
				 "ELF Linux version %s-test",
				 version);
	zeros(64 - k.len);
}

/* Certificates, and the numbers behind them; returns where they begin. */
static size_t list(const struct der *certs, size_t n, size_t room, bool wide,
		   bool big, uint64_t first)
{
	size_t start = k.len;

	for (size_t i = 0; i < n; i++)
		add(&certs[i]);
	size_t all = k.len - start;
	zeros((8 - k.len % 8) % 8);
	zeros(room);
	number(all, wide, big);
	number(first, wide, big);
	k.at[k.len++] = 0xff; /* something else */
	zeros(63);
	zeros((8 - k.len % 8) % 8);
	return start;
}

static struct der self_issued(void)
{
	struct cert_parts p = cert_parts();

	return cert_make(&p);
}

/* With a body whose length takes two octets, too. */
static struct der issued(void)
{
	struct cert_parts p = cert_parts();

	p.key.len = 300;
	p.subject = der_name(3, 0x0c, DER("Somebody"));
	return cert_make(&p);
}

static int find(struct mod_bytes *out)
{
	return mod_kernel_image_certs((struct mod_bytes){ k.at, k.len }, out);
}

static void is_at(size_t start, size_t len)
{
	struct mod_bytes out;

	ck_assert_int_eq(find(&out), 0);
	ck_assert_ptr_eq(out.at, k.at + start);
	ck_assert_uint_eq(out.len, len);
}

START_TEST(list_is_found_in_each_form)
{
	struct der certs[] = { self_issued(), issued() };

	kernel_of("6.1.0");
	size_t start = list(certs, 2, 0, _i & 1, _i & 2, certs[0].len);
	is_at(start, certs[0].len + certs[1].len);
}
END_TEST

START_TEST(room_may_follow)
{
	struct der cert = issued();

	kernel_of("6.1.0");
	size_t start = list(&cert, 1, 4096, true, false, cert.len);
	is_at(start, cert.len);
}
END_TEST

START_TEST(revoked_ones_do_not_count)
{
	struct der good = self_issued(), bad = issued();
	struct der both[] = { bad, good };

	kernel_of("6.1.0");
	list(both, 2, 0, true, false, 4711);
	size_t start = list(&good, 1, 0, true, false, good.len);
	list(&bad, 1, 0, true, false, 0);
	is_at(start, good.len);
}
END_TEST

START_TEST(revoked_ones_alone_are_none)
{
	struct der cert = issued();
	struct mod_bytes out;

	kernel_of("6.1.0");
	list(&cert, 1, 0, true, false, 4711);
	ck_assert_int_eq(find(&out), 1);
	list(&cert, 1, 0, true, false, 0);
	ck_assert_int_eq(find(&out), 1);
}
END_TEST

START_TEST(without_a_key_for_modules_a_root_begins)
{
	struct der certs[] = { self_issued(), issued() };
	struct mod_bytes out;

	kernel_of("6.1.0");
	size_t start = list(certs, 2, 0, true, false, 0);
	is_at(start, certs[0].len + certs[1].len);
	list(certs, 2, 0, true, false, 0);
	ck_assert_int_eq(find(&out), -EOPNOTSUPP);
}
END_TEST

START_TEST(old_kernels_have_one_number)
{
	static const struct {
		const char *version;
		int want;
	} rows[] = { { "5.10.0", 0 }, { "5.12.19", 0 }, { "4.19.0", 0 },
		     { "3.16.0", 0 }, { "5.13.0", 1 },  { "6.0.0", 1 },
		     { "10.1.0", 1 }, { "x", 1 } };
	struct der cert = issued();
	struct mod_bytes out;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		kernel_of(rows[i].version);
		list(&cert, 1, 0, true, false, 4711);
		ck_assert_msg(find(&out) == rows[i].want, "%s",
			      rows[i].version);
	}
	kernel_of("5.10.0");
	list(&cert, 1, 0, true, false, 4711);
	list(&cert, 1, 0, true, false, 4711);
	ck_assert_int_eq(find(&out), -EOPNOTSUPP);
}
END_TEST

START_TEST(two_lists_are_not_chosen_from)
{
	struct der cert = issued();
	struct mod_bytes out;

	kernel_of("6.1.0");
	list(&cert, 1, 0, true, false, cert.len);
	list(&cert, 1, 0, true, false, cert.len);
	ck_assert_int_eq(find(&out), -EOPNOTSUPP);
}
END_TEST

START_TEST(other_certificates_are_none)
{
	struct der first = self_issued(), cert = issued();
	struct mod_bytes out;

	kernel_of("6.1.0");
	add(&first); /* no number */
	zeros(64);
	ck_assert_int_eq(find(&out), 1);
	zeros((8 - k.len % 8) % 8 + 4); /* not at a multiple of eight */
	add(&cert);
	zeros((8 - k.len % 8) % 8);
	number(cert.len, true, false);
	number(cert.len, true, false);
	ck_assert_int_eq(find(&out), 1);
	ck_assert_int_eq(mod_kernel_image_certs((struct mod_bytes){ 0 }, &out),
			 1);
}
END_TEST

START_TEST(every_prefix_of_a_kernel_is_safe)
{
	struct der cert = self_issued();
	struct mod_bytes out;

	kernel_of("6.1.0");
	list(&cert, 1, 0, true, false, cert.len);
	for (size_t n = 0; n < k.len; n++) {
		_free_ uint8_t *cut = malloc(n + !n);

		memcpy(cut, k.at, n);
		int r = mod_kernel_image_certs((struct mod_bytes){ cut, n },
					       &out);
		ck_assert(r == 0 || r == 1);
		if (r == 0)
			ck_assert(out.at + out.len <= cut + n);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("kimage");
	TCase *tc = tcase_create("kimage");

	tcase_set_timeout(tc, 60); /* seconds; a busy machine is no failure */
	tcase_add_test(tc, bzimage_payload_is_found);
	tcase_add_test(tc, old_bzimage_is_taken_whole);
	tcase_add_test(tc, payload_must_lie_inside);
	tcase_add_test(tc, zboot_payload_is_found);
	tcase_add_test(tc, unknown_packings_have_names);
	tcase_add_test(tc, every_prefix_of_an_image_is_safe);
	tcase_add_loop_test(tc, list_is_found_in_each_form, 0, 4);
	tcase_add_test(tc, room_may_follow);
	tcase_add_test(tc, revoked_ones_do_not_count);
	tcase_add_test(tc, revoked_ones_alone_are_none);
	tcase_add_test(tc, without_a_key_for_modules_a_root_begins);
	tcase_add_test(tc, old_kernels_have_one_number);
	tcase_add_test(tc, two_lists_are_not_chosen_from);
	tcase_add_test(tc, other_certificates_are_none);
	tcase_add_test(tc, every_prefix_of_a_kernel_is_safe);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
