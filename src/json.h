/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* json.h - what --json prints, written by jansson, which is loaded when a tool
 * is first asked for it.
 *
 * js_start() comes first; several threads may then make
 * values of their own.  Values are made, and handed to the object or array
 * that they become part of; the root goes to js_end().  Nothing needs to be
 * checked between: js_end() reports a lack of memory.
 * Keys are printed in the order in which they were put.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct js;

/* Loads the library.  Returns 0, or the exit status 1 when it is not there
 * (reported).
 */
int js_start(void);

struct js *js_object(void);
struct js *js_array(void);
struct js *js_number(long long value);
struct js *js_bool(bool value);
struct js *js_null(void);

/* Text of any bytes: one that is not part of UTF-8 is written as the text \xNN,
 * with two hexadecimal digits.  js_text(NULL) is null.
 */
struct js *js_text(const char *text);
struct js *js_bytes(const void *bytes, size_t n);

/* Take the value.  A key is text as above; one that the object has already gets
 * the new value.
 */
void js_put(struct js *object, const char *key, struct js *value);
void js_add(struct js *array, struct js *value);

/* Moves all that a list has to the end of the array, and ends the list. */
void js_add_all(struct js *array, struct js *list);

/* Ends a value that does not become part of any other; NULL is allowed. */
void js_drop(struct js *value);

/* What the object has under that key, lent; NULL for nothing. */
struct js *js_get(const struct js *object, const char *key);

/* Prints the root by output.h, with a newline, and frees it.  Returns the exit
 * status: 1 when memory ran out (reported), and then nothing is printed.
 */
int js_end(struct js *root);
