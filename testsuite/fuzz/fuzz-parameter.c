/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/parameter.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The first line is a type, the rest are parameters. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1); /* exact, for ASan */

	if (!text)
		abort();
	memcpy(text, data, size);
	const char *line = memchr(text, '\n', size);
	size_t type_len = line ? (size_t)(line - text) : size;
	const char *at = line ? line + 1 : text + size, *end = text + size;
	const char *start = at;
	struct mod_parameter p;
	while (mod_parameter_next(&at, end, &p)) {
		bool fits = mod_parameter_fits(text, type_len, p.value,
					       p.value_len);
		bool differs = p.value &&
			mod_parameter_differs(text, type_len, p.value,
					      p.value_len, p.value,
					      p.value_len);
		size_t d = mod_parameter_distance(p.name, p.name_len, text,
						  type_len, 100);
		bool same = mod_parameter_is_name(p.name, p.name_len, text,
						  type_len);
		const char *value_end = p.value ? p.value + p.value_len : at;
		if (p.start < start || at > end || at != p.start + p.len ||
		    p.name + p.name_len > at || value_end > at || differs ||
		    (same && type_len <= 64 && d != 0) || (!fits && !type_len))
			abort();
	}
	free(text);
	return 0;
}
