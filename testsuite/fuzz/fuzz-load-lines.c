/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/cleanup.h"
#include "libmod/config/load-lines.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = malloc(size + 1);
	struct mod_load_lines file;
	const char *name;
	size_t seen = 0;

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	mod_load_lines_init(&file, text, size);
	while ((name = mod_load_lines_next(&file))) {
		size_t len = strlen(name);
		if (!len || *name == '#' || *name == ';' || *name == ' ' ||
		    name[len - 1] == ' ' || name[len - 1] == '\t')
			abort();
		seen += len;
	}
	if (seen > size || file.line > size)
		abort();
	return 0;
}
