/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* out.h - standard output.
 *
 * One buffer and write(2): nothing is set up, and a run that prints nothing
 * calls nothing.  Failures are remembered and told once, by out_end().
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

void out_text(const char *text);
void out_bytes(const void *bytes, size_t n);
void out_blanks(size_t n);
void out_fmt(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Hands on what is buffered: before something else writes to the same place
 * (a child, a message).
 */
void out_flush(void);

/* From here on output goes to a file, made or emptied; path must stay.
 * Returns 0 or a positive errno.
 */
int out_to(const char *path);

/* Writes the rest.  Returns 0, or a positive errno when anything printed in
 * this run was lost; *name is where it went.
 */
int out_end(const char **name);
