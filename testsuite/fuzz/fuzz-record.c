/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/record.h"

/* What a cache may hand out: a record that opens can be read to its end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mod_record rec;
	size_t seen = 0, len;

	if (mod_record_open(&rec, (struct mod_bytes){ data, size }) < 0)
		return 0;
	for (size_t i = 0; i < rec.exports.n; i++)
		seen += !strlen(mod_record_symbol(&rec.exports, i).name);
	for (size_t i = 0; i < rec.needs.n; i++)
		seen += !strlen(mod_record_symbol(&rec.needs, i).name);
	for (size_t t = 0; t < MOD_RECORD_TEXTS; t++)
		for (size_t i = 0; i < rec.texts[t]; i++)
			seen += strlen(mod_record_text(&rec.text_cur[t], &len));
	if (seen > size)
		abort();
	return 0;
}
