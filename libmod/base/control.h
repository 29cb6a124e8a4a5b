/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* control.h - control characters of ASCII, which a terminal obeys.
 *
 * src/utf8.h also finds those of U+0080 to U+009F.  Names and values that
 * depmod writes to files are checked for bytes below ' ' alone
 * (depmod/collect.c, depmod/output-text.c): kmod writes a DEL there, too, and
 * no line ends at it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

static inline bool mod_control_is(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

/* Replaces each control character by '?'. */
static inline void mod_control_hide(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (mod_control_is(text[i]))
			text[i] = '?';
}
