/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/log.h"

#include "libmod/base/control.h"
#include "src/output.h"
#include "src/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 1024 }; /* bytes; most messages fit and need no memory */

static struct {
	const char *prog;
	int level;
	bool syslog;
	bool opened; /* openlog() was called */
} state = { "kmod", LOG_ERR, false, false };

void log_start(const char *prog, int level)
{
	state.prog = prog;
	state.level = level;
}

void log_more_verbose(void)
{
	state.level++;
}

void log_to_syslog(void)
{
	state.syslog = true;
}

bool log_wants(int level)
{
	return level <= state.level;
}

int log_level(void)
{
	return state.level;
}

static const char *level_name(int level, char buf[16])
{
	static const char *const names[] = {
		[LOG_CRIT] = "FATAL",      [LOG_ERR] = "ERROR",
		[LOG_WARNING] = "WARNING", [LOG_NOTICE] = "NOTICE",
		[LOG_INFO] = "INFO",       [LOG_DEBUG] = "DEBUG",
	};

	if (level >= LOG_CRIT && level <= LOG_DEBUG)
		return names[level];
	snprintf(buf, 16, "LOG-%03d", level);
	return buf;
}

/* A socket to syslog must not become descriptor 1 of somebody who prints.
 * Read-only, so that printing to a descriptor that was closed still fails.
 */
static void plug_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static void to_syslog(int level, const char *text)
{
	char buf[16];

	if (!state.opened) {
		plug_descriptors();
		openlog(state.prog, state.syslog ? LOG_CONS : 0, LOG_DAEMON);
		state.opened = true;
	}
	syslog(level, "%s: %s", level_name(level, buf), text);
}

/* Returns false when descriptor 2 cannot be written to. */
static bool to_stderr(const char *line, size_t len)
{
	while (len) {
		ssize_t n = write(STDERR_FILENO, line, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno != EBADF;
		line += n;
		len -= (size_t)n;
	}
	return true;
}

/* Names come from anywhere, and a terminal obeys control characters. */
static void hide_controls(char *line, size_t len)
{
	unsigned inside = 0;

	for (size_t i = 0; i < len; i++)
		if (utf8_is_control((unsigned char)line[i], &inside) &&
		    line[i] != '\t' && line[i] != '\n')
			line[i] = '?';
}

/* One line in one write(2), so that the lines of two processes do not mix. */
static bool line_to_stderr(int level, const char *text)
{
	char room[ROOM], name[16];
	char *line = room;
	int len;

	len = snprintf(room, sizeof room, "%s: %s: %s\n", state.prog,
		       level_name(level, name), text);
	if (len >= (int)sizeof room &&
	    asprintf(&line, "%s: %s: %s\n", state.prog, level_name(level, name),
		     text) < 0) {
		line = room;
		len = sizeof room - 1;
	}
	if (len > 0)
		hide_controls(line, (size_t)len - 1);
	bool written = to_stderr(line, len < 0 ? 0 : (size_t)len);
	if (line != room)
		free(line);
	return written;
}

void log_from_library(void *data, int level, const char *text)
{
	(void)data;
	if (!log_wants(level) || output_keep_message(level, text))
		return;
	output_flush();
	if (!state.syslog && !line_to_stderr(level, text))
		state.syslog = true;
	if (state.syslog)
		to_syslog(level, text);
}

void log_more(int level, const char *text)
{
	char *line = NULL;
	int len;

	if (!log_wants(level) || state.syslog)
		return;
	output_flush();
	len = asprintf(&line, "%s\n", text);
	if (len > 0) {
		hide_controls(line, (size_t)len - 1);
		to_stderr(line, (size_t)len);
		free(line);
	}
}

/* In room where it fits, else in memory to be freed; cut when there is none. */
static char *format(char room[ROOM], const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
static char *format(char room[ROOM], const char *fmt, va_list ap)
{
	char *text;
	va_list again;

	va_copy(again, ap);
	bool fits = vsnprintf(room, ROOM, fmt, ap) < ROOM;
	if (fits || vasprintf(&text, fmt, again) < 0)
		text = room;
	va_end(again);
	return text;
}

int log_at(int level, const char *fmt, ...)
{
	char room[ROOM];
	va_list ap;

	if (!log_wants(level))
		return 1;
	va_start(ap, fmt);
	char *text = format(room, fmt, ap);
	va_end(ap);
	log_from_library(NULL, level, text);
	if (text != room)
		free(text);
	return 1;
}

int log_syslog(int level, const char *fmt, ...)
{
	char room[ROOM];
	va_list ap;

	va_start(ap, fmt);
	char *text = format(room, fmt, ap);
	va_end(ap);
	mod_control_hide(text, strlen(text));
	output_flush();
	to_syslog(level, text);
	if (text != room)
		free(text);
	return 1;
}

void log_release(struct output_kept *from)
{
	size_t at = 0;

	for (size_t i = 0; i < from->n; i++) {
		const struct output_message *message = &from->messages[i];

		if (message->at > at)
			output_bytes(from->text + at, message->at - at);
		at = message->at;
		log_from_library(NULL, message->level, message->text);
	}
	if (from->len)
		output_bytes(from->text + at, from->len - at);
	output_free(from);
}
