/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/replace.h"

#include "libmod/base/parallel.h"
#include "libmod/sys/attributes.h"
#include "libmod/sys/file.h"
#include "libmod/sys/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a set of files */

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

	if (!mod_temporary_name(temp, name))
		return -ENAMETOOLONG;
	if (*fd >= 0) {
		if (ftruncate(*fd, 0) < 0)
			return -errno;
	} else {
		int r = mod_temporary_remove(dir, temp);
		if (r < 0)
			return r;
		*fd = mod_file_open_at(dir, temp,
				       O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
				       0644);
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

static void remove_temporaries(const struct mod_replacing *all)
{
	char temp[NAME_MAX + 1];

	for (size_t i = 0; i < all->n; i++)
		if (mod_temporary_name(temp, all->files[i].name))
			mod_temporary_remove(all->dir, temp);
}

static int rename_all(const struct mod_replacing *all, const char **which)
{
	char temp[NAME_MAX + 1];

	for (size_t i = 0; i < all->n; i++) {
		*which = all->files[i].name;
		if (!mod_temporary_name(temp, *which) ||
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

/* The lock of the file that is renamed last is the lock of the set. */
static int lock_all(struct mod_replacing *all)
{
	struct mod_replacing_file *last = &all->files[all->n - 1];
	char temp[NAME_MAX + 1];

	if (!mod_temporary_name(temp, last->name))
		return -ENAMETOOLONG;
	all->lock = mod_temporary_hold(all->dir, temp);
	if (all->lock < 0)
		return all->lock;
	/* The lock holds as long as any descriptor of it is open. */
	last->fd = fcntl(all->lock, F_DUPFD_CLOEXEC, all->lock);
	if (last->fd >= 0)
		return 0;
	int r = -errno;
	remove_temporaries(all);
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

int mod_replace_end(struct mod_replacing *all, bool commit, const char **which)
{
	int r = commit ? finish_all(all, which) : 0;

	if (commit && r == 0) {
		hold_old(all);
		r = rename_all(all, which);
	}
	if (!commit || r < 0)
		remove_temporaries(all);
	if (commit && r == 0 && all->sync) {
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

	return fd >= 0 && mod_temporary_name(temp, name) &&
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

/* ---- one file */

/* Where it is: the directory, open, and the name in it. */
struct place {
	int dir;
	char *path; /* without links; owned */
	const char *name;
	char temp[NAME_MAX + 1];
};

static void place_fini(struct place *place)
{
	mod_closep(&place->dir);
	free(place->path);
}

static int open_place(struct place *place, const char *path)
{
	place->path = realpath(path, NULL);
	if (!place->path)
		return errno ? -errno : -ENOENT;
	char *slash = strrchr(place->path, '/');
	place->name = slash + 1;
	*slash = '\0';
	place->dir = mod_file_open(slash == place->path ? "/" : place->path,
				   O_RDONLY | O_DIRECTORY);
	if (place->dir < 0)
		return place->dir;
	return mod_temporary_name(place->temp, place->name) ? 0 : -ENAMETOOLONG;
}

/* A new file without a name, or where that cannot be, *named with the temporary
 * name.
 */
static int make_temporary(const struct place *place, bool *named)
{
	int fd = mod_file_open_at(place->dir, ".", O_TMPFILE | O_RDWR, 0600);

	if (fd != -EOPNOTSUPP && fd != -EISDIR && fd != -ENOENT &&
	    fd != -EINVAL)
		return fd;
	fd = mod_temporary_hold(place->dir, place->temp);
	*named = fd >= 0;
	return fd;
}

static int fill(int to, int from, const struct stat *old,
		const struct mod_bytes *parts, size_t n)
{
	int r = ftruncate(to, 0) < 0 ? -errno : 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = mod_file_write(to, parts[i]);
	if (r == 0)
		r = mod_attributes_copy(from, old, to);
	return r < 0 ? r : mod_file_flush(to);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		a->st_size == b->st_size &&
		a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static int put_in_place(const struct place *place, int fd,
			const struct stat *old)
{
	struct stat now;

	if (fstatat(place->dir, place->name, &now, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? -EAGAIN : -errno;
	if (!is_same(&now, old) ||
	    !mod_temporary_is_there(place->dir, place->temp, fd))
		return -EAGAIN;
	if (renameat(place->dir, place->temp, place->dir, place->name) < 0)
		return errno == ENOENT ? -EAGAIN : -errno;
	return 0;
}

int mod_replace_content(const char *path, int fd, const struct mod_bytes *parts,
			size_t n)
{
	_cleanup_(place_fini) struct place place = { .dir = -1, .name = "" };
	struct stat old;
	bool named = false;

	if (fstat(fd, &old) < 0)
		return -errno;
	int r = open_place(&place, path);
	if (r != 0)
		return r;
	_close_ int to = make_temporary(&place, &named);
	if (to < 0)
		return to;
	r = fill(to, fd, &old, parts, n);
	if (r == 0 && !named) {
		r = mod_temporary_hold_as(place.dir, place.temp, to);
		named = r == 0;
	}
	if (r == 0)
		r = put_in_place(&place, to, &old);
	if (r < 0 && named && mod_temporary_is_there(place.dir, place.temp, to))
		mod_temporary_remove(place.dir, place.temp);
	return r;
}
