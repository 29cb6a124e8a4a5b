/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/rewrite.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

static struct root root;

static void set_up(void)
{
	root_make(&root);
	root_write(&root, "in/file", "old");
}

static void tear_down(void)
{
	root_remove(&root);
}

static struct mod_bytes bytes(const char *text)
{
	return (struct mod_bytes){ (const uint8_t *)text, strlen(text) };
}

static int rewrite(const char *name, int fd)
{
	const struct mod_bytes parts[] = { bytes("new, "), bytes(""),
					   bytes("in parts") };

	return mod_rewrite(root_path(&root, name), fd, parts, 3);
}

static int open_and_rewrite(const char *name)
{
	_close_ int fd = open(root_path(&root, name), O_RDONLY);

	return rewrite(name, fd);
}

START_TEST(contents_are_new)
{
	struct stat before, after;

	ck_assert_int_eq(stat(root_path(&root, "in/file"), &before), 0);
	ck_assert_int_eq(open_and_rewrite("in/file"), 0);
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
		ck_assert_int_eq(rewrite("in/file", fd), 0);
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
	ck_assert_int_eq(open_and_rewrite("in/file"), 0);
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
	ck_assert_int_eq(open_and_rewrite("in/file"), 0);
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
	ck_assert_int_eq(open_and_rewrite("link"), 0);
	ck_assert_str_eq(root_text(&root, "in/file"), "new, in parts");
	ck_assert_int_eq(lstat(root_path(&root, "link"), &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(root_entries(&root, "in"), 1);
}
END_TEST

START_TEST(what_another_run_left_goes)
{
	root_write(&root, "in/file.tmp", "left");
	ck_assert_int_eq(open_and_rewrite("in/file"), 0);
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
	ck_assert_int_eq(rewrite("in/file", fd), -EAGAIN);
	ck_assert_str_eq(root_text(&root, "in/file"), "other");
	ck_assert_int_eq(root_entries(&root, "in"), 1);
}
END_TEST

START_TEST(what_is_gone_stays_so)
{
	_close_ int fd = open(root_path(&root, "in/file"), O_RDONLY);

	ck_assert_int_eq(unlink(root_path(&root, "in/file")), 0);
	ck_assert_int_eq(rewrite("in/file", fd), -ENOENT);
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
	ck_assert_int_eq(mod_rewrite(whole, fd, NULL, 0), -ENAMETOOLONG);
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
	int r = rewrite("in/file", fd);
	int low = open("/dev/null", O_WRONLY);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(low, STDOUT_FILENO);
	ck_assert_str_eq(root_text(&root, "in/file"), "new, in parts");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rewrite");
	TCase *tc = tcase_create("rewrite");

	tcase_set_timeout(tc, 60); /* seconds; a busy machine is no failure */
	tcase_add_checked_fixture(tc, set_up, tear_down);
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
	suite_add_tcase(s, tc);

	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
