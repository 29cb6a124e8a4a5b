/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/replace.h"

#include "libmod/base/parallel.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool temp_name(char buf[NAME_MAX + 1], const char *name)
{
	size_t len = strlen(name);

	if (len + sizeof ".tmp" > NAME_MAX + 1)
		return false;
	stpcpy(stpcpy(buf, name), ".tmp");
	return true;
}

/* A file that is not there yet, or -errno. */
static int create(int dir, const char *temp, mode_t mode)
{
	return mod_file_open_at(dir, temp,
				O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
}

/* What an earlier run left, or another one is writing, and nothing else. */
static int reopen(int dir, const char *temp)
{
	struct stat st;
	int fd = mod_file_open_at(dir, temp, O_RDWR | O_NOFOLLOW, 0);

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_nlink == 1)
		return fd;
	mod_closep(&fd);
	if (unlinkat(dir, temp, 0) < 0 && errno != ENOENT)
		return -errno;
	return -EAGAIN;
}

/* Whether the descriptor is still what has that name. */
static bool is_there(int dir, const char *temp, int fd)
{
	struct stat st, now;

	return fstat(fd, &st) == 0 &&
		fstatat(dir, temp, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
		st.st_dev == now.st_dev && st.st_ino == now.st_ino;
}

/* Waits for the lock of a file as long as it has its name.  False when it has
 * lost it.  A lock for reading is none of ours but in our way: the file is
 * given up.
 */
static bool wait_for(int dir, const char *temp, int fd)
{
	const struct timespec moment = { .tv_nsec = 10 * 1000 * 1000 };
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	while (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
		struct flock other = lock;
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return true; /* no locks here: others take their
				      * chance */
		if (!is_there(dir, temp, fd))
			return false;
		if (fcntl(fd, F_OFD_GETLK, &other) == 0 &&
		    other.l_type == F_RDLCK) {
			unlinkat(dir, temp, 0);
			return false;
		}
		nanosleep(&moment, NULL);
	}
	return is_there(dir, temp, fd);
}

/* Opens the file that is the last to be renamed, and locks it: until it has its
 * own name, nobody else begins.  That needs the right to write it, and nobody
 * may even read it before it is done, so that only those that may replace the
 * files can make others wait.
 */
static int lock_last(int dir, const char *name, int *out)
{
	char temp[NAME_MAX + 1];

	if (!temp_name(temp, name))
		return -ENAMETOOLONG;
	for (;;) {
		int fd = create(dir, temp, 0600);
		if (fd == -EEXIST)
			fd = reopen(dir, temp);
		if (fd == -EAGAIN)
			continue;
		if (fd < 0)
			return fd;
		if (wait_for(dir, temp, fd)) {
			*out = fd;
			return 0;
		}
		close(fd);
	}
}

struct mod_replacing_file {
	const char *name;
	int fd, r;
};

/* Writes one file beside its place, or to what *fd is if that is open; *fd
 * stays open when it is to be synced.
 */
static int write_beside(int dir, const char *name, struct mod_bytes bytes,
			bool sync, int *fd)
{
	char temp[NAME_MAX + 1];

	if (!temp_name(temp, name))
		return -ENAMETOOLONG;
	if (*fd >= 0) {
		if (ftruncate(*fd, 0) < 0)
			return -errno;
	} else {
		if (unlinkat(dir, temp, 0) < 0 && errno != ENOENT)
			return -errno;
		*fd = create(dir, temp, 0644);
		if (*fd < 0)
			return *fd;
	}
	int r = mod_file_write(*fd, bytes);
	if (r == 0 && fchmod(*fd, 0644) < 0)
		r = -errno;
	/* Only a start: the disk works while the next is written.  Without
	 * sync, too: some file systems see to it at the rename, one after
	 * another.
	 */
	if (r == 0)
		sync_file_range(*fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	if (r == 0 && sync)
		return 0;
	if (close(*fd) < 0 && r == 0)
		r = -errno;
	*fd = -1;
	return r;
}

static int sync_and_close(int *fd)
{
	int r = *fd >= 0 ? mod_file_flush(*fd) : 0;

	if (*fd >= 0 && close(*fd) < 0 && r == 0)
		r = -errno;
	*fd = -1;
	return r;
}

static void forget(const struct mod_replacing *all)
{
	char temp[NAME_MAX + 1];

	for (size_t i = 0; i < all->n; i++)
		if (temp_name(temp, all->files[i].name))
			unlinkat(all->dir, temp, 0);
}

static int rename_all(const struct mod_replacing *all, const char **which)
{
	char temp[NAME_MAX + 1];

	for (size_t i = 0; i < all->n; i++) {
		*which = all->files[i].name;
		if (!temp_name(temp, *which) ||
		    renameat(all->dir, temp, all->dir, *which) < 0)
			return -errno;
	}
	return 0;
}

/* Holds the old files, so that none is freed within a rename. */
static void hold_old(struct mod_replacing *all)
{
	for (size_t i = 0; i < all->n; i++)
		all->files[i].fd = mod_file_open_at(
			all->dir, all->files[i].name, O_PATH | O_NOFOLLOW, 0);
}

static void close_one(void *data, unsigned worker, size_t i)
{
	struct mod_replacing *all = data;

	(void)worker;
	mod_closep(&all->files[i].fd);
}

static void fini(struct mod_replacing *all)
{
	if (all->files)
		mod_parallel(all->threads, all->n, close_one, all);
	free(all->files);
	mod_closep(&all->lock);
	mod_closep(&all->dir);
}

static int lock_all(struct mod_replacing *all)
{
	struct mod_replacing_file *last = &all->files[all->n - 1];

	int r = lock_last(all->dir, last->name, &all->lock);
	if (r < 0)
		return r;
	/* The lock holds as long as any descriptor of it is open. */
	last->fd = fcntl(all->lock, F_DUPFD_CLOEXEC, all->lock);
	if (last->fd >= 0)
		return 0;
	r = -errno;
	forget(all);
	return r;
}

int mod_replace_begin(struct mod_replacing *all, const char *dir,
		      const char *const *names, size_t n, bool sync,
		      unsigned threads, const char **which)
{
	struct mod_replacing_file *files = calloc(n, sizeof *files);

	*which = NULL;
	*all = (struct mod_replacing){ .lock = -1,
				       .sync = sync,
				       .threads = threads,
				       .n = n,
				       .files = files };
	all->dir = mod_file_open(dir, O_RDONLY | O_DIRECTORY);
	for (size_t i = 0; files && i < n; i++)
		files[i] = (struct mod_replacing_file){ names[i], -1, 0 };
	int r = all->dir < 0 ? all->dir : 0;
	if (r == 0) {
		*which = names[n - 1];
		r = files ? lock_all(all) : -ENOMEM;
	}
	if (r < 0)
		fini(all);
	return r;
}

void mod_replace_put(struct mod_replacing *all, size_t i,
		     struct mod_bytes bytes)
{
	struct mod_replacing_file *file = &all->files[i];

	file->r =
		write_beside(all->dir, file->name, bytes, all->sync, &file->fd);
}

static int finish_all(struct mod_replacing *all, const char **which)
{
	int r = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct mod_replacing_file *file = &all->files[i];
		int s = sync_and_close(&file->fd);
		if (file->r < 0)
			s = file->r;
		if (r == 0 && s < 0) {
			*which = file->name;
			r = s;
		}
	}
	return r;
}

int mod_replace_end(struct mod_replacing *all, bool good, const char **which)
{
	int r = good ? finish_all(all, which) : 0;

	if (good && r == 0) {
		hold_old(all);
		r = rename_all(all, which);
	}
	if (!good || r < 0)
		forget(all);
	if (good && r == 0 && all->sync) {
		*which = NULL;
		r = mod_file_flush(all->dir);
	}
	fini(all);
	return r;
}

bool mod_replace_is_begun(const char *dir, const char *name)
{
	_close_ int fd = mod_file_open(dir, O_PATH | O_DIRECTORY);
	char temp[NAME_MAX + 1];
	struct stat st;

	return fd >= 0 && temp_name(temp, name) &&
		fstatat(fd, temp, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

struct putting {
	struct mod_replacing *all;
	const struct mod_replacement *files;
};

static void put_one(void *data, unsigned worker, size_t i)
{
	const struct putting *putting = data;

	(void)worker;
	mod_replace_put(putting->all, i, putting->files[i].bytes);
}

int mod_replace_all(const char *path, const struct mod_replacement *files,
		    size_t n, bool sync, unsigned threads, const char **which)
{
	_free_ const char **names = calloc(n, sizeof *names);
	struct mod_replacing all;

	*which = NULL;
	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		names[i] = files[i].name;
	int r = mod_replace_begin(&all, path, names, n, sync, threads, which);
	if (r < 0)
		return r;
	mod_parallel(threads, n, put_one, &(struct putting){ &all, files });
	return mod_replace_end(&all, true, which);
}
