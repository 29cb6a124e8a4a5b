/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	/* Bytes: most files end within them; and a larger buffer on the stack
	 * takes a page fault for each page, also when nothing is read into it.
	 */
	FIRST_READ = 4096,
	SMALL_VIEW = 16 * 1024, /* bytes: a file up to this size is read */
};

/* Bytes of a module's file: its header, and the build id after it; the section
 * headers with their names before them and the signature after them.
 */
enum { HEAD = 512, LEAD = 4096, TAIL = 32 * 1024 };

int mod_file_open_at(int dir, const char *path, int flags, mode_t mode)
{
	int fd = openat(dir, path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
			mode);

	if (fd < 0)
		return -errno;
	if (fd > STDERR_FILENO)
		return fd;
	int high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int error = errno;
	close(fd);
	return high < 0 ? -error : high;
}

int mod_file_write(int fd, struct mod_bytes bytes)
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

int mod_file_flush(int fd)
{
	return fsync(fd) < 0 && errno != EINVAL ? -errno : 0;
}

int mod_file_open(const char *path, int flags)
{
	return mod_file_open_at(AT_FDCWD, path, flags, 0);
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

/* Appends all that follows the first bytes. */
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

/* The size of the rest of a large file, if it has one; else 0. */
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

/* Fills buf, as files of /proc come in pieces; to the end when `whole` is set,
 * because a short read is then no end.  The number of bytes, or -errno.
 */
static ssize_t read_first(int fd, char buf[FIRST_READ], bool whole)
{
	size_t have = 0;
	ssize_t n;

	do {
		n = read_some(fd, buf + have, FIRST_READ - have);
		if (n < 0)
			return n;
		have += (size_t)n;
	} while (n > 0 && have < FIRST_READ && !whole);
	return (ssize_t)have;
}

static int read_all(struct mod_arena *arena, int fd, size_t limit, bool whole,
		    char **text, size_t *len)
{
	char buf[FIRST_READ];
	ssize_t n = read_first(fd, buf, whole);

	if (n < 0)
		return (int)n;
	if ((size_t)n > limit)
		return -E2BIG;
	struct mod_bytes first = { (uint8_t *)buf, (size_t)n };
	if (n == sizeof buf)
		return read_large(arena, fd, first, limit, text, len);
	*text = mod_arena_strn(arena, buf, (size_t)n);
	*len = (size_t)n;
	return *text ? 0 : -ENOMEM;
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

/* The status and size of an open regular file. */
static int stat_regular(int fd, struct stat *st, uint64_t *size)
{
	if (fstat(fd, st) < 0)
		return -errno;
	if (!S_ISREG(st->st_mode))
		return S_ISDIR(st->st_mode) ? -EISDIR : -ENOTSUP;
	*size = (uint64_t)st->st_size;
	return 0;
}

/* flags: of mmap(2), but for MAP_PRIVATE. */
static int map_bytes(int fd, uint64_t size, uint64_t limit, int flags,
		     struct mod_bytes *out)
{
	if (size == 0)
		return 0;
	if (size > limit)
		return -E2BIG;
	void *at =
		mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE | flags, fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	*out = (struct mod_bytes){ at, (size_t)size };
	return 0;
}

int mod_file_map(int fd, size_t limit, struct mod_bytes *out)
{
	struct stat st;
	uint64_t size = 0;
	int r = stat_regular(fd, &st, &size);

	*out = (struct mod_bytes){ 0 };
	return r < 0 ? r : map_bytes(fd, size, limit, MAP_POPULATE, out);
}

void mod_file_unmap(struct mod_bytes *bytes)
{
	if (bytes->at)
		munmap((void *)bytes->at, bytes->len);
	*bytes = (struct mod_bytes){ 0 };
}

/* What is there of `size` bytes, read into arena. */
static int read_view(struct mod_file_view *view, struct mod_arena *arena,
		     size_t size)
{
	uint8_t *at = mod_arena_raw(arena, size);
	ssize_t n = at ? pread(view->fd, at, size, 0) : -1;

	if (n < 0)
		return at ? -errno : -ENOMEM;
	view->bytes = (struct mod_bytes){ at, (size_t)n };
	return 0;
}

static int map_view(struct mod_file_view *view, uint64_t size)
{
	int r = map_bytes(view->fd, size, SIZE_MAX, 0, &view->bytes);

	view->mapped = view->bytes.len > 0;
	return r;
}

/* Opens a file of which up to `small` bytes are read into arena. */
static int open_view(struct mod_file_view *view, const char *path, size_t small,
		     struct mod_arena *arena)
{
	struct stat st;
	uint64_t size = 0;

	*view = (struct mod_file_view){ .fd = mod_file_open(path, O_RDONLY) };
	if (view->fd < 0)
		return view->fd;
	int r = stat_regular(view->fd, &st, &size);
	if (r == 0)
		r = size > 0 && size <= small
			? read_view(view, arena, (size_t)size)
			: map_view(view, size);
	if (r < 0)
		mod_file_view_fini(view);
	return r;
}

int mod_file_view_map(struct mod_file_view *view, const char *path)
{
	return open_view(view, path, 0, NULL);
}

int mod_file_view_read(struct mod_file_view *view, struct mod_arena *arena,
		       const char *path)
{
	return open_view(view, path, SMALL_VIEW, arena);
}

void mod_file_view_fini(struct mod_file_view *view)
{
	if (view->mapped)
		munmap((void *)view->bytes.at, view->bytes.len);
	mod_closep(&view->fd);
	*view = (struct mod_file_view){ .fd = -1 };
}

/* True, and *out set, when the range lies within what was read. */
static bool within(const struct mod_part *part, uint64_t off, size_t len,
		   struct mod_bytes *out)
{
	if (!part->bytes.at || off < part->off ||
	    off - part->off > part->bytes.len ||
	    len > part->bytes.len - (off - part->off))
		return false;
	*out = (struct mod_bytes){ part->bytes.at + (off - part->off), len };
	return true;
}

int mod_file_read_at(const struct mod_file *file, uint64_t off, void *buf,
		     size_t len)
{
	uint8_t *at = buf;

	for (size_t got = 0; got < len;) {
		ssize_t n = pread(file->fd, at + got, len - got,
				  (off_t)(off + got));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) /* cut short since it was opened */
			return n < 0 ? -errno : -EBADMSG;
		got += (size_t)n;
	}
	return 0;
}

static int read_part(struct mod_file *file, struct mod_part *part, uint64_t off,
		     size_t len)
{
	uint8_t *at = mod_arena_raw(&file->arena, len);
	if (!at)
		return -ENOMEM;
	int r = mod_file_read_at(file, off, at, len);
	if (r < 0)
		return r;
	*part = (struct mod_part){ { at, len }, off };
	return 0;
}

/* Reads a range, and more when it lies at an end of the file. */
static int read_around(struct mod_file *file, uint64_t off, size_t len,
		       struct mod_part **part)
{
	uint64_t size = file->src.size;

	if (off == 0 && len <= HEAD && !file->head.bytes.at) {
		*part = &file->head;
		return read_part(file, *part, 0,
				 size < HEAD ? (size_t)size : HEAD);
	}
	if (size - off <= TAIL && !file->tail.bytes.at) {
		uint64_t from = off < LEAD ? 0 : off - LEAD;
		*part = &file->tail;
		return read_part(file, *part, from, (size_t)(size - from));
	}
	*part = &file->last;
	return read_part(file, *part, off, len);
}

static int file_range(struct mod_source *src, uint64_t off, size_t len,
		      struct mod_bytes *out)
{
	struct mod_file *file = (struct mod_file *)src;
	struct mod_part *part;

	if (within(&file->head, off, len, out) ||
	    within(&file->tail, off, len, out) ||
	    within(&file->last, off, len, out))
		return 0;
	int r = read_around(file, off, len, &part);
	if (r == 0)
		within(part, off, len, out);
	return r;
}

int mod_file_source(struct mod_file *file, const char *path)
{
	return mod_file_source_at(file, AT_FDCWD, path);
}

int mod_file_source_at(struct mod_file *file, int dir, const char *path)
{
	return mod_file_source_fd(file,
				  mod_file_open_at(dir, path, O_RDONLY, 0));
}

int mod_file_source_fd(struct mod_file *file, int fd)
{
	*file = (struct mod_file){ .src = { .range = file_range }, .fd = fd };
	if (fd < 0)
		return fd;
	int r = stat_regular(file->fd, &file->stat, &file->src.size);
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
