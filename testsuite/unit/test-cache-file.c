/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/cache-file.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { ENTRIES = 20 };

static struct root root;
static char path[256];

static struct mod_cache_file_stamp stamp_of(unsigned i)
{
	return (struct mod_cache_file_stamp){
		i % 3, 1000 - i, 10, 20, 30, i, 50
	};
}

static int write_cache(void)
{
	struct mod_cache_file_entry entries[ENTRIES];
	static char texts[ENTRIES][16];

	for (unsigned i = 0; i < ENTRIES; i++) {
		int n = snprintf(texts[i], sizeof texts[i], "record %u", i);
		entries[i] = (struct mod_cache_file_entry){
			stamp_of(i), { (uint8_t *)texts[i], (size_t)n }
		};
	}
	return mod_cache_file_write(root.dir, "cache", entries, ENTRIES);
}

static void set_up(void)
{
	root_make(&root);
	snprintf(path, sizeof path, "%s/cache", root.dir);
	ck_assert_int_eq(write_cache(), 0);
}

static void tear_down(void)
{
	root_remove(&root);
}

static size_t found(void)
{
	struct mod_cache_file cache;
	struct mod_bytes record;
	size_t n = 0;

	mod_cache_file_read(&cache, path);
	for (unsigned i = 0; i < ENTRIES; i++) {
		struct mod_cache_file_stamp stamp = stamp_of(i);
		char want[16];
		if (!mod_cache_file_get(&cache, &stamp, &record))
			continue;
		snprintf(want, sizeof want, "record %u", i);
		ck_assert_uint_eq(record.len, strlen(want));
		ck_assert_mem_eq(record.at, want, record.len);
		n++;
	}
	mod_cache_file_fini(&cache);
	return n;
}

START_TEST(remembers)
{
	ck_assert_uint_eq(found(), ENTRIES);
}
END_TEST

START_TEST(a_file_that_changed_has_no_record)
{
	struct mod_cache_file_stamp same = stamp_of(7);
	struct mod_cache_file_stamp changed[8];
	struct mod_cache_file cache;
	struct mod_bytes record;

	for (int i = 0; i < 8; i++)
		changed[i] = same;
	changed[0].dev++;
	changed[1].ino += 10000;
	changed[2].size++;
	changed[3].mtime++;
	changed[4].ctime--;
	changed[5].mtime_ns++;
	changed[6].ctime_ns++;
	mod_cache_file_read(&cache, path);
	for (int i = 0; i < 7; i++)
		ck_assert(!mod_cache_file_get(&cache, &changed[i], &record));
	ck_assert(mod_cache_file_get(&cache, &changed[7], &record));
	mod_cache_file_fini(&cache);
}
END_TEST

static size_t read_file(char text[8192])
{
	FILE *f = fopen(path, "r");
	size_t n = fread(text, 1, 8192, f);

	fclose(f);
	return n;
}

static void put_file(const char *text, size_t n)
{
	remove(path);
	root_write_bytes(&root, "cache", text, n);
	chmod(path, 0644);
}

START_TEST(no_prefix_is_a_cache)
{
	char text[8192];
	size_t len = read_file(text);

	for (size_t n = 0; n < len; n++) {
		put_file(text, n);
		ck_assert_uint_eq(found(), 0);
	}
}
END_TEST

START_TEST(no_flipped_bit_goes_unseen)
{
	char text[8192];
	size_t len = read_file(text);

	for (size_t i = 0; i < len; i++) {
		text[i] ^= (char)(1 << i % 8);
		put_file(text, len);
		ck_assert_uint_eq(found(), 0);
		text[i] ^= (char)(1 << i % 8);
	}
	put_file(text, len);
	ck_assert_uint_eq(found(), ENTRIES);
}
END_TEST

START_TEST(others_must_not_write_it)
{
	ck_assert_int_eq(chmod(path, 0664), 0);
	ck_assert_uint_eq(found(), 0);
	ck_assert_int_eq(chmod(path, 0646), 0);
	ck_assert_uint_eq(found(), 0);
	ck_assert_int_eq(chmod(path, 0600), 0);
	ck_assert_uint_eq(found(), ENTRIES);
}
END_TEST

START_TEST(others_must_not_own_it)
{
	if (geteuid() != 0 || chown(path, 1, 1) < 0)
		return;
	ck_assert_uint_eq(found(), 0);
}
END_TEST

START_TEST(a_link_is_no_cache)
{
	char to[512];

	snprintf(to, sizeof to, "%s.real", path);
	ck_assert_int_eq(rename(path, to), 0);
	ck_assert_int_eq(symlink(to, path), 0);
	ck_assert_uint_eq(found(), 0);
	/* And none is written through it. */
	ck_assert_int_eq(write_cache(), 0);
	ck_assert_uint_eq(found(), ENTRIES);
}
END_TEST

START_TEST(nothing_there_is_empty)
{
	remove(path);
	ck_assert_uint_eq(found(), 0);
}
END_TEST

START_TEST(what_changed_just_now_is_not_settled)
{
	const struct timespec start = { 1000, 0 };
	static const struct {
		int64_t ctime;
		bool settled;
	} rows[] = { { 0, true },     { 998, true },   { 999, false },
		     { 1000, false }, { 5000, false }, { INT64_MAX, false } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mod_cache_file_stamp stamp = { .ctime = rows[i].ctime };
		ck_assert(mod_cache_file_is_settled(&stamp, &start) ==
			  rows[i].settled);
	}
}
END_TEST

START_TEST(survives_no_memory)
{
	for (size_t n = 0;; n++) {
		struct mod_cache_file cache;
		fail_at(n);
		int r = write_cache();
		mod_cache_file_read(&cache, path);
		bool hit = fail_off();
		mod_cache_file_fini(&cache);
		ck_assert(r == 0 || r == -ENOMEM);
		if (!hit)
			break;
	}
	ck_assert_uint_eq(found(), ENTRIES);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cache");
	TCase *tc = tcase_create("cache");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, remembers);
	tcase_add_test(tc, a_file_that_changed_has_no_record);
	tcase_add_test(tc, no_prefix_is_a_cache);
	tcase_add_test(tc, no_flipped_bit_goes_unseen);
	tcase_add_test(tc, others_must_not_write_it);
	tcase_add_test(tc, others_must_not_own_it);
	tcase_add_test(tc, a_link_is_no_cache);
	tcase_add_test(tc, nothing_there_is_empty);
	tcase_add_test(tc, what_changed_just_now_is_not_settled);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
