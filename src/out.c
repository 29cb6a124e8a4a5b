/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char buffer[16 * 1024];

static struct {
	size_t len; /* bytes of the buffer in use */
	int error;  /* errno of the first write that failed, or 0 */
	int fd;
	const char *name;
} out = { .fd = STDOUT_FILENO, .name = "standard output" };

int out_to(const char *path)
{
	out_flush();
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return errno;
	/* Messages must not meet it, even where descriptor 2 was closed. */
	int high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int error = errno;
	close(fd);
	if (high < 0)
		return error;
	out.fd = high;
	out.name = path;
	return 0;
}

static void write_all(const char *at, size_t n)
{
	while (n && !out.error) {
		ssize_t done = write(out.fd, at, n);
		if (done > 0) {
			at += done;
			n -= (size_t)done;
		} else if (done == 0 || errno != EINTR) {
			out.error = done == 0 ? EIO : errno;
		}
	}
}

void out_flush(void)
{
	size_t n = out.len;

	if (!n)
		return;
	out.len = 0;
	write_all(buffer, n);
}

void out_bytes(const void *bytes, size_t n)
{
	if (n > sizeof buffer - out.len)
		out_flush();
	if (n > sizeof buffer) {
		write_all(bytes, n);
		return;
	}
	if (n)
		memcpy(buffer + out.len, bytes, n);
	out.len += n;
}

void out_text(const char *text)
{
	out_bytes(text, strlen(text));
}

void out_blanks(size_t n)
{
	static const char blanks[] = "                                ";

	for (; n >= sizeof blanks; n -= sizeof blanks - 1)
		out_bytes(blanks, sizeof blanks - 1);
	out_bytes(blanks, n);
}

void out_fmt(const char *fmt, ...)
{
	char *text;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		out.error = ENOMEM;
		return;
	}
	out_bytes(text, (size_t)n);
	free(text);
}

int out_end(const char **name)
{
	out_flush();
	if (out.fd != STDOUT_FILENO && close(out.fd) < 0 && !out.error)
		out.error = errno;
	*name = out.name;
	return out.error;
}
