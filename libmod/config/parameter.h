/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* parameter.h - module parameters as the kernel takes them.
 *
 * Source: the kernel's lib/cmdline.c next_arg(), kernel/params.c,
 * lib/kstrtox.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct mod_parameter {
	char *name;
	char *value; /* NULL: none */
	size_t at;   /* where it began, from the start of the text */
};

/* Takes the next parameter off *rest, in place; start is where the text began.
 * Blanks divide, '"' quotes.  Returns false at the end, which "--" is, too.
 */
bool mod_parameter_next(char **rest, const char *start,
			struct mod_parameter *param);

/* Is it the same name?  - and _ are one.  name need not end with NUL. */
bool mod_parameter_is(const char *a, const char *name, size_t len);

/* Would a parameter of that parmtype ("int", "array of charp") take the value,
 * or none?  Yes for types that are not known here.
 */
bool mod_parameter_fits(const char *type, size_t type_len, const char *value);

/* How many bytes are to be changed, added or left out to make a name another;
 * more than `most` is told as most + 1.  Capitals are as small letters.
 */
size_t mod_parameter_distance(const char *a, const char *b, size_t b_len,
			      size_t most);
