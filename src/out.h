/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* out.h - standard output.
 *
 * One buffer and write(2): nothing is set up, and a run that prints nothing
 * calls nothing.  Failures are remembered and told once, by out_end().
 *
 * A thread may keep what it prints and says until it is its turn: out_keep().
 * Everything but these functions is for one thread at a time.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

void out_text(const char *text);
void out_bytes(const void *bytes, size_t n);

/* What is not yet written; for out_room() alone. */
struct out_buffer {
	size_t len; /* bytes in use */
	char at[16 * 1024];
};
extern struct out_buffer out_buffer;

/* Room for n bytes, all of which the caller writes before anything else is
 * printed; NULL when there is not so much before the next out_flush(), or
 * ever.  Not while this thread keeps.
 */
static inline char *out_room(size_t n)
{
	size_t len = out_buffer.len;

	if (n > sizeof out_buffer.at - len)
		return NULL;
	out_buffer.len = len + n;
	return out_buffer.at + len;
}

/* As out_bytes(), for one line that nobody else shall end: control characters
 * as "\x0a".
 */
void out_line_part(const char *text, size_t n);

void out_blanks(size_t n);
void out_fmt(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Pairs of hexadecimal digits with ':' between them. */
void out_hex(const unsigned char *bytes, size_t n);

/* Hands on what is buffered: before something else writes to the same place
 * (a child, a message).
 */
void out_flush(void);

/* From here on, what a terminal would obey is written as '?', but for newline
 * and tab, if standard output is one.
 */
void out_tame(void);

/* From here on output goes to a file, made or emptied; path must stay.
 * Returns 0 or a positive errno.
 */
int out_to(const char *path);

/* Writes the rest.  Returns 0, or a positive errno when anything printed in
 * this run was lost; *name is where it went.
 */
int out_end(const char **name);

/* What one thread printed and said; all-zero is nothing. */
struct out_kept {
	char *text; /* owned */
	size_t len, room;
	struct out_message *messages; /* owned */
	size_t n, cap;
	bool lost; /* memory ran out */
};

/* From here on, what this thread prints and says goes there; with NULL it
 * goes to where it belongs again.
 */
void out_keep(struct out_kept *to);

/* Keeps a message, where it stands in the output.  False when nothing is kept
 * here: then it has to be said now.
 */
bool out_keep_message(int level, const char *text);

/* Prints and says all of it, by say, and frees it.  Not while this thread
 * itself keeps.
 */
void out_release(struct out_kept *from,
		 void (*say)(void *data, int level, const char *text));
