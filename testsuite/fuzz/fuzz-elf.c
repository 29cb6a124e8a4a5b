/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/build-id.h"
#include "libmod/module/elf.h"

/* Walks everything a module's ELF view can hand out. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mod_source_memory mem;
	struct mod_elf elf;
	struct mod_sec sec, same;
	struct mod_bytes bytes;
	size_t seen = 0;

	mod_source_from_memory(&mem, (struct mod_bytes){ data, size });
	if (mod_elf_open(&elf, &mem.src) < 0)
		return 0;
	for (size_t i = 0; i < elf.sec_count; i++) {
		if (mod_elf_sec(&elf, i, &sec) < 0)
			__builtin_trap();
		seen += strlen(sec.name);
		if (mod_elf_data(&elf, &sec, &bytes) == 0 && bytes.len)
			seen += bytes.at[0] + bytes.at[bytes.len - 1];
	}
	/* A few are enough: each look-up passes all sections. */
	for (size_t i = 0; i < elf.sec_count && i < 8; i++)
		if (mod_elf_sec(&elf, i, &sec) == 0 &&
		    mod_elf_find(&elf, sec.name, &same) == 0 &&
		    strcmp(sec.name, same.name) != 0)
			__builtin_trap();
	if (mod_build_id_read(&elf, &bytes) == 0 && bytes.len)
		seen += bytes.at[0] + bytes.at[bytes.len - 1];
	__asm__ volatile("" ::"r"(seen)); /* keep the reads */
	return 0;
}
