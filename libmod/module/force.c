/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/force.h"

#include "libmod/module/elf.h"
#include "libmod/module/modinfo.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

/* Clears SHF_ALLOC in a section's header. */
static void hide(const struct mod_elf *elf, uint8_t *image,
		 const struct mod_sec *sec)
{
	/* It is in the lowest byte of sh_flags, and the header was read. */
	size_t each = elf->wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	size_t width = elf->wide ? 8 : 4;
	size_t at = (size_t)elf->sec_off + sec->index * each +
		(elf->wide ? offsetof(Elf64_Shdr, sh_flags)
			   : offsetof(Elf32_Shdr, sh_flags));

	image[at + (elf->big ? width - 1 : 0)] &= (uint8_t)~SHF_ALLOC;
}

int mod_force_hide_versions(uint8_t *image, size_t len)
{
	static const char *const names[] = { "__versions", "__version_ext_crcs",
					     "__version_ext_names" };
	struct mod_source_memory mem;
	struct mod_elf elf;
	struct mod_sec sec;

	mod_source_from_memory(&mem, (struct mod_bytes){ image, len });
	int r = mod_elf_open(&elf, &mem.src);
	for (size_t i = 0; i < sizeof names / sizeof *names && r >= 0; i++) {
		r = mod_elf_find(&elf, names[i], &sec);
		if (r == 0)
			hide(&elf, image, &sec);
	}
	return r < 0 ? r : 0;
}

int mod_force_clear_vermagic(uint8_t *image, size_t len)
{
	static const char key[] = "vermagic";
	struct mod_source_memory mem;
	struct mod_elf elf;
	struct mod_bytes left;
	struct mod_info info;

	mod_source_from_memory(&mem, (struct mod_bytes){ image, len });
	int r = mod_elf_open(&elf, &mem.src);
	if (r == 0)
		r = mod_elf_find_data(&elf, ".modinfo", &left);
	if (r != 0)
		return r < 0 ? r : 0;
	while (mod_modinfo_next(&left, &info)) {
		if (info.key.len != strlen(key) ||
		    memcmp(info.key.at, key, info.key.len) != 0)
			continue;
		memset(image + (info.key.at - image), 0,
		       info.key.len + 1 + info.value.len);
		return 0;
	}
	return -ENODATA;
}
