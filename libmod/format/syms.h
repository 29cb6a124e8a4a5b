/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* syms.h - what a module exports, what it needs, and the CRCs of both.
 *
 * Names are lent by the ELF file's source.
 */
#pragma once

#include "libmod/format/elf.h"

struct mod_sym {
	const char *name;
	uint64_t crc; /* 0: none known */
	char bind;    /* 'U' undefined, 'W' weak undefined; 0 elsewhere */
};

struct mod_syms {
	struct mod_sym *at;
	size_t n, cap;
};

void mod_syms_fini(struct mod_syms *syms);

/* Exported symbols in symbol-table order: each "__crc_X" with the CRC it
 * stands for; when there is none, each string of __ksymtab_strings, CRC 0.
 * Returns 0; 1 when the module has neither (it exports nothing); -EBADMSG.
 */
_check_ int mod_syms_exports(const struct mod_elf *elf, struct mod_syms *out);

/* Records of __versions, then of __version_ext_crcs/_names (kernel 6.14 and
 * later) for names that __versions has not.  A leading '.' is dropped.
 * Returns 0; 1 when the module has none of these sections; -EBADMSG when a
 * size is no multiple of the record's or a name is not ended inside its field.
 */
_check_ int mod_syms_versions(const struct mod_elf *elf, struct mod_syms *out);

/* Undefined symbols in symbol-table order with the CRC that the module
 * expects, then the records of versions that no undefined symbol matched.
 * Returns 0; 1 without symbol table; -EBADMSG.
 */
_check_ int mod_syms_imports(const struct mod_elf *elf, struct mod_syms *out);
