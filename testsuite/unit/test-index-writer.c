/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/index/writer.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/index-writer.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>

enum { MANY = 3000 };

static const struct index_entry few[] = {
	{ "lo", "lo.ko:", 1, 0 },
	{ "loop", "loop.ko: lo.ko", 2, 0 },
	{ "lz", "lz.ko:", 0, 0 },
};

static const struct index_entry same[] = {
	{ "a", "first", 3, 0 }, { "a", "second", 3, 0 },   { "a", "low", 1, 0 },
	{ "ab", "x", 0, 0 },    { "a", "second", 3, 0 },   { "b", "", 0, 0 },
	{ "\x7f", "y", 0, 0 },  { "a*[b-c]?", "z", 7, 0 },
};

static int write_ours(const struct index_entry *entries, size_t n,
		      struct mod_str *out)
{
	_free_ struct mod_index_entry *list = calloc(n + 1, sizeof *list);

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		list[i] = (struct mod_index_entry){
			.key = entries[i].key,
			.value = entries[i].value,
			.priority = entries[i].priority,
		};
	return mod_index_writer_write(list, n, out);
}

static void as_the_other(const struct index_entry *entries, size_t n)
{
	_str_ struct mod_str ours = { 0 }, other = { 0 };
	_free_ struct index_entry *copy = malloc((n + 1) * sizeof *copy);

	if (n)
		memcpy(copy, entries, n * sizeof *copy);
	index_write(&other, copy, n, INDEX_PRE_ORDER);
	ck_assert_int_eq(write_ours(entries, n, &ours), 0);
	ck_assert_uint_eq(ours.len, other.len);
	ck_assert_mem_eq(ours.at, other.at, ours.len);
}

START_TEST(writes_the_example)
{
	as_the_other(few, sizeof few / sizeof *few);
}
END_TEST

START_TEST(equal_keys_by_priority_then_the_last_first)
{
	as_the_other(same, sizeof same / sizeof *same);
}
END_TEST

START_TEST(nothing_is_twelve_bytes)
{
	static const uint8_t want[] = { 0xb0, 0x07, 0xf4, 0x57, 0, 2,
					0,    1,    0,    0,    0, 12 };
	_str_ struct mod_str out = { 0 };

	ck_assert_int_eq(write_ours(NULL, 0, &out), 0);
	ck_assert_uint_eq(out.len, sizeof want);
	ck_assert_mem_eq(out.at, want, sizeof want);
}
END_TEST

/* The other writer does not know the empty key. */
START_TEST(the_empty_key_is_the_root)
{
	static const char want[] = "\xb0\x07\xf4\x57\0\2\0\1\x40\0\0\x0c"
				   "\0\0\0\1\0\0\0\5v";
	const struct index_entry one = { "", "v", 5, 0 };
	_str_ struct mod_str out = { 0 };

	ck_assert_int_eq(write_ours(&one, 1, &out), 0);
	ck_assert_uint_eq(out.len, sizeof want);
	ck_assert_mem_eq(out.at, want, sizeof want);
}
END_TEST

START_TEST(many_random_keys)
{
	_free_ struct index_entry *list = calloc(MANY, sizeof *list);
	static char keys[MANY][12];

	srandom((unsigned)_i);
	for (size_t i = 0; i < MANY; i++) {
		size_t len = 1 + (size_t)random() % 10;
		for (size_t k = 0; k < len; k++)
			keys[i][k] = (char)('a' + random() % (2 + _i));
		keys[i][len] = '\0';
		list[i] = (struct index_entry){ keys[i], "v",
						(uint32_t)random() % 4, 0 };
	}
	as_the_other(list, MANY);
}
END_TEST

START_TEST(refuses_keys_beyond_ascii)
{
	const struct index_entry one = { "caf\xc3\xa9", "v", 0, 0 };
	_str_ struct mod_str out = { 0 };

	ck_assert(mod_index_writer_key_fits("a\x7f"));
	ck_assert(!mod_index_writer_key_fits(one.key));
	ck_assert_int_eq(write_ours(&one, 1, &out), -EINVAL);
}
END_TEST

/* Each begins with all that are shorter: nodes as deep as they can be. */
START_TEST(keys_as_long_as_they_may_be)
{
	enum { LONGEST = MOD_INDEX_KEY_MAX };
	static char text[LONGEST + 2];
	static struct index_entry list[LONGEST];
	struct mod_index_entry one = { .key = text, .value = "" };
	_str_ struct mod_str out = { 0 };

	memset(text, 'a', sizeof text - 1);
	for (size_t i = 0; i < LONGEST; i++)
		list[i] = (struct index_entry){ text + 1 + i, "v", 0, 0 };
	as_the_other(list, LONGEST);
	ck_assert(mod_index_writer_key_fits(text + 1));
	ck_assert(!mod_index_writer_key_fits(text));
	ck_assert_int_eq(mod_index_writer_write(&one, 1, &out), -EINVAL);
}
END_TEST

/* Offsets have 28 bits. */
START_TEST(refuses_what_offsets_do_not_reach)
{
	enum { PART = 60 << 20, PARTS = 5 };
	_free_ char *value = malloc(PART + 1);
	struct mod_index_entry list[PARTS];
	char keys[PARTS][2];

	memset(value, 'v', PART);
	value[PART] = '\0';
	for (size_t n = PARTS - 1; n <= PARTS; n++) {
		_str_ struct mod_str out = { 0 };
		for (size_t i = 0; i < n; i++) {
			keys[i][0] = (char)('a' + i);
			keys[i][1] = '\0';
			list[i] = (struct mod_index_entry){ .key = keys[i],
							    .value = value };
		}
		ck_assert_int_eq(mod_index_writer_write(list, n, &out),
				 n == PARTS ? -E2BIG : 0);
	}
}
END_TEST

START_TEST(appends)
{
	_str_ struct mod_str out = { 0 }, alone = { 0 };

	mod_str_add(&out, "head");
	ck_assert_int_eq(write_ours(few, 3, &out), 0);
	ck_assert_int_eq(write_ours(few, 3, &alone), 0);
	ck_assert_uint_eq(out.len, alone.len + 4);
	ck_assert_mem_eq(out.at + 4, alone.at, alone.len);
}
END_TEST

START_TEST(survives_no_memory)
{
	for (size_t n = 0;; n++) {
		_str_ struct mod_str out = { 0 };
		fail_at(n);
		int r = write_ours(few, 3, &out);
		if (!fail_off())
			break;
		ck_assert_int_eq(r, -ENOMEM);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("index-write");
	TCase *tc = tcase_create("index-write");

	tcase_add_test(tc, writes_the_example);
	tcase_add_test(tc, equal_keys_by_priority_then_the_last_first);
	tcase_add_test(tc, nothing_is_twelve_bytes);
	tcase_add_test(tc, the_empty_key_is_the_root);
	tcase_add_loop_test(tc, many_random_keys, 0, 5);
	tcase_add_test(tc, refuses_keys_beyond_ascii);
	tcase_add_test(tc, keys_as_long_as_they_may_be);
	tcase_add_test(tc, refuses_what_offsets_do_not_reach);
	tcase_add_test(tc, appends);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
