/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/file.h"

#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[4096];

static uint8_t bytes[100000]; /* what the file holds, from its start */

/* A file of so many bytes, opened as a source. */
static void make(struct mod_file *file, uint64_t size)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(path, sizeof path, "%s/libmod-file.XXXXXX",
		 tmp ? tmp : "/tmp");
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 251);
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
	close(fd);
	ck_assert_int_eq(mod_file_source(file, path), 0);
	ck_assert_uint_eq(file->src.size, size);
}

static void end(struct mod_file *file)
{
	mod_file_fini(file);
	unlink(path);
}

static void ask(struct mod_file *file, uint64_t off, uint64_t len)
{
	struct mod_bytes out;

	ck_assert_int_eq(mod_source_range(&file->src, off, len, &out), 0);
	ck_assert_uint_eq(out.len, len);
	if (len)
		ck_assert_mem_eq(out.at, bytes + off, len);
}

static const uint64_t sizes[] = {
	0,    1,    63,    64,    511,   512,   513,
	4096, 5000, 32768, 32769, 37000, 40000, 100000
};

/* Whatever is read around a range, the bytes are those of the range. */
START_TEST(ranges_are_right_in_any_order)
{
	struct mod_file file;
	uint64_t size = sizes[_i], seed = 1;

	make(&file, size);
	ask(&file, 0, size < 64 ? size : 64);
	for (unsigned i = 0; i < 500; i++) {
		seed = seed * 6364136223846793005U + 1442695040888963407U;
		uint64_t off = (seed >> 33) % (size + 1);
		seed = seed * 6364136223846793005U + 1442695040888963407U;
		uint64_t len = (seed >> 33) % (size - off + 1);
		if (seed & 1 << 20) /* near the end, as a signature is */
			off = size - (len = len < 1024 ? len : 1024);
		ask(&file, off, len < 6000 ? len : 6000);
	}
	ask(&file, 0, size);
	end(&file);
}
END_TEST

/* What was handed out stays as it was when more is read. */
START_TEST(earlier_ranges_stay)
{
	struct mod_file file;
	struct mod_bytes first, second;

	make(&file, 100000);
	ck_assert_int_eq(mod_source_range(&file.src, 50000, 10, &first), 0);
	ck_assert_int_eq(mod_source_range(&file.src, 99990, 10, &second), 0);
	ask(&file, 0, 64);
	ask(&file, 20000, 30000);
	ck_assert_uint_eq(first.at[9], bytes[50009]);
	ck_assert_uint_eq(second.at[9], bytes[99999]);
	end(&file);
}
END_TEST

START_TEST(a_file_that_shrinks_is_damaged)
{
	struct mod_file file;
	struct mod_bytes out;

	make(&file, 100000);
	ck_assert_int_eq(truncate(path, 60000), 0);
	ck_assert_int_eq(mod_source_range(&file.src, 99000, 10, &out),
			 -EBADMSG);
	ck_assert_int_eq(mod_source_range(&file.src, 59999, 2, &out), -EBADMSG);
	ask(&file, 100, 50000);
	end(&file);
}
END_TEST

START_TEST(only_regular_files)
{
	struct mod_file file;

	ck_assert_int_eq(mod_file_source(&file, "."), -EISDIR);
	ck_assert_int_eq(mod_file_source(&file, "/dev/null"), -ENOTSUP);
	ck_assert_int_eq(mod_file_source(&file, "no-such-file"), -ENOENT);
}
END_TEST

/* Through a pipe, in pieces. */
START_TEST(pieces_make_a_whole)
{
	static const size_t lengths[] = { 0,    1,    4095,  4096,
					  4097, 8193, 70000, 100000 };
	struct mod_arena arena = { 0 };
	size_t want = lengths[_i], len;
	int ends[2];
	char name[32], *text;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 251);
	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		for (size_t at = 0; at < want; at += 3000) {
			size_t n = want - at < 3000 ? want - at : 3000;
			if (write(ends[1], bytes + at, n) != (ssize_t)n)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	snprintf(name, sizeof name, "/proc/self/fd/%d", ends[0]);
	ck_assert_int_eq(mod_file_read(&arena, name, 1 << 20, &text, &len), 0);
	ck_assert_uint_eq(len, want);
	ck_assert_mem_eq(text, bytes, want);
	ck_assert_int_eq(text[len], 0);
	close(ends[0]);
	mod_arena_fini(&arena);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("file");
	TCase *tc = tcase_create("file");

	tcase_add_loop_test(tc, ranges_are_right_in_any_order, 0,
			    sizeof sizes / sizeof *sizes);
	tcase_add_test(tc, earlier_ranges_stay);
	tcase_add_test(tc, a_file_that_shrinks_is_damaged);
	tcase_add_test(tc, only_regular_files);
	tcase_add_loop_test(tc, pieces_make_a_whole, 0, 8);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
