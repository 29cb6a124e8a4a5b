/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/live/proc-modules.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *copy = strndup((const char *)data, size);
	char *text = copy;
	struct mod_proc_module mod;
	size_t seen = 0;
	int r;

	if (!copy)
		abort();
	while ((r = mod_proc_modules_next(&text, &mod)) != 1) {
		if (r < 0)
			continue;
		if (!*mod.name || !*mod.state || (mod.count && !mod.counted))
			abort();
		seen += strlen(mod.name) + strlen(mod.holders) +
			strlen(mod.state) + strlen(mod.taints);
	}
	if (seen > size)
		abort();
	return 0;
}
