/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* symbols.h - exported and imported symbols of a module, and their CRCs.
 *
 * Names are lent by the ELF file's source.  Tables are found by their section
 * names.  A symbol table whose size is no multiple of its entries', or with a
 * name that does not end inside .strtab, is broken.
 */
#pragma once

#include "libmod/libmod.h"
#include "libmod/module/elf.h"

struct mod_symbols {
	struct mod_symbol *at;
	size_t n, cap;
};

void mod_symbols_fini(struct mod_symbols *syms);

/* Exported symbols in symbol-table order: each "__crc_X" with its CRC (all ones
 * when that lies nowhere in the file); when there is none, each string of
 * __ksymtab_strings, CRC 0.  Those strings include the namespaces that symbols
 * are exported to; where the symbol table identifies them, they bear 'N'.
 * A file without any section __ksymtab... or __kcrctab... exports nothing: its
 * symbols, local ones too, need then not be read.
 * Returns 0; 1 when the module exports nothing; -EBADMSG; errors of the source.
 */
_check_ int mod_symbols_exports(const struct mod_elf *elf,
				struct mod_symbols *out);

/* Records of __versions, then of __version_ext_crcs/_names (kernel 6.14 and
 * later) for names that __versions has not.  A leading '.' is dropped.
 * Returns 0; 1 when the module has none of these sections; -EBADMSG when a
 * size is no multiple of the record's or a name is not ended inside its field,
 * or when there are fewer names than CRCs; errors of the source.
 */
_check_ int mod_symbols_versions(const struct mod_elf *elf,
				 struct mod_symbols *out);

/* Undefined symbols in symbol-table order with the CRC that the module
 * expects, then the records of versions that no undefined symbol matched.  A
 * leading '.' stays.
 * Returns 0; 1 without symbol table; -EBADMSG; errors of the source.
 */
_check_ int mod_symbols_imports(const struct mod_elf *elf,
				struct mod_symbols *out);

/* The same of a corrupt file: all that can be read.  An entry whose name does
 * not end where it should is skipped, and so is a __versions section of
 * invalid size; *broken is true when anything was skipped.
 */
_check_ int mod_symbols_exports_left(const struct mod_elf *elf,
				     struct mod_symbols *out, bool *broken);
_check_ int mod_symbols_imports_left(const struct mod_elf *elf,
				     struct mod_symbols *out, bool *broken);
