/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testsuite/unit/fail.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	bool on, all;
	bool hit;    /* one was made to fail */
	size_t left; /* that still work */
} fail;

static void start(size_t n, bool all)
{
	fail.left = n;
	fail.all = all;
	fail.hit = false;
	fail.on = true;
}

void fail_at(size_t n)
{
	start(n, false);
}

void fail_from(size_t n)
{
	start(n, true);
}

bool fail_off(void)
{
	fail.on = false;
	return fail.hit;
}

/* Only reads while off, so that threads may allocate side by side. */
static bool fails(void)
{
	if (!fail.on)
		return false;
	if (fail.hit && !fail.all)
		return false;
	if (fail.left > 0) {
		fail.left--;
		return false;
	}
	fail.hit = true;
	errno = ENOMEM;
	return true;
}

/* One wrapper: type name(parameters) that hands on its arguments. */
#define WRAP(type, failed, name, parameters, arguments)                        \
	type __real_##name parameters;                                         \
	type __wrap_##name parameters;                                         \
	type __wrap_##name parameters                                          \
	{                                                                      \
		return fails() ? failed : __real_##name arguments;             \
	}

WRAP(void *, NULL, malloc, (size_t size), (size))
WRAP(void *, NULL, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, NULL, realloc, (void *p, size_t size), (p, size))
WRAP(void *, NULL, reallocarray, (void *p, size_t n, size_t size), (p, n, size))
WRAP(char *, NULL, strdup, (const char *s), (s))
WRAP(char *, NULL, strndup, (const char *s, size_t n), (s, n))
WRAP(DIR *, NULL, opendir, (const char *path), (path))

/* The checked forms are what -D_FORTIFY_SOURCE makes of the others. */
int __real_vasprintf(char **out, const char *fmt, va_list args);
int __wrap_vasprintf(char **out, const char *fmt, va_list args);
int __wrap___vasprintf_chk(char **out, int flag, const char *fmt, va_list args);
int __wrap_asprintf(char **out, const char *fmt, ...);
int __wrap___asprintf_chk(char **out, int flag, const char *fmt, ...);

__attribute__((format(printf, 2, 0))) int
__wrap_vasprintf(char **out, const char *fmt, va_list args)
{
	return fails() ? -1 : __real_vasprintf(out, fmt, args);
}

__attribute__((format(printf, 3, 0))) int
__wrap___vasprintf_chk(char **out, int flag, const char *fmt, va_list args)
{
	(void)flag;
	return __wrap_vasprintf(out, fmt, args);
}

__attribute__((format(printf, 2, 3))) int __wrap_asprintf(char **out,
							  const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int n = __wrap_vasprintf(out, fmt, args);
	va_end(args);
	return n;
}

__attribute__((format(printf, 3, 4))) int
__wrap___asprintf_chk(char **out, int flag, const char *fmt, ...)
{
	va_list args;

	(void)flag;
	va_start(args, fmt);
	int n = __wrap_vasprintf(out, fmt, args);
	va_end(args);
	return n;
}
