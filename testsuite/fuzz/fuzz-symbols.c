/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/symbols.h"

static int exports_left(const struct mod_elf *elf, struct mod_symbols *out)
{
	bool broken;

	return mod_symbols_exports_left(elf, out, &broken);
}

static int imports_left(const struct mod_elf *elf, struct mod_symbols *out)
{
	bool broken;

	return mod_symbols_imports_left(elf, out, &broken);
}

/* Reads all names and CRCs of a module. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int (*const readers[])(const struct mod_elf *elf,
				      struct mod_symbols *out) = {
		mod_symbols_exports, mod_symbols_versions, mod_symbols_imports,
		exports_left,        imports_left,
	};
	struct mod_source_memory mem;
	struct mod_elf elf;
	uint64_t seen = 0;

	mod_source_from_memory(&mem, (struct mod_bytes){ data, size });
	if (mod_elf_open(&elf, &mem.src) < 0)
		return 0;
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		struct mod_symbols syms;

		if (readers[i](&elf, &syms) != 0)
			continue;
		for (size_t k = 0; k < syms.n; k++)
			seen += strlen(syms.at[k].name) + syms.at[k].crc;
		mod_symbols_fini(&syms);
	}
	__asm__ volatile("" ::"r"((size_t)seen)); /* keep the reads */
	return 0;
}
