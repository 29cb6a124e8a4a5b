/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/replace.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
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

enum ending { DONE, FAILED, KILLED };

/* Another run that replaces a file, in a moment. */
static pid_t start_other(const char *name, enum ending ending)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char to[256], temp[sizeof to + 4], byte;
	int ready[2];

	strcpy(to, root_path(&root, name));
	sprintf(temp, "%s.tmp", to);
	ck_assert_int_eq(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		int fd = open(temp, O_RDWR | O_CREAT, 0600);
		int r = fcntl(fd, F_OFD_SETLK, &lock);
		if (write(ready[1], "", 1) != 1 || r < 0)
			_exit(1);
		usleep(100 * 1000);
		if (write(fd, "theirs", 6) != 6)
			_exit(1);
		if (ending == DONE)
			_exit(rename(temp, to) < 0);
		_exit(ending == FAILED ? unlink(temp) < 0 : 0);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return child;
}

static void other_ended(pid_t child)
{
	int status;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

START_TEST(waits_for_who_writes)
{
	const char *which;
	pid_t child = start_other("out/b", (enum ending)_i);

	ck_assert_int_eq(replace("b", &which), 0);
	other_ended(child);
	ck_assert_str_eq(root_text(&root, "out/b"), "");
	ck_assert_int_eq(root_entries(&root, "out"), 2);
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

/* ---- the content of one file */

static void set_up_one(void)
{
	root_make(&root);
	root_write(&root, "in/file", "old");
}

static int fill(const char *name, int fd)
{
	const struct mod_bytes parts[] = { file("", "new, ").bytes,
					   file("", "").bytes,
					   file("", "in parts").bytes };

	return mod_replace_content(root_path(&root, name), fd, parts, 3);
}

static int open_and_fill(const char *name)
{
	_close_ int fd = open(root_path(&root, name), O_RDONLY);

	return fill(name, fd);
}

START_TEST(contents_are_new)
{
	struct stat before, after;

	ck_assert_int_eq(stat(root_path(&root, "in/file"), &before), 0);
	ck_assert_int_eq(open_and_fill("in/file"), 0);
	ck_assert_str_eq(root_text(&root, "in/file"), "new, in parts");
	ck_assert_int_eq(stat(root_path(&root, "in/file"), &after), 0);
	ck_assert(before.st_ino != after.st_ino);
	ck_assert_int_eq(root_entries(&root, "in"), 1);
}
END_TEST

START_TEST(mode_stays)
{
	static const mode_t modes[] = { 0400, 0644, 0666, 0755, 04711, 0 };
	mode_t mask = umask(077);
	struct stat st;

	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		/* Opened before: nobody but root can read mode 0. */
		_close_ int fd = open(root_path(&root, "in/file"), O_RDONLY);
		ck_assert_int_eq(fchmod(fd, modes[i]), 0);
		ck_assert_int_eq(fill("in/file", fd), 0);
		ck_assert_int_eq(stat(root_path(&root, "in/file"), &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, modes[i]);
		ck_assert_int_eq(chmod(root_path(&root, "in/file"), 0600), 0);
	}
	umask(mask);
}
END_TEST

START_TEST(owner_stays)
{
	struct stat st;

	if (geteuid() != 0)
		return;
	ck_assert_int_eq(chown(root_path(&root, "in/file"), 12, 34), 0);
	ck_assert_int_eq(chmod(root_path(&root, "in/file"), 06755), 0);
	ck_assert_int_eq(open_and_fill("in/file"), 0);
	ck_assert_int_eq(stat(root_path(&root, "in/file"), &st), 0);
	ck_assert_uint_eq(st.st_uid, 12);
	ck_assert_uint_eq(st.st_gid, 34);
	ck_assert_uint_eq(st.st_mode & 07777, 06755);
}
END_TEST

START_TEST(attributes_stay)
{
	char value[8];

	if (setxattr(root_path(&root, "in/file"), "user.a", "one", 3, 0) < 0)
		return; /* a file system without them */
	ck_assert_int_eq(
		setxattr(root_path(&root, "in/file"), "user.b", "", 0, 0), 0);
	ck_assert_int_eq(open_and_fill("in/file"), 0);
	ck_assert_int_eq(getxattr(root_path(&root, "in/file"), "user.a", value,
				  sizeof value),
			 3);
	ck_assert_int_eq(memcmp(value, "one", 3), 0);
	ck_assert_int_eq(getxattr(root_path(&root, "in/file"), "user.b", value,
				  sizeof value),
			 0);
}
END_TEST

START_TEST(links_stay)
{
	struct stat st;

	ck_assert_int_eq(symlink("in/file", root_path(&root, "link")), 0);
	ck_assert_int_eq(open_and_fill("link"), 0);
	ck_assert_str_eq(root_text(&root, "in/file"), "new, in parts");
	ck_assert_int_eq(lstat(root_path(&root, "link"), &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(root_entries(&root, "in"), 1);
}
END_TEST

START_TEST(what_another_run_left_goes)
{
	root_write(&root, "in/file.tmp", "left");
	ck_assert_int_eq(open_and_fill("in/file"), 0);
	ck_assert_str_eq(root_text(&root, "in/file"), "new, in parts");
	ck_assert_int_eq(root_entries(&root, "in"), 1);
}
END_TEST

START_TEST(another_file_is_not_replaced)
{
	_close_ int fd = open(root_path(&root, "in/file"), O_RDONLY);

	root_write(&root, "in/other", "other");
	ck_assert_int_eq(rename(root_path(&root, "in/other"),
				root_path(&root, "in/file")),
			 0);
	ck_assert_int_eq(fill("in/file", fd), -EAGAIN);
	ck_assert_str_eq(root_text(&root, "in/file"), "other");
	ck_assert_int_eq(root_entries(&root, "in"), 1);
}
END_TEST

START_TEST(what_is_gone_stays_so)
{
	_close_ int fd = open(root_path(&root, "in/file"), O_RDONLY);

	ck_assert_int_eq(unlink(root_path(&root, "in/file")), 0);
	ck_assert_int_eq(fill("in/file", fd), -ENOENT);
	ck_assert_int_eq(root_entries(&root, "in"), 0);
}
END_TEST

START_TEST(long_names_are_refused)
{
	char name[NAME_MAX + 1], path[NAME_MAX + 8];

	memset(name, 'n', NAME_MAX);
	name[NAME_MAX] = '\0';
	snprintf(path, sizeof path, "in/%s", name);
	char *whole = NULL;
	ck_assert_int_gt(asprintf(&whole, "%s/%s", root.dir, path), 0);
	_close_ int fd = open(whole, O_RDWR | O_CREAT, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(mod_replace_content(whole, fd, NULL, 0),
			 -ENAMETOOLONG);
	ck_assert_int_eq(root_entries(&root, "in"), 2);
	free(whole);
}
END_TEST

/* With descriptors 0 to 2 closed, output must not get into the file.
 */
START_TEST(low_descriptors_are_not_taken)
{
	_close_ int fd = open(root_path(&root, "in/file"), O_RDONLY);
	int kept = dup(STDOUT_FILENO);

	close(STDOUT_FILENO);
	int r = fill("in/file", fd);
	int low = open("/dev/null", O_WRONLY);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(low, STDOUT_FILENO);
	ck_assert_str_eq(root_text(&root, "in/file"), "new, in parts");
}
END_TEST

START_TEST(waits_for_who_fills)
{
	pid_t child = start_other("in/file", (enum ending)_i);

	ck_assert_int_eq(open_and_fill("in/file"), _i == DONE ? -EAGAIN : 0);
	other_ended(child);
	ck_assert_str_eq(root_text(&root, "in/file"),
			 _i == DONE ? "theirs" : "new, in parts");
	ck_assert_int_eq(root_entries(&root, "in"), 1);
}
END_TEST

/* Of the directory, and of a file that was left. */
START_TEST(readers_hold_up_no_filling)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

	root_write(&root, "in/file.tmp", "left");
	_close_ int dir = open(root_path(&root, "in"), O_RDONLY);
	_close_ int left = open(root_path(&root, "in/file.tmp"), O_RDONLY);
	ck_assert_int_eq(flock(dir, LOCK_EX), 0);
	ck_assert_int_eq(fcntl(left, F_OFD_SETLK, &lock), 0);
	ck_assert_int_eq(open_and_fill("in/file"), 0);
	ck_assert_str_eq(root_text(&root, "in/file"), "new, in parts");
	ck_assert_int_eq(root_entries(&root, "in"), 1);
}
END_TEST

/* A file or link with the temporary name, and its target, are not written to.
 */
START_TEST(fills_no_other_file)
{
	char victim[256];

	root_write(&root, "victim", "safe");
	strcpy(victim, root_path(&root, "victim"));
	if (_i == 0)
		ck_assert_int_eq(
			symlink("../victim", root_path(&root, "in/file.tmp")),
			0);
	else
		ck_assert_int_eq(link(victim, root_path(&root, "in/file.tmp")),
				 0);
	ck_assert_int_eq(open_and_fill("in/file"), 0);
	ck_assert_str_eq(root_text(&root, "victim"), "safe");
	ck_assert_str_eq(root_text(&root, "in/file"), "new, in parts");
	ck_assert_int_eq(root_entries(&root, "in"), 1);
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

	tc = tcase_create("content");
	tcase_set_timeout(tc, 60); /* seconds; a busy machine is no failure */
	tcase_add_checked_fixture(tc, set_up_one, tear_down);
	tcase_add_test(tc, contents_are_new);
	tcase_add_test(tc, mode_stays);
	tcase_add_test(tc, owner_stays);
	tcase_add_test(tc, attributes_stay);
	tcase_add_test(tc, links_stay);
	tcase_add_test(tc, what_another_run_left_goes);
	tcase_add_test(tc, another_file_is_not_replaced);
	tcase_add_test(tc, what_is_gone_stays_so);
	tcase_add_test(tc, long_names_are_refused);
	tcase_add_test(tc, low_descriptors_are_not_taken);
	tcase_add_loop_test(tc, waits_for_who_fills, 0, 3);
	tcase_add_test(tc, readers_hold_up_no_filling);
	tcase_add_loop_test(tc, fills_no_other_file, 0, 2);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
