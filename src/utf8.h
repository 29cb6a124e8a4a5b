/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* utf8.h - bytes that may or may not be UTF-8. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* How many of the bytes, from the first on, are whole UTF-8 characters: neither
 * surrogates nor longer than need be, and up to U+10FFFF.  Source: RFC 3629.
 */
size_t utf8_prefix(const void *bytes, size_t n);

/* The same text with \xNN, two hexadecimal digits, for each byte that is not
 * part of such a character.  Returns text to be freed, of *len bytes and a NUL,
 * or NULL when memory ran out.
 */
char *utf8_escape(const void *bytes, size_t n, size_t *len);

/* Whether the next byte is what a terminal may obey: a control character, also
 * one of U+0080 to U+009F, written in two bytes or in one.  *inside is 0 at
 * first, and how many bytes of a character are still to come.
 */
bool utf8_is_control(unsigned char byte, unsigned *inside);
