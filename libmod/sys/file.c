/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_READ = 16 * 1024 }; /* bytes; most files end within them */

int mod_file_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -errno;
	if (fd > STDERR_FILENO)
		return fd;
	int high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int error = errno;
	close(fd);
	return high < 0 ? -error : high;
}

/* read(2) that waits on a pipe, which O_NONBLOCK would not. */
static ssize_t read_some(int fd, void *buf, size_t n)
{
	for (;;) {
		ssize_t got = read(fd, buf, n);
		struct pollfd wait = { .fd = fd, .events = POLLIN };

		if (got >= 0)
			return got;
		if (errno == EAGAIN && poll(&wait, 1, -1) >= 0)
			continue;
		if (errno != EINTR)
			return -errno;
	}
}

/* What is left after the first bytes, behind them. */
static int read_rest(struct mod_str *all, int fd, size_t limit)
{
	char buf[FIRST_READ];

	for (;;) {
		ssize_t n = read_some(fd, buf, sizeof buf);
		if (n <= 0)
			return (int)n;
		if ((size_t)n > limit - all->len)
			return -E2BIG;
		mod_str_addn(all, buf, (size_t)n);
		if (all->bad)
			return -ENOMEM;
	}
}

/* The size of what is left of a large file, if it has one; else 0. */
static size_t size_left(int fd, size_t have, size_t limit)
{
	struct stat st;

	if (have < FIRST_READ || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size < 0 || (uint64_t)st.st_size > limit ||
	    (size_t)st.st_size < have)
		return 0;
	return (size_t)st.st_size - have;
}

/* A file of a known size goes straight to its place.  Returns 1 for one that
 * grew meanwhile; what was read of it is in `all` then.
 */
static int read_in_place(struct mod_arena *arena, int fd, size_t left,
			 struct mod_str *all, char **text, size_t *len)
{
	size_t end = all->len + left, have = all->len;
	char *at = mod_arena_raw(arena, end + 1);
	ssize_t n = 0;

	if (!at)
		return -ENOMEM;
	memcpy(at, all->at, have);
	while (have <= end &&
	       (n = read_some(fd, at + have, end + 1 - have)) > 0)
		have += (size_t)n;
	if (n < 0)
		return (int)n;
	if (have > end) {
		all->len = 0;
		mod_str_addn(all, at, have);
		return all->bad ? -ENOMEM : 1;
	}
	at[have] = '\0';
	*text = at;
	*len = have;
	return 0;
}

/* A file that did not end with its first bytes. */
static int read_large(struct mod_arena *arena, int fd, struct mod_bytes first,
		      size_t limit, char **text, size_t *len)
{
	_str_ struct mod_str all = { 0 };
	size_t left = size_left(fd, first.len, limit);
	int r = 1;

	mod_str_addn(&all, first.at, first.len);
	if (all.bad)
		return -ENOMEM;
	if (left)
		r = read_in_place(arena, fd, left, &all, text, len);
	if (r <= 0)
		return r;
	r = read_rest(&all, fd, limit);
	if (r < 0)
		return r;
	*text = mod_arena_strn(arena, all.at, all.len);
	*len = all.len;
	return *text ? 0 : -ENOMEM;
}

static int read_all(struct mod_arena *arena, int fd, size_t limit, bool whole,
		    char **text, size_t *len)
{
	char buf[FIRST_READ];
	ssize_t n = read_some(fd, buf, sizeof buf);

	if (n < 0)
		return (int)n;
	if ((size_t)n > limit)
		return -E2BIG;
	struct mod_bytes first = { (uint8_t *)buf, (size_t)n };
	if (n > 0 && (!whole || n == sizeof buf))
		return read_large(arena, fd, first, limit, text, len);
	*text = mod_arena_strn(arena, buf, (size_t)n);
	*len = (size_t)n;
	return *text ? 0 : -ENOMEM;
}

int mod_file_read_fd(struct mod_arena *arena, int fd, size_t limit, char **text,
		     size_t *len)
{
	return read_all(arena, fd, limit, false, text, len);
}

int mod_file_read(struct mod_arena *arena, const char *path, size_t limit,
		  char **text, size_t *len)
{
	_close_ int fd = mod_file_open(path, O_RDONLY);

	return fd < 0 ? fd : read_all(arena, fd, limit, false, text, len);
}

int mod_file_read_regular(struct mod_arena *arena, const char *path,
			  size_t limit, char **text, size_t *len)
{
	_close_ int fd = mod_file_open(path, O_RDONLY);

	return fd < 0 ? fd : read_all(arena, fd, limit, true, text, len);
}

int mod_file_line(const char *path, char *buf, size_t size)
{
	_close_ int fd = mod_file_open(path, O_RDONLY);

	if (fd < 0)
		return fd;
	ssize_t n = read_some(fd, buf, size);
	if (n < 0)
		return (int)n;
	if ((size_t)n == size)
		return -E2BIG;
	if (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n] = '\0';
	return 0;
}

/* The size of what is open, if that is a regular file. */
static int regular_size(int fd, uint64_t *size)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -ENOTSUP;
	*size = (uint64_t)st.st_size;
	return 0;
}

static int map_view(struct mod_view *view)
{
	uint64_t size;
	int r = regular_size(view->fd, &size);

	if (r < 0 || size == 0)
		return r;
	if (size > SIZE_MAX)
		return -E2BIG;
	void *at =
		mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, view->fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	view->bytes = (struct mod_bytes){ at, (size_t)size };
	view->mapped = true;
	return 0;
}

int mod_view_map(struct mod_view *view, const char *path)
{
	*view = (struct mod_view){ .fd = mod_file_open(path, O_RDONLY) };
	if (view->fd < 0)
		return view->fd;
	int r = map_view(view);
	if (r < 0)
		mod_view_fini(view);
	return r;
}

int mod_view_read(struct mod_view *view, struct mod_arena *arena,
		  const char *path)
{
	char buf[FIRST_READ];

	*view = (struct mod_view){ .fd = mod_file_open(path, O_RDONLY) };
	if (view->fd < 0)
		return view->fd;
	ssize_t n = pread(view->fd, buf, sizeof buf, 0);
	int r = n < 0 ? -errno : 0;
	if (n == sizeof buf) {
		r = map_view(view);
	} else if (n >= 0) {
		const char *copy = mod_arena_strn(arena, buf, (size_t)n);
		view->bytes =
			(struct mod_bytes){ (const uint8_t *)copy, (size_t)n };
		r = copy ? 0 : -ENOMEM;
	}
	if (r < 0)
		mod_view_fini(view);
	return r;
}

void mod_view_fini(struct mod_view *view)
{
	if (view->mapped)
		munmap((void *)view->bytes.at, view->bytes.len);
	mod_closep(&view->fd);
	*view = (struct mod_view){ .fd = -1 };
}

/* True, and *out set, when the range lies within what was read last. */
static bool within_last(const struct mod_file *file, uint64_t off, size_t len,
			struct mod_bytes *out)
{
	if (!file->last.at || off < file->last_off ||
	    off - file->last_off > file->last.len ||
	    len > file->last.len - (off - file->last_off))
		return false;
	*out = (struct mod_bytes){ file->last.at + (off - file->last_off),
				   len };
	return true;
}

static int file_range(struct mod_source *src, uint64_t off, size_t len,
		      struct mod_bytes *out)
{
	struct mod_file *file = (struct mod_file *)src;

	if (within_last(file, off, len, out))
		return 0;
	uint8_t *at = mod_arena_raw(&file->arena, len);
	if (!at)
		return -ENOMEM;
	for (size_t got = 0; got < len;) {
		ssize_t n = pread(file->fd, at + got, len - got,
				  (off_t)(off + got));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) /* cut short since it was opened */
			return n < 0 ? -errno : -EBADMSG;
		got += (size_t)n;
	}
	*out = file->last = (struct mod_bytes){ at, len };
	file->last_off = off;
	return 0;
}

int mod_file_source(struct mod_file *file, const char *path)
{
	*file = (struct mod_file){
		.src = { .range = file_range },
		.fd = mod_file_open(path, O_RDONLY),
	};
	if (file->fd < 0)
		return file->fd;
	int r = regular_size(file->fd, &file->src.size);
	if (r < 0)
		mod_file_fini(file);
	return r;
}

void mod_file_fini(struct mod_file *file)
{
	mod_closep(&file->fd);
	mod_arena_fini(&file->arena);
	*file = (struct mod_file){ .fd = -1 };
}
