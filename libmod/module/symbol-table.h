/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* symbol-table.h - from symbol to symbol of an ELF file's table. */
#pragma once

#include "libmod/base/cursor.h"
#include "libmod/module/elf.h"

struct mod_symbol_table {
	const struct mod_elf *elf;
	struct mod_cursor cur;
	struct mod_bytes names; /* .strtab */
	bool ended;             /* as a whole: all names are */
	size_t left;            /* entries */
	bool *broken;           /* see mod_symbol_table_give_up() */
};

struct mod_symbol_table_entry {
	const char *name;
	uint64_t value;
	uint16_t sec;
	uint8_t bind, type;
};

/* The table is corrupt: -EBADMSG.  Where the caller wants the rest (broken
 * is not NULL), it is noted there, and 0 returned.
 */
_check_ int mod_symbol_table_give_up(bool *broken);

/* Opens the table at its first symbol, or at the first one that is not local
 * (sh_info).  With broken, corrupt entries are skipped.  Returns 0; 1 when
 * there is no table; -EBADMSG; errors of the source.
 */
_check_ int mod_symbol_table_open(struct mod_symbol_table *walk,
				  const struct mod_elf *elf, bool globals,
				  bool *broken);

/* Returns 0, 1 at the end, -EBADMSG. */
_check_ int mod_symbol_table_next(struct mod_symbol_table *walk,
				  struct mod_symbol_table_entry *entry);
