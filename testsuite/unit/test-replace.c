/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/replace.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct root root;

static void set_up(void)
{
	root_make(&root);
	root_write(&root, "out/a", "old a");
	root_write(&root, "out/b", "old b");
}

static void tear_down(void)
{
	root_remove(&root);
}

static struct mod_replacement file(const char *name, const char *text)
{
	return (struct mod_replacement){
		name, { (const uint8_t *)text, strlen(text) }
	};
}

static int replace(const char *second, const char **which)
{
	const struct mod_replacement files[] = { file("a", "new a"),
						 file(second, "") };

	return mod_replace_all(root_path(&root, "out"), files, 2, true, 1,
			       which);
}

START_TEST(replaces_all)
{
	const char *which;
	struct stat st;

	umask(077);
	ck_assert_int_eq(replace("b", &which), 0);
	ck_assert_str_eq(root_text(&root, "out/a"), "new a");
	ck_assert_str_eq(root_text(&root, "out/b"), "");
	ck_assert_int_eq(root_entries(&root, "out"), 2);
	ck_assert_int_eq(stat(root_path(&root, "out/a"), &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0644);
}
END_TEST

START_TEST(all_or_none)
{
	char name[300];
	const char *which;

	memset(name, 'x', sizeof name);
	name[sizeof name - 1] = '\0';
	ck_assert_int_eq(replace(name, &which), -ENAMETOOLONG);
	ck_assert_ptr_eq(which, name);
	ck_assert_str_eq(root_text(&root, "out/a"), "old a");
	ck_assert_int_eq(root_entries(&root, "out"), 2);
}
END_TEST

/* In pieces: nothing is seen before the end, and nothing when it is bad. */
START_TEST(replaces_at_the_end)
{
	static const char *const names[] = { "a", "b" };
	struct mod_replacing all;
	const char *which;

	for (int good = 0; good < 2; good++) {
		ck_assert_int_eq(mod_replace_begin(&all,
						   root_path(&root, "out"),
						   names, 2, _i, 2, &which),
				 0);
		mod_replace_put(&all, 1, file("b", "new b").bytes);
		mod_replace_put(&all, 0, file("a", "new a").bytes);
		ck_assert_str_eq(root_text(&root, "out/a"), "old a");
		ck_assert_str_eq(root_text(&root, "out/b"), "old b");
		ck_assert_int_eq(root_entries(&root, "out"), 4);
		ck_assert_int_eq(mod_replace_end(&all, good, &which), 0);
		ck_assert_str_eq(root_text(&root, "out/a"),
				 good ? "new a" : "old a");
		ck_assert_str_eq(root_text(&root, "out/b"),
				 good ? "new b" : "old b");
		ck_assert_int_eq(root_entries(&root, "out"), 2);
	}
}
END_TEST

START_TEST(takes_away_what_was_left_behind)
{
	const char *which;

	root_write(&root, "out/a.tmp", "half");
	root_write(&root, "out/b.tmp", "half");
	ck_assert_int_eq(replace("b", &which), 0);
	ck_assert_int_eq(root_entries(&root, "out"), 2);
}
END_TEST

/* Whoever can write there must not lead us elsewhere. */
START_TEST(follows_no_link)
{
	const char *which;

	root_write(&root, "victim", "safe");
	ck_assert_int_eq(symlink("../victim", root_path(&root, "out/a.tmp")),
			 0);
	ck_assert_int_eq(remove(root_path(&root, "out/b")), 0);
	ck_assert_int_eq(symlink("../victim", root_path(&root, "out/b")), 0);
	ck_assert_int_eq(replace("b", &which), 0);
	ck_assert_str_eq(root_text(&root, "victim"), "safe");
	ck_assert_str_eq(root_text(&root, "out/a"), "new a");
	ck_assert_str_eq(root_text(&root, "out/b"), "");
}
END_TEST

/* Nor to overwrite what has another name, too. */
START_TEST(writes_into_no_other_file)
{
	const char *which;
	char victim[256];

	root_write(&root, "victim", "safe");
	strcpy(victim, root_path(&root, "victim"));
	ck_assert_int_eq(link(victim, root_path(&root, "out/a.tmp")), 0);
	ck_assert_int_eq(link(victim, root_path(&root, "out/b.tmp")), 0);
	ck_assert_int_eq(replace("b", &which), 0);
	ck_assert_str_eq(root_text(&root, "victim"), "safe");
	ck_assert_str_eq(root_text(&root, "out/b"), "");
	ck_assert_int_eq(root_entries(&root, "out"), 2);
}
END_TEST

/* Whoever may only read there must not make us wait. */
START_TEST(readers_hold_up_nobody)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	const char *which;

	root_write(&root, "out/b.tmp", "left");
	int dir = open(root_path(&root, "out"), O_RDONLY);
	int left = open(root_path(&root, "out/b.tmp"), O_RDONLY);
	ck_assert_int_ge(dir, 0);
	ck_assert_int_ge(left, 0);
	ck_assert_int_eq(flock(dir, LOCK_EX), 0);
	ck_assert_int_eq(fcntl(left, F_OFD_SETLK, &lock), 0);
	ck_assert_int_eq(replace("b", &which), 0);
	ck_assert_str_eq(root_text(&root, "out/b"), "");
	close(dir);
	close(left);
}
END_TEST

/* Another run, which then has done, or fails, or is killed. */
START_TEST(waits_for_who_writes)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const char *which;
	char temp[256];
	int ready[2];
	char byte;

	strcpy(temp, root_path(&root, "out/b.tmp"));
	ck_assert_int_eq(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		int fd = open(temp, O_RDWR | O_CREAT, 0600);
		int r = fcntl(fd, F_OFD_SETLK, &lock);
		if (write(ready[1], "", 1) != 1 || r < 0)
			_exit(1);
		usleep(100 * 1000);
		if (write(fd, "their b", 7) != 7)
			_exit(1);
		if (_i == 0)
			_exit(rename(temp, root_path(&root, "out/b")) < 0);
		_exit(_i == 1 ? unlink(temp) < 0 : 0);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	ck_assert_int_eq(replace("b", &which), 0);
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(root_text(&root, "out/b"), "");
	ck_assert_int_eq(root_entries(&root, "out"), 2);
	close(ready[0]);
	close(ready[1]);
}
END_TEST

START_TEST(names_what_is_in_the_way)
{
	const char *which;

	ck_assert_int_eq(mkdir(root_path(&root, "out/d"), 0755), 0);
	ck_assert_int_eq(replace("d", &which), -EISDIR);
	ck_assert_str_eq(which, "d");
	ck_assert_int_eq(root_entries(&root, "out"), 3);
}
END_TEST

START_TEST(no_folder_is_told)
{
	const struct mod_replacement one = file("a", "x");
	const char *which = "";

	ck_assert_int_eq(mod_replace_all(root_path(&root, "none"), &one, 1,
					 false, 1, &which),
			 -ENOENT);
	ck_assert_ptr_null(which);
}
END_TEST

START_TEST(survives_no_memory)
{
	const char *which;

	fail_at(0);
	int r = replace("b", &which);
	ck_assert(fail_off());
	ck_assert_int_eq(r, -ENOMEM);
	ck_assert_str_eq(root_text(&root, "out/a"), "old a");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("replace");
	TCase *tc = tcase_create("replace");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, replaces_all);
	tcase_add_test(tc, all_or_none);
	tcase_add_loop_test(tc, replaces_at_the_end, 0, 2);
	tcase_add_test(tc, takes_away_what_was_left_behind);
	tcase_add_test(tc, follows_no_link);
	tcase_add_test(tc, writes_into_no_other_file);
	tcase_add_test(tc, readers_hold_up_nobody);
	tcase_add_loop_test(tc, waits_for_who_writes, 0, 3);
	tcase_add_test(tc, names_what_is_in_the_way);
	tcase_add_test(tc, no_folder_is_told);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);

	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
