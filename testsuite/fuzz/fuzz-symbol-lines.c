/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/symbol-lines.h"

#include <string.h>

/* The first byte: which of the two files, and the prefix. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = malloc(size + 1);
	struct mod_symbol_lines table;
	const char *name;
	size_t seen = 0;
	uint64_t crc;
	int r;

	if (!text)
		abort();
	if (size < 1)
		return 0;
	memcpy(text, data + 1, size - 1);
	mod_symbol_lines_init(&table, text, size - 1);
	do {
		r = data[0] & 0x80
			? mod_symbol_lines_symvers(&table, &name, &crc)
			: mod_symbol_lines_map(&table, (char)data[0], &name);
		if (r == 0)
			seen += strlen(name);
	} while (r != 1);
	if (seen > size)
		abort();
	return 0;
}
