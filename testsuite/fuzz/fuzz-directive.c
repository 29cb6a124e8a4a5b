/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/directive.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = malloc(size + 1);
	struct mod_directive line;
	struct mod_lines conf;
	const char *word;
	size_t seen = 0;
	int r;

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	mod_lines_init(&conf, text, size);
	while ((r = mod_directive_next(&conf, &line)) != 1) {
		if (!*line.word || !line.line)
			abort();
		seen += strlen(line.word);
		while (r == 0 && (word = mod_lines_take_word(&line.words)))
			seen += strlen(word);
	}
	if (seen > size)
		abort();
	return 0;
}
