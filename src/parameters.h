/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* parameters.h - a module's parameters, gathered from its parm= and parmtype=
 * strings ("NAME:TEXT").
 *
 * Texts are copied, and look-ups are by sorting: a hostile module may hold a
 * million of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct parameter_string;

struct parameters {
	char *text; /* all names and texts, one after the other */
	size_t len, room;
	struct parameter_string *at;
	size_t n, cap;
};

/* One parameter.  Nothing is NUL-terminated; what and type may be NULL. */
struct parameter {
	const char *name, *what, *type;
	size_t name_len, what_len, type_len;
};

/* The value of a parm= (or, when type is set, parmtype=) string.  Returns 0;
 * 1 when there is no ':' in it; -ENOMEM.
 */
int parameters_add(struct parameters *parms, bool type, const char *value,
		   size_t len);

/* Calls fn for each parameter, the one that appeared last first.  Of several
 * texts for the same thing the last one holds.  Returns 0 or -ENOMEM.
 */
int parameters_each(struct parameters *parms,
		    void (*fn)(void *data, const struct parameter *parm),
		    void *data);

void parameters_fini(struct parameters *parms);
