/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/build-id.h"
#include "libmod/base/cursor.h"

#include <elf.h>

int mod_build_id_read(const struct mod_elf *elf, struct mod_bytes *id)
{
	struct mod_cursor c = { .big = elf->big };

	int r = mod_elf_find_data(elf, ".note.gnu.build-id", &c.in);
	if (r != 0)
		return r;
	uint32_t name_len = mod_cursor_u32(&c);
	uint32_t len = mod_cursor_u32(&c);
	uint32_t type = mod_cursor_u32(&c);
	const uint8_t *name = mod_cursor_take(&c, sizeof ELF_NOTE_GNU);
	struct mod_bytes content = mod_cursor_range(&c, c.pos, len);

	if (c.bad || type != NT_GNU_BUILD_ID ||
	    name_len != sizeof ELF_NOTE_GNU ||
	    memcmp(name, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) != 0)
		return 1;
	*id = content;
	return 0;
}
