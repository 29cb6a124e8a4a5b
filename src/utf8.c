/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/utf8.h"

#include "libmod/base/control.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The first byte of a character: how many follow, and where the second lies. */
static const struct {
	uint8_t first, last; /* first bytes */
	uint8_t follow;
	uint8_t low, high; /* bounds of the second byte */
} kinds[] = {
	{ 0x00, 0x7f, 0, 0, 0 },       { 0xc2, 0xdf, 1, 0x80, 0xbf },
	{ 0xe0, 0xe0, 2, 0xa0, 0xbf }, { 0xe1, 0xec, 2, 0x80, 0xbf },
	{ 0xed, 0xed, 2, 0x80, 0x9f }, { 0xee, 0xef, 2, 0x80, 0xbf },
	{ 0xf0, 0xf0, 3, 0x90, 0xbf }, { 0xf1, 0xf3, 3, 0x80, 0xbf },
	{ 0xf4, 0xf4, 3, 0x80, 0x8f },
};

/* Bytes of the character at `at`, of which n are there; 0 for none. */
static size_t character(const uint8_t *at, size_t n)
{
	size_t k = 0;

	while (*at < kinds[k].first || *at > kinds[k].last)
		if (++k == sizeof kinds / sizeof *kinds)
			return 0;
	if (kinds[k].follow >= n)
		return 0;
	if (kinds[k].follow && (at[1] < kinds[k].low || at[1] > kinds[k].high))
		return 0;
	for (size_t i = 2; i <= kinds[k].follow; i++)
		if (at[i] < 0x80 || at[i] > 0xbf)
			return 0;
	return kinds[k].follow + 1U;
}

size_t utf8_prefix(const void *bytes, size_t n)
{
	const uint8_t *at = bytes;
	size_t i = 0, step;

	while (i < n && (step = character(at + i, n - i)))
		i += step;
	return i;
}

char *utf8_escape(const void *bytes, size_t n, size_t *len)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *at = bytes;
	size_t size;

	if (__builtin_mul_overflow(n, strlen("\\xNN"), &size) || size + 1 == 0)
		return NULL;
	char *text = malloc(size + 1), *to = text;
	if (!text)
		return NULL;
	for (size_t i = 0; i < n;) {
		size_t sound = utf8_prefix(at + i, n - i);
		memcpy(to, at + i, sound);
		to += sound;
		i += sound;
		if (i == n)
			break;
		*to++ = '\\';
		*to++ = 'x';
		*to++ = digits[at[i] >> 4];
		*to++ = digits[at[i++] & 15];
	}
	*to = '\0';
	*len = (size_t)(to - text);
	return text;
}

bool utf8_is_control(unsigned char byte, unsigned *inside)
{
	if (byte >= 0x80 && byte <= 0xbf) {
		bool control = !*inside && byte <= 0x9f;
		*inside -= *inside > 0;
		return control;
	}
	/* The byte after 0xc2 is checked as if it were alone. */
	*inside = byte <= 0xc2 || byte > 0xf4 ? 0
		: byte <= 0xdf                ? 1
		: byte <= 0xef                ? 2
					      : 3;
	return mod_control_is((char)byte);
}
