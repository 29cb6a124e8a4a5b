/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* output.h - standard output.
 *
 * One buffer and write(2): nothing is set up, and a run that prints nothing
 * calls nothing.  Failures are kept and reported once, by output_end().
 *
 * A thread may keep its output and messages until it is its turn:
 * output_keep(). Everything but these functions is for one thread at a time.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

void output_text(const char *text);
void output_bytes(const void *bytes, size_t n);

/* The bytes not yet written; for output_room() alone. */
struct output_buffer {
	size_t len; /* bytes in use */
	char at[16 * 1024];
};
extern struct output_buffer output_buffer;

/* Room for n bytes, all of which the caller writes before anything else is
 * printed; NULL when there is not so much before the next output_flush(), or
 * ever.  Not while this thread keeps.
 */
static inline char *output_room(size_t n)
{
	size_t len = output_buffer.len;

	if (n > sizeof output_buffer.at - len)
		return NULL;
	output_buffer.len = len + n;
	return output_buffer.at + len;
}

/* As output_bytes(), for one line that nobody else shall end: control
 * characters as "\x0a".
 */
void output_line_part(const char *text, size_t n);

void output_spaces(size_t n);
void output_fmt(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Pairs of hexadecimal digits with ':' between them. */
void output_hex(const unsigned char *bytes, size_t n);

/* Writes the buffer out: before something else writes to the same place
 * (a child, a message).
 */
void output_flush(void);

/* From here on, what a terminal would obey is written as '?', but for newline
 * and tab, if standard output is one.
 */
void output_hide_controls(void);

/* From here on output goes to a file, made or emptied; path must stay.
 * Returns 0 or a positive errno.
 */
int output_to(const char *path);

/* Writes the rest.  Returns 0, or a positive errno when anything printed in
 * this run was lost; *name is where it went.
 */
int output_end(const char **name);

struct output_message {
	size_t at; /* bytes of the output before it */
	int level;
	char *text; /* owned */
};

/* The output and messages of one thread; all-zero is nothing. */
struct output_kept {
	char *text; /* owned */
	size_t len, room;
	struct output_message *messages; /* owned */
	size_t n, cap;
	bool lost; /* memory ran out */
};

/* From here on, this thread's output and messages are kept there; with NULL
 * they are printed again.
 */
void output_keep(struct output_kept *to);

/* Keeps a message and its position in the output.  False when this thread keeps
 * nothing: the caller then prints it now.
 */
bool output_keep_message(int level, const char *text);

/* Frees it.  Output that was lost is an error of the run. */
void output_free(struct output_kept *from);
