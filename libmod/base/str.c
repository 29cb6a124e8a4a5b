/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/str.h"

#include "libmod/base/grow.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for n more bytes and the NUL. */
static bool grow(struct mod_str *s, size_t n)
{
	char *at = NULL;

	if (!s->bad && n < SIZE_MAX / 2 - s->len)
		at = mod_grow(s->at, &s->cap, s->len + n + 1, 1);
	if (at)
		s->at = at;
	else
		s->bad = true;
	return at != NULL;
}

char *mod_str_room(struct mod_str *s, size_t n)
{
	/* Most often there is room, and then nothing is bad either. */
	if ((n >= s->cap - s->len || s->bad) && !grow(s, n))
		return NULL;
	char *at = s->at + s->len;
	s->len += n;
	s->at[s->len] = '\0';
	return at;
}

void mod_str_addn(struct mod_str *s, const void *bytes, size_t n)
{
	char *at = mod_str_room(s, n);

	if (at)
		memcpy(at, bytes, n);
}

void mod_str_add(struct mod_str *s, const char *text)
{
	mod_str_addn(s, text, strlen(text));
}

void mod_str_addv(struct mod_str *s, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0 || !grow(s, (size_t)n)) {
		s->bad = true;
	} else {
		vsnprintf(s->at + s->len, (size_t)n + 1, fmt, again);
		s->len += (size_t)n;
	}
	va_end(again);
}

void mod_str_addf(struct mod_str *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	mod_str_addv(s, fmt, ap);
	va_end(ap);
}

char *mod_str_take(struct mod_str *s)
{
	mod_str_addn(s, "", 0); /* an empty text is "" and not NULL */
	if (s->bad)
		return NULL;
	char *at = s->at;
	*s = (struct mod_str){ 0 };
	return at;
}

void mod_str_fini(struct mod_str *s)
{
	free(s->at);
	*s = (struct mod_str){ 0 };
}
