/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/config/parameter.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The first line is a type, the rest are parameters. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	if (!text)
		abort();
	char *start = strchrnul(text, '\n');
	size_t type_len = (size_t)(start - text);
	start += *start == '\n';
	char *rest = start;
	size_t len = strlen(start);
	struct mod_parameter param;
	while (mod_parameter_next(&rest, start, &param)) {
		bool fits = mod_parameter_fits(text, type_len, param.value);
		size_t d =
			mod_parameter_distance(param.name, text, type_len, 100);
		bool same = mod_parameter_is(param.name, text, type_len);
		if (param.at >= len || param.name < start ||
		    (same && type_len <= 64 && d != 0) || (!fits && !type_len))
			abort();
	}
	free(text);
	return 0;
}
