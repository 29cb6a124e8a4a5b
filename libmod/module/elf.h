/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* elf.h - the sections of a module's ELF file.
 *
 * Both classes, both byte orders, any machine and type.  Only the headers and
 * the section-name table are read at first; a section's bytes are asked for
 * when they are wanted.  Names point into the source's bytes and live as long
 * as the source does.  Source: elf(5).
 */
#pragma once

#include "libmod/base/source.h"

struct mod_elf {
	struct mod_source *src;
	struct mod_bytes headers; /* section headers */
	struct mod_bytes names;   /* section-name string table */
	uint64_t sec_off;         /* section headers, from start of file */
	size_t sec_count;
	uint16_t type;    /* ET_* */
	uint16_t machine; /* EM_* */
	bool wide;        /* ELFCLASS64 */
	bool big;         /* ELFDATA2MSB */
};

struct mod_sec {
	const char *name; /* "" when it lies outside of the name table */
	size_t index;
	uint32_t type; /* SHT_* */
	uint32_t link; /* index of a related section */
	uint32_t info;
	uint64_t flags;
	uint64_t off, len; /* bytes; checked only when they are read */
};

/* Returns 0; -ENOEXEC when the bytes are no ELF file (16 bytes or fewer, or
 * another magic); -EBADMSG when they begin as one and then break the format: a
 * class, byte order or header size that does not exist, section headers or the
 * name table outside the file, e_shstrndx that names no section, a name table
 * that is empty or does not end in NUL; errors of the source.  The extended
 * numbering of ELF (e_shnum 0, e_shstrndx SHN_XINDEX) is understood.
 */
_check_ int mod_elf_open(struct mod_elf *elf, struct mod_source *src);

/* The header of section i, counted from 0.  Returns 0 or -EBADMSG. */
_check_ int mod_elf_sec(const struct mod_elf *elf, size_t i,
			struct mod_sec *sec);

/* The first section so named whose range lies inside the file (others are
 * skipped).  Returns 0; 1 when there is none; errors of the source.
 */
_check_ int mod_elf_find(const struct mod_elf *elf, const char *name,
			 struct mod_sec *sec);

/* The bytes of a section; empty for SHT_NOBITS.  0, -EBADMSG, or errors of the
 * source.
 */
_check_ int mod_elf_data(const struct mod_elf *elf, const struct mod_sec *sec,
			 struct mod_bytes *data);

/* The bytes of two sections, in one reading if the second follows the first. */
_check_ int mod_elf_data_of_two(const struct mod_elf *elf,
				const struct mod_sec *first,
				const struct mod_sec *second,
				struct mod_bytes *first_data,
				struct mod_bytes *second_data);

/* find and data in one.  Returns 0, 1 when there is none, -EBADMSG, ... */
_check_ int mod_elf_find_data(const struct mod_elf *elf, const char *name,
			      struct mod_bytes *data);
