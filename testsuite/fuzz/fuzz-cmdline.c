/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libmod/base/cleanup.h"
#include "libmod/config/cmdline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = malloc(size + 1);
	struct mod_cmdline cmdline;
	struct mod_cmdline_word word;
	size_t seen = 0;

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	mod_cmdline_init(&cmdline, text, size);
	while (mod_cmdline_next(&cmdline, &word)) {
		bool listed = word.blacklist || word.mask;
		if (listed && strpbrk(word.name, "\","))
			abort();
		if (word.mask && !word.bad &&
		    (!*word.name || strpbrk(word.name, "/'")))
			abort();
		seen += strlen(word.name);
		if (!listed)
			seen += strlen(word.options);
	}
	if (seen > size)
		abort();
	return 0;
}
