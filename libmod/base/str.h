/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* str.h - text that grows.
 *
 * The writer's twin of the cursor: appends after a failed allocation do
 * nothing, and mod_str_take() reports at the end whether all of it is there.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct mod_str {
	char *at;   /* NUL-terminated once anything was added */
	size_t len; /* bytes, without that NUL */
	size_t cap;
	bool bad; /* an allocation failed; stays set */
};

void mod_str_add(struct mod_str *s, const char *text);
void mod_str_addn(struct mod_str *s, const void *bytes, size_t n);
void mod_str_addf(struct mod_str *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void mod_str_addv(struct mod_str *s, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Room for n bytes at the end, which the caller fills; NULL when bad. */
char *mod_str_room(struct mod_str *s, size_t n);

/* The text, now the caller's to free, leaving s empty; NULL when bad. */
char *mod_str_take(struct mod_str *s);
void mod_str_fini(struct mod_str *s);
#define _str_ __attribute__((cleanup(mod_str_fini)))
