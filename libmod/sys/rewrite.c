/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/rewrite.h"

#include "libmod/sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Where it is: the folder, open, and the name in it. */
struct place {
	int dir;
	char *path; /* without links; owned */
	const char *name;
	char temp[NAME_MAX + 1];
};

static void leave(struct place *place)
{
	mod_closep(&place->dir);
	free(place->path);
}

static int find(struct place *place, const char *path)
{
	place->path = realpath(path, NULL);
	if (!place->path)
		return -errno;
	char *slash = strrchr(place->path, '/');
	place->name = slash + 1;
	*slash = '\0';
	place->dir = mod_file_open(slash == place->path ? "/" : place->path,
				   O_RDONLY | O_DIRECTORY);
	if (place->dir < 0)
		return place->dir;
	if (strlen(place->name) + sizeof ".tmp" > sizeof place->temp)
		return -ENAMETOOLONG;
	stpcpy(stpcpy(place->temp, place->name), ".tmp");
	return 0;
}

/* Others may want the same temporary name. */
static void lock(const struct place *place)
{
	while (flock(place->dir, LOCK_EX) < 0 && errno == EINTR)
		;
}

/* A new file without a name, or where that cannot be, *named, with the
 * temporary one, under the lock.
 */
static int make(const struct place *place, bool *named)
{
	int fd = mod_file_open_at(place->dir, ".", O_TMPFILE | O_WRONLY, 0600);

	*named = fd == -EOPNOTSUPP || fd == -EISDIR || fd == -ENOENT ||
		fd == -EINVAL;
	if (!*named)
		return fd;
	lock(place);
	if (unlinkat(place->dir, place->temp, 0) < 0 && errno != ENOENT)
		return -errno;
	return mod_file_open_at(place->dir, place->temp,
				O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
}

/* What cannot be copied is not the user's, or of another kind of file system.
 */
static void copy_attribute(int from, int to, const char *name)
{
	char value[4096]; /* bytes; labels and access lists are shorter */
	ssize_t len;

	if (strcmp(name, "security.ima") == 0 ||
	    strcmp(name, "security.evm") == 0)
		return;
	len = fgetxattr(from, name, value, sizeof value);
	if (len >= 0 && fsetxattr(to, name, value, (size_t)len, 0) < 0)
		return;
}

static void copy_attributes(int from, int to)
{
	char names[4096];
	ssize_t len = flistxattr(from, names, sizeof names);

	for (ssize_t i = 0; i < len; i += (ssize_t)strlen(names + i) + 1)
		copy_attribute(from, to, names + i);
}

/* Mode last: a change of owner takes set-id bits away. */
static int copy_owner(const struct stat *old, int to)
{
	struct stat now;

	if (fstat(to, &now) < 0)
		return -errno;
	if ((now.st_uid != old->st_uid || now.st_gid != old->st_gid) &&
	    fchown(to, old->st_uid, old->st_gid) < 0)
		return -errno;
	return fchmod(to, old->st_mode & 07777) < 0 ? -errno : 0;
}

static int fill(int to, int from, const struct stat *old,
		const struct mod_bytes *parts, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = mod_file_write(to, parts[i]);
	if (r == 0)
		copy_attributes(from, to);
	if (r == 0)
		r = copy_owner(old, to);
	return r < 0 ? r : mod_file_flush(to);
}

static int give_name(const struct place *place, int fd, bool *named)
{
	char self[sizeof "/proc/self/fd/" + 3 * sizeof fd];

	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	for (int tries = 2; tries > 0; tries--) {
		if (linkat(AT_FDCWD, self, place->dir, place->temp,
			   AT_SYMLINK_FOLLOW) == 0 ||
		    linkat(fd, "", place->dir, place->temp, AT_EMPTY_PATH) ==
			    0) {
			*named = true;
			return 0;
		}
		if (errno != EEXIST)
			break;
		unlinkat(place->dir, place->temp, 0);
	}
	return -errno;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		a->st_size == b->st_size &&
		a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Both steps under the lock. */
static int put_in_place(const struct place *place, int fd, bool *named,
			const struct stat *old)
{
	struct stat now;
	int r = 0;

	lock(place);
	if (fstatat(place->dir, place->name, &now, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? -EAGAIN : -errno;
	if (!same(&now, old))
		return -EAGAIN;
	if (!*named)
		r = give_name(place, fd, named);
	if (r < 0)
		return r;
	return renameat(place->dir, place->temp, place->dir, place->name) < 0
		? -errno
		: 0;
}

int mod_rewrite(const char *path, int fd, const struct mod_bytes *parts,
		size_t n)
{
	_cleanup_(leave) struct place place = { .dir = -1, .name = "" };
	struct stat old;
	bool named = false;

	if (fstat(fd, &old) < 0)
		return -errno;
	int r = find(&place, path);
	if (r < 0)
		return r;
	_close_ int to = make(&place, &named);
	if (to < 0)
		return to;
	r = fill(to, fd, &old, parts, n);
	if (r == 0)
		r = put_in_place(&place, to, &named, &old);
	if (r < 0 && named)
		unlinkat(place.dir, place.temp, 0);
	return r;
}
