/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/cursor.h"

#include "testsuite/unit/suite.h"

#include <check.h>
#include <stdlib.h>

#define BYTES(...)                                                             \
	{                                                                      \
		(const uint8_t[]){ __VA_ARGS__ },                              \
			sizeof((const uint8_t[]){ __VA_ARGS__ })               \
	}

START_TEST(reads_both_byte_orders)
{
	struct mod_bytes in =
		BYTES(1, 1, 2, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8);

	struct mod_cursor little = { .in = in };
	ck_assert_uint_eq(mod_cursor_u8(&little), 1);
	ck_assert_uint_eq(mod_cursor_u16(&little), 0x0201);
	ck_assert_uint_eq(mod_cursor_u32(&little), 0x04030201);
	ck_assert(mod_cursor_u64(&little) == 0x0807060504030201);
	ck_assert(!little.bad);

	struct mod_cursor big = { .in = in, .big = true };
	ck_assert_uint_eq(mod_cursor_u8(&big), 1);
	ck_assert_uint_eq(mod_cursor_u16(&big), 0x0102);
	ck_assert_uint_eq(mod_cursor_u32(&big), 0x01020304);
	ck_assert(mod_cursor_u64(&big) == 0x0102030405060708);
	ck_assert(!big.bad);
}
END_TEST

START_TEST(stays_bad)
{
	struct mod_cursor c = { .in = BYTES(1, 2, 3, 4) };

	ck_assert_uint_eq(mod_cursor_u16(&c), 0x0201);
	ck_assert_uint_eq(mod_cursor_u32(&c), 0);
	ck_assert(c.bad);
	ck_assert_uint_eq(mod_cursor_u8(&c), 0);
	ck_assert_ptr_null(mod_cursor_take(&c, 0));
	mod_cursor_seek(&c, 0);
	ck_assert_uint_eq(mod_cursor_u8(&c), 0);
	ck_assert_uint_eq(mod_cursor_range(&c, 0, 1).len, 0);
	ck_assert_uint_eq(mod_cursor_count(&c, 1, 1), 0);
	ck_assert(c.bad);
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	static const uint8_t in[15];

	for (size_t n = 0; n <= sizeof in; n++) {
		uint8_t *cut = malloc(n + !n); /* exact, for ASan */
		memcpy(cut, in, n);
		struct mod_cursor c = { .in = { cut, n } };
		mod_cursor_u8(&c);
		mod_cursor_u16(&c);
		mod_cursor_u32(&c);
		mod_cursor_u64(&c);
		ck_assert_int_eq(c.bad, n < sizeof in);
		free(cut);
	}
}
END_TEST

START_TEST(seeks_inside_only)
{
	struct mod_cursor c = { .in = BYTES(1, 2, 3) };

	mod_cursor_seek(&c, 2);
	ck_assert_uint_eq(mod_cursor_u8(&c), 3);
	mod_cursor_seek(&c, 3); /* the end is a place */
	ck_assert(!c.bad);
	mod_cursor_seek(&c, 4);
	ck_assert(c.bad);

	c = (struct mod_cursor){ .in = BYTES(1) };
	mod_cursor_seek(&c, UINT64_MAX);
	ck_assert(c.bad);
}
END_TEST

static const struct {
	uint64_t off, len;
	bool fits;
} ranges[] = { { 0, 0, true },
	       { 0, 4, true },
	       { 3, 1, true },
	       { 4, 0, true },
	       { 0, 5, false },
	       { 4, 1, false },
	       { 5, 0, false },
	       { 1, UINT64_MAX, false },
	       { UINT64_MAX, 1, false },
	       { UINT64_MAX, UINT64_MAX, false },
	       { UINT64_MAX - 1, 4, false } };

START_TEST(ranges_cannot_wrap)
{
	struct mod_cursor c = { .in = BYTES(1, 2, 3, 4) };
	struct mod_bytes b =
		mod_cursor_range(&c, ranges[_i].off, ranges[_i].len);

	ck_assert_int_eq(!c.bad, ranges[_i].fits);
	ck_assert_uint_eq(b.len, ranges[_i].fits ? ranges[_i].len : 0);
	if (b.len)
		ck_assert_ptr_eq(b.at, c.in.at + ranges[_i].off);
}
END_TEST

START_TEST(no_bytes_at_all_are_fine)
{
	struct mod_cursor c = { 0 };

	mod_cursor_seek(&c, 0);
	mod_cursor_take(&c, 0);
	ck_assert_uint_eq(mod_cursor_range(&c, 0, 0).len, 0);
	ck_assert_uint_eq(mod_cursor_count(&c, 0, 8), 0);
	ck_assert_ptr_null(mod_bytes_str((struct mod_bytes){ 0 }, 0));
	ck_assert(!c.bad);
}
END_TEST

START_TEST(counts_what_bytes_back)
{
	struct mod_cursor c = { .in = BYTES(0, 1, 2, 3, 4, 5, 6, 7, 8) };

	mod_cursor_u8(&c);
	ck_assert_uint_eq(mod_cursor_count(&c, 0, 8), 0);
	ck_assert_uint_eq(mod_cursor_count(&c, 1, 8), 1);
	ck_assert_uint_eq(mod_cursor_count(&c, 2, 4), 2);
	ck_assert(!c.bad);
	ck_assert_uint_eq(mod_cursor_count(&c, 3, 4), 0);
	ck_assert(c.bad);

	c = (struct mod_cursor){ .in = BYTES(0) };
	ck_assert_uint_eq(mod_cursor_count(&c, UINT64_MAX / 2 + 2, 2), 0);
	ck_assert(c.bad);
}
END_TEST

START_TEST(strings_end_inside)
{
	struct mod_bytes table = BYTES('a', 0, 'b', 'c', 0, 'd');

	ck_assert_str_eq(mod_bytes_str(table, 0), "a");
	ck_assert_str_eq(mod_bytes_str(table, 1), "");
	ck_assert_str_eq(mod_bytes_str(table, 3), "c");
	ck_assert_ptr_null(mod_bytes_str(table, 5));
	ck_assert_ptr_null(mod_bytes_str(table, 6));
	ck_assert_ptr_null(mod_bytes_str(table, UINT64_MAX));
}
END_TEST

/* A string of len bytes, of those that a trick with eight could mistake, and
 * more of them behind its NUL, n in all; to free.  No NUL when n is len.
 */
static uint8_t *tricky(size_t len, size_t n)
{
	static const uint8_t of[] = { 0x01, 0x80, 0xff, 0x7f, 0x81 };
	uint8_t *at = malloc(n + !n); /* exact, for ASan */

	ck_assert_ptr_nonnull(at);
	for (size_t i = 0; i < n; i++)
		at[i] = i == len ? 0 : of[i % sizeof of];
	return at;
}

enum { TEXT_MAX = 40 };

/* All that whole eights hold is copied; with less room nothing is. */
START_TEST(text_is_copied_inside_only)
{
	for (size_t n = 0; n <= TEXT_MAX; n++) {
		for (size_t len = 0; len <= n; len++) {
			uint8_t *at = tricky(len, n);
			char *to = malloc(n + !n);
			size_t want = len / 8 * 8 + 8 <= n ? len : n;
			size_t got = mod_bytes_copy_text(to, at, n);
			if (got != want ||
			    (got < n && memcmp(to, at, len + 1) != 0))
				ck_abort_msg("%zu of %zu: %zu", len, n, got);
			free(to);
			free(at);
		}
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("bytes");
	TCase *tc = tcase_create("bytes");

	tcase_add_test(tc, reads_both_byte_orders);
	tcase_add_test(tc, stays_bad);
	tcase_add_test(tc, every_prefix_is_safe);
	tcase_add_test(tc, seeks_inside_only);
	tcase_add_loop_test(tc, ranges_cannot_wrap, 0,
			    sizeof ranges / sizeof *ranges);
	tcase_add_test(tc, no_bytes_at_all_are_fine);
	tcase_add_test(tc, counts_what_bytes_back);
	tcase_add_test(tc, strings_end_inside);
	tcase_add_test(tc, text_is_copied_inside_only);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
