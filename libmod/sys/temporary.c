/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/temporary.h"

#include "libmod/sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

bool mod_temporary_name(char buf[NAME_MAX + 1], const char *name)
{
	size_t len = strlen(name);

	if (len + sizeof ".tmp" > NAME_MAX + 1)
		return false;
	stpcpy(stpcpy(buf, name), ".tmp");
	return true;
}

int mod_temporary_remove(int dir, const char *temp)
{
	return unlinkat(dir, temp, 0) < 0 && errno != ENOENT ? -errno : 0;
}

/* A file that is not there yet, or -errno. */
static int create(int dir, const char *temp, mode_t mode)
{
	return mod_file_open_at(dir, temp,
				O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
}

/* Opens the file that an interrupted run left, or that another run is writing;
 * removes anything else of that name.  -EAGAIN: the name is free.
 */
static int reopen(int dir, const char *temp)
{
	struct stat st;
	int fd = mod_file_open_at(dir, temp, O_RDWR | O_NOFOLLOW, 0);

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_nlink == 1)
		return fd;
	mod_closep(&fd);
	int r = mod_temporary_remove(dir, temp);
	return r < 0 ? r : -EAGAIN;
}

bool mod_temporary_is_there(int dir, const char *temp, int fd)
{
	struct stat st, now;

	return fstat(fd, &st) == 0 &&
		fstatat(dir, temp, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
		st.st_dev == now.st_dev && st.st_ino == now.st_ino;
}

/* Waits for the lock of a file as long as it has its name; false when it has
 * lost it.  A lock for reading is no run's; the file is removed, so that a
 * reader cannot make us wait.
 */
static bool wait_for(int dir, const char *temp, int fd)
{
	const struct timespec moment = { .tv_nsec = 10 * 1000 * 1000 };
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	while (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
		struct flock other = lock;
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return true; /* a file system without locks */
		if (!mod_temporary_is_there(dir, temp, fd))
			return false;
		if (fcntl(fd, F_OFD_GETLK, &other) == 0 &&
		    other.l_type == F_RDLCK) {
			unlinkat(dir, temp, 0);
			return false;
		}
		nanosleep(&moment, NULL);
	}
	return mod_temporary_is_there(dir, temp, fd);
}

/* Waits until no other run holds the name.  *fd: a locked file that an
 * interrupted run left, or -1.
 */
static int wait_for_others(int dir, const char *temp, int *fd)
{
	*fd = reopen(dir, temp);
	if (*fd < 0)
		return *fd == -EAGAIN ? 0 : *fd;
	if (!wait_for(dir, temp, *fd))
		close(mod_take_fd(fd));
	return 0;
}

int mod_temporary_hold(int dir, const char *temp)
{
	for (;;) {
		int fd = create(dir, temp, 0600);
		if (fd >= 0 && wait_for(dir, temp, fd))
			return fd;
		if (fd < 0 && fd != -EEXIST)
			return fd;
		mod_closep(&fd);
		int r = wait_for_others(dir, temp, &fd);
		if (r < 0 || fd >= 0)
			return r < 0 ? r : fd;
	}
}

/* Gives the name to a file that has none; 0 or -errno. */
static int link_file(int dir, const char *temp, int fd)
{
	char self[sizeof "/proc/self/fd/" + 3 * sizeof fd];

	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, self, dir, temp, AT_SYMLINK_FOLLOW) == 0)
		return 0;
	/* Without /proc; only root may. */
	if (errno != EEXIST && linkat(fd, "", dir, temp, AT_EMPTY_PATH) == 0)
		return 0;
	return -errno;
}

int mod_temporary_hold_as(int dir, const char *temp, int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int r, left = -1;

	fcntl(fd, F_OFD_SETLK, &lock); /* nobody else can have it open */
	while ((r = link_file(dir, temp, fd)) == -EEXIST) {
		r = wait_for_others(dir, temp, &left);
		if (r == 0 && left >= 0)
			r = mod_temporary_remove(dir, temp);
		mod_closep(&left);
		if (r < 0)
			break;
	}
	return r;
}
