/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool temp_name(char buf[NAME_MAX + 1], const char *name)
{
	size_t len = strlen(name);

	if (len + sizeof ".tmp" > NAME_MAX + 1)
		return false;
	stpcpy(stpcpy(buf, name), ".tmp");
	return true;
}

static int write_all(int fd, struct mod_bytes bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.at, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes.at += n;
		bytes.len -= (size_t)n;
	}
	return 0;
}

/* Writes one file beside its place; *fd stays open when it is to be synced. */
static int write_beside(int dir, const struct mod_replacement *file, bool sync,
			int *fd)
{
	char temp[NAME_MAX + 1];

	if (!temp_name(temp, file->name))
		return -ENAMETOOLONG;
	if (unlinkat(dir, temp, 0) < 0 && errno != ENOENT)
		return -errno;
	*fd = openat(dir, temp,
		     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		     0644);
	if (*fd < 0)
		return -errno;
	int r = write_all(*fd, file->bytes);
	if (r == 0 && fchmod(*fd, 0644) < 0)
		r = -errno;
	if (r == 0 && sync) {
		/* Only a start: the disk works while the next is written. */
		sync_file_range(*fd, 0, 0, SYNC_FILE_RANGE_WRITE);
		return 0;
	}
	if (close(*fd) < 0 && r == 0)
		r = -errno;
	*fd = -1;
	return r;
}

/* Some file systems have nothing to flush, and say EINVAL. */
static int flush(int fd)
{
	return fsync(fd) < 0 && errno != EINVAL ? -errno : 0;
}

static int sync_and_close(int *fd)
{
	int r = *fd >= 0 ? flush(*fd) : 0;

	if (*fd >= 0 && close(*fd) < 0 && r == 0)
		r = -errno;
	*fd = -1;
	return r;
}

static void forget(int dir, const struct mod_replacement *files, size_t n)
{
	char temp[NAME_MAX + 1];

	for (size_t i = 0; i < n; i++)
		if (temp_name(temp, files[i].name))
			unlinkat(dir, temp, 0);
}

static int rename_all(int dir, const struct mod_replacement *files, size_t n,
		      const char **which)
{
	char temp[NAME_MAX + 1];

	for (size_t i = 0; i < n; i++) {
		*which = files[i].name;
		if (!temp_name(temp, files[i].name) ||
		    renameat(dir, temp, dir, files[i].name) < 0)
			return -errno;
	}
	return 0;
}

static int replace_in(int dir, const struct mod_replacement *files, size_t n,
		      bool sync, const char **which)
{
	_free_ int *fds = malloc(n * sizeof *fds + 1);
	int r = fds ? 0 : -ENOMEM;
	size_t opened = 0;

	for (; opened < n && r == 0; opened++) {
		*which = files[opened].name;
		r = write_beside(dir, &files[opened], sync, &fds[opened]);
	}
	for (size_t i = 0; i < opened; i++) {
		int s = sync_and_close(&fds[i]);
		if (r == 0 && s < 0) {
			*which = files[i].name;
			r = s;
		}
	}
	if (r == 0)
		r = rename_all(dir, files, n, which);
	if (r < 0)
		forget(dir, files, n);
	return r;
}

int mod_replace_all(const char *path, const struct mod_replacement *files,
		    size_t n, bool sync, const char **which)
{
	_close_ int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*which = NULL;
	if (dir < 0)
		return -errno;
	/* A file system without locks: others take their chance. */
	while (flock(dir, LOCK_EX) < 0 && errno == EINTR)
		;
	int r = replace_in(dir, files, n, sync, which);
	if (r == 0 && sync) {
		*which = NULL;
		r = flush(dir);
	}
	return r;
}
