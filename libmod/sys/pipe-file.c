/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/pipe-file.h"

#include "libmod/sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The same file, where no standard stream is. */
static int above_standard(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	return high < 0 ? -errno : high;
}

static int copy(int from, int to, uint64_t limit)
{
	char buf[64 * 1024];

	for (uint64_t have = 0;;) {
		struct pollfd wait = { .fd = from, .events = POLLIN };
		ssize_t n = read(from, buf, sizeof buf);

		if (n < 0 && errno == EAGAIN && poll(&wait, 1, -1) >= 0)
			continue;
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		have += (uint64_t)n;
		if (have > limit)
			return -E2BIG;
		int r = mod_file_write(
			to,
			(struct mod_bytes){ (const uint8_t *)buf, (size_t)n });
		if (r < 0)
			return r;
	}
}

int mod_pipe_file(int fd, uint64_t limit)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISREG(st.st_mode) && lseek(fd, 0, SEEK_CUR) == 0)
		return above_standard(fd);
	_close_ int memory = memfd_create("module", MFD_CLOEXEC);
	if (memory < 0)
		return -errno;
	int r = copy(fd, memory, limit);
	return r < 0 ? r : above_standard(memory);
}
