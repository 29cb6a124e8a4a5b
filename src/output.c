/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/output.h"

#include "libmod/base/control.h"
#include "libmod/base/grow.h"
#include "src/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct output_buffer output_buffer;

static struct {
	int error; /* errno of the first write that failed, or 0 */
	int fd;
	bool hide_controls; /* hide control characters from a terminal */
	unsigned inside;    /* see utf8_is_control() */
	const char *name;
} out = { .fd = STDOUT_FILENO, .name = "standard output" };

int output_to(const char *path)
{
	output_flush();
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

/* Where this thread's output goes in place of the buffer; or NULL. */
static _Thread_local struct output_kept *kept;

static void write_as_is(const char *at, size_t n)
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

/* NUL, which ends records, does nothing there. */
static bool is_obeyed(char c)
{
	return utf8_is_control((unsigned char)c, &out.inside) && c != '\n' &&
		c != '\t' && c != '\0';
}

static void write_tame(const char *at, size_t n)
{
	char text[1024];

	while (n) {
		size_t some = n < sizeof text ? n : sizeof text;

		for (size_t i = 0; i < some; i++)
			text[i] = is_obeyed(at[i]) ? '?' : at[i];
		write_as_is(text, some);
		at += some;
		n -= some;
	}
}

static void write_all(const char *at, size_t n)
{
	if (out.hide_controls)
		write_tame(at, n);
	else
		write_as_is(at, n);
}

void output_hide_controls(void)
{
	out.hide_controls = isatty(out.fd);
}

void output_flush(void)
{
	size_t n = output_buffer.len;

	if (!n || kept)
		return;
	output_buffer.len = 0;
	write_all(output_buffer.at, n);
}

/* Room for n more bytes. */
static bool grow_kept(struct output_kept *to, size_t n)
{
	char *text = n <= SIZE_MAX - to->len
		? mod_grow(to->text, &to->room, to->len + n, 1)
		: NULL;

	if (!text) {
		to->lost = true;
		return false;
	}
	to->text = text;
	return true;
}

static void add_kept(struct output_kept *to, const void *bytes, size_t n)
{
	if (!n || !grow_kept(to, n))
		return;
	memcpy(to->text + to->len, bytes, n);
	to->len += n;
}

void output_bytes(const void *bytes, size_t n)
{
	if (kept) {
		add_kept(kept, bytes, n);
		return;
	}
	if (n > sizeof output_buffer.at - output_buffer.len)
		output_flush();
	if (n > sizeof output_buffer.at) {
		write_all(bytes, n);
		return;
	}
	if (n)
		memcpy(output_buffer.at + output_buffer.len, bytes, n);
	output_buffer.len += n;
}

void output_text(const char *text)
{
	output_bytes(text, strlen(text));
}

void output_line_part(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mod_control_is(text[i]))
			output_fmt("\\x%02x", (unsigned)(unsigned char)text[i]);
		else
			output_bytes(&text[i], 1);
}

void output_spaces(size_t n)
{
	static const char spaces[] = "                                ";

	for (; n >= sizeof spaces; n -= sizeof spaces - 1)
		output_bytes(spaces, sizeof spaces - 1);
	output_bytes(spaces, n);
}

/* All pairs of digits, one after the other. */
#define ROW(high)                                                              \
	high "0" high "1" high "2" high "3" high "4" high "5" high "6" high    \
	     "7" high "8" high "9" high "A" high "B" high "C" high "D" high    \
	     "E" high "F"
static const char pairs[] = ROW("0") ROW("1") ROW("2") ROW("3") ROW("4")
	ROW("5") ROW("6") ROW("7") ROW("8") ROW("9") ROW("A") ROW("B") ROW("C")
		ROW("D") ROW("E") ROW("F");

void output_hex(const unsigned char *bytes, size_t n)
{
	enum { AT_ONCE = 64 };
	char text[3 * AT_ONCE];

	while (n) {
		size_t some = n < AT_ONCE ? n : AT_ONCE;
		char *to = text;

		for (size_t i = 0; i < some; i++) {
			memcpy(to, pairs + 2 * (size_t)bytes[i], 2);
			to[2] = ':';
			to += 3;
		}
		bytes += some;
		n -= some;
		output_bytes(text, (size_t)(to - text) - (n ? 0 : 1));
	}
}

void output_fmt(const char *fmt, ...)
{
	char *text;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		if (kept)
			kept->lost = true;
		else
			out.error = ENOMEM;
		return;
	}
	output_bytes(text, (size_t)n);
	free(text);
}

int output_end(const char **name)
{
	output_flush();
	if (out.fd != STDOUT_FILENO && close(out.fd) < 0 && !out.error)
		out.error = errno;
	*name = out.name;
	return out.error;
}

void output_keep(struct output_kept *to)
{
	kept = to;
}

static bool grow_messages(struct output_kept *to)
{
	struct output_message *at =
		mod_grow(to->messages, &to->cap, to->n + 1, sizeof *at);

	if (!at)
		return false;
	to->messages = at;
	return true;
}

bool output_keep_message(int level, const char *text)
{
	if (!kept)
		return false;
	char *copy = strdup(text);
	if (!copy || !grow_messages(kept)) {
		free(copy);
		kept->lost = true;
		return true;
	}
	kept->messages[kept->n++] =
		(struct output_message){ kept->len, level, copy };
	return true;
}

void output_free(struct output_kept *from)
{
	for (size_t i = 0; i < from->n; i++)
		free(from->messages[i].text);
	if (from->lost && !out.error)
		out.error = ENOMEM;
	free(from->text);
	free(from->messages);
	*from = (struct output_kept){ 0 };
}
