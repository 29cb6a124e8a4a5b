/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/symbol-table.h"
#include "libmod/base/cursor.h"

#include <elf.h>
#include <errno.h>

int mod_symbol_table_give_up(bool *broken)
{
	if (!broken)
		return -EBADMSG;
	*broken = true;
	return 0;
}

static size_t entry_bytes(const struct mod_elf *elf)
{
	return elf->wide ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
}

int mod_symbol_table_open(struct mod_symbol_table *t, const struct mod_elf *elf,
			  bool globals, bool *broken)
{
	struct mod_sec sec, names;
	size_t each = entry_bytes(elf);

	*t = (struct mod_symbol_table){ .elf = elf, .broken = broken };
	int r = mod_elf_find(elf, ".symtab", &sec);
	if (r == 0)
		r = mod_elf_find(elf, ".strtab", &names);
	if (r != 0)
		return r;
	if (sec.len % each != 0 && mod_symbol_table_give_up(broken) < 0)
		return -EBADMSG;
	/* Symbol 0 is none.  A wrong sh_info is no reason to miss symbols. */
	uint64_t skip = globals && sec.info > 0 ? sec.info : 1;
	if (skip > sec.len / each)
		skip = sec.len > 0;
	sec.off += skip * each;
	sec.len -= skip * each;
	r = mod_elf_data_of_two(elf, &sec, &names, &t->cur.in, &t->names);
	t->left = t->cur.in.len / each;
	t->ended = mod_bytes_is_ended(t->names);
	return r;
}

/* One entry, of a size that the compiler knows. */
static inline uint32_t read_entry(struct mod_bytes in, bool wide, bool big,
				  struct mod_symbol_table_entry *e)
{
	struct mod_cursor c = { .in = in, .big = big };
	uint32_t name = mod_cursor_u32(&c);
	uint8_t info;

	if (wide) {
		info = mod_cursor_u8(&c);
		mod_cursor_u8(&c); /* st_other */
		e->sec = mod_cursor_u16(&c);
		e->value = mod_cursor_u64(&c);
	} else {
		e->value = mod_cursor_u32(&c);
		mod_cursor_u32(&c); /* st_size */
		info = mod_cursor_u8(&c);
		mod_cursor_u8(&c); /* st_other */
		e->sec = mod_cursor_u16(&c);
	}
	e->bind = ELF64_ST_BIND(info);
	e->type = ELF64_ST_TYPE(info);
	return name;
}

/* Returns 0; 1 for a name that does not end in the table; -EBADMSG. */
static int read_next(struct mod_symbol_table *t,
		     struct mod_symbol_table_entry *e)
{
	bool wide = t->elf->wide, big = t->elf->big;
	uint32_t name;

	const uint8_t *at = mod_cursor_take(&t->cur, entry_bytes(t->elf));
	if (!at)
		return -EBADMSG;
	if (wide)
		name = read_entry((struct mod_bytes){ at, sizeof(Elf64_Sym) },
				  true, big, e);
	else
		name = read_entry((struct mod_bytes){ at, sizeof(Elf32_Sym) },
				  false, big, e);
	e->name = !name    ? ""
		: t->ended ? mod_bytes_ended_str(t->names, name)
			   : mod_bytes_str(t->names, name);
	return !e->name;
}

int mod_symbol_table_next(struct mod_symbol_table *t,
			  struct mod_symbol_table_entry *e)
{
	while (t->left > 0) {
		t->left--;
		int r = read_next(t, e);
		if (r <= 0)
			return r;
		if (mod_symbol_table_give_up(t->broken) < 0)
			return -EBADMSG;
	}
	return 1;
}
