/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/modinfo.h"

#include <stdlib.h>

static size_t sum_of(struct mod_bytes bytes)
{
	size_t sum = bytes.len;

	for (size_t i = 0; i < bytes.len; i++)
		sum += bytes.at[i] == 0 ? (abort(), 0U) : 1U;
	return sum;
}

/* Results lie inside, hold no NUL, and are never more than was
 * there.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mod_bytes left = { data, size };
	struct mod_info info;
	size_t all = 0, builtin = 0;

	while (mod_modinfo_next(&left, &info))
		all += sum_of(info.key) + sum_of(info.value);
	left = (struct mod_bytes){ data, size };
	while (mod_modinfo_builtin_next(&left, "a_b", &info))
		builtin += sum_of(info.key) + sum_of(info.value);
	if (all > 2 * size || builtin > all)
		abort();
	return 0;
}
