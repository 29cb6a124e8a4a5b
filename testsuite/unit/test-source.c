/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/source.h"

#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>

static const struct {
	uint64_t off, len;
	int want;
} ranges[] = {
	{ 0, 0, 0 },
	{ 0, 5, 0 },
	{ 4, 1, 0 },
	{ 5, 0, 0 },
	{ 0, 6, -EBADMSG },
	{ 5, 1, -EBADMSG },
	{ 6, 0, -EBADMSG },
	{ 1, UINT64_MAX, -EBADMSG },
	{ UINT64_MAX, 0, -EBADMSG },
	{ UINT64_MAX, 2, -EBADMSG },
};

START_TEST(memory_lends_what_lies_inside)
{
	static const uint8_t bytes[] = "bytes";
	struct mod_source_memory mem;
	struct mod_bytes out;

	mod_source_from_memory(&mem, (struct mod_bytes){ bytes, 5 });
	ck_assert_uint_eq(mem.src.size, 5);
	int r = mod_source_range(&mem.src, ranges[_i].off, ranges[_i].len,
				 &out);
	ck_assert_int_eq(r, ranges[_i].want);
	if (r == 0) {
		ck_assert_uint_eq(out.len, ranges[_i].len);
		ck_assert_mem_eq(out.at, bytes + ranges[_i].off, out.len);
	}
}
END_TEST

START_TEST(no_memory_is_an_empty_source)
{
	struct mod_source_memory mem;
	struct mod_bytes out;

	mod_source_from_memory(&mem, (struct mod_bytes){ 0 });
	ck_assert_int_eq(mod_source_range(&mem.src, 0, 0, &out), 0);
	ck_assert_uint_eq(out.len, 0);
	ck_assert_int_eq(mod_source_range(&mem.src, 0, 1, &out), -EBADMSG);
}
END_TEST

static int asked;

static int range(struct mod_source *src, uint64_t off, size_t len,
		 struct mod_bytes *out)
{
	(void)src, (void)off, (void)len, (void)out;
	asked++;
	return -EIO;
}

START_TEST(asks_only_for_what_is_there)
{
	struct mod_source src = { .size = 10, .range = range };
	struct mod_bytes out;

	asked = 0;
	ck_assert_int_eq(mod_source_range(&src, 8, 3, &out), -EBADMSG);
	ck_assert_int_eq(asked, 0);
	ck_assert_int_eq(mod_source_range(&src, 8, 2, &out), -EIO);
	ck_assert_int_eq(asked, 1);
}
END_TEST

START_TEST(asks_for_no_more_than_the_limit)
{
	struct mod_source src = { .size = UINT64_MAX, .range = range };
	struct mod_bytes out;

	asked = 0;
	ck_assert_int_eq(
		mod_source_range(&src, 8, MOD_RANGE_LIMIT + 1ULL, &out),
		-E2BIG);
	ck_assert_int_eq(mod_source_range(&src, 0, UINT64_MAX, &out), -E2BIG);
	ck_assert_int_eq(asked, 0);
	ck_assert_int_eq(mod_source_range(&src, 8, MOD_RANGE_LIMIT, &out),
			 -EIO);
	ck_assert_int_eq(asked, 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("source");
	TCase *tc = tcase_create("source");

	tcase_add_loop_test(tc, memory_lends_what_lies_inside, 0,
			    sizeof ranges / sizeof *ranges);
	tcase_add_test(tc, no_memory_is_an_empty_source);
	tcase_add_test(tc, asks_only_for_what_is_there);
	tcase_add_test(tc, asks_for_no_more_than_the_limit);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
