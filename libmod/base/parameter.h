/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* parameter.h - module parameters as the kernel parses them.
 *
 * Nothing is copied or changed: names and values point into the text.
 * Source: the kernel's lib/cmdline.c next_arg(), kernel/params.c,
 * lib/kstrtox.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct mod_parameter {
	const char *start; /* with the opening quote */
	size_t len;        /* from start, quotes included */
	const char *name;
	size_t name_len;
	const char *value; /* without quotes around it; NULL: no '=' */
	size_t value_len;
	bool unclosed; /* the end of the text closed its quotes */
};

/* The next argument from *at on; sets *at to the byte after it, at most `end`.
 * Spaces (and NULs) separate arguments, '"' quotes.  Returns false at the end.
 */
bool mod_parameter_next_argument(const char **at, const char *end,
				 struct mod_parameter *param);

/* As above, and "--" ends the arguments, as it does in the kernel. */
bool mod_parameter_next(const char **at, const char *end,
			struct mod_parameter *param);

/* Are the names equal?  - and _ are the same. */
bool mod_parameter_is_name(const char *a, size_t a_len, const char *b,
			   size_t b_len);

/* Would a parameter of that parmtype ("int", "array of charp") accept the value
 * (NULL: none)?  True for unknown types.
 */
bool mod_parameter_fits(const char *type, size_t type_len, const char *value,
			size_t len);

/* Was a value (NULL: none) set that differs from the one that the kernel shows?
 * False where that is unknown: for unknown types, for values that do not fit,
 * and for an array that shows more values than were set, because the kernel
 * shows the rest of some arrays, too.
 */
bool mod_parameter_differs(const char *type, size_t type_len, const char *set,
			   size_t set_len, const char *shown, size_t shown_len);

/* How many bytes must be changed, added or removed to make one name the other;
 * at most most + 1, which represents all greater numbers.  Case does not count.
 */
size_t mod_parameter_distance(const char *a, size_t a_len, const char *b,
			      size_t b_len, size_t most);
