/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* symbol-lines.h - the kernel's exported symbols, from System.map and from
 * Module.symvers.
 *
 * Works in place: each line is changed as it is read.
 */
#pragma once

#include "libmod/base/cleanup.h"

#include <stddef.h>
#include <stdint.h>

struct mod_symbol_lines {
	char *at;
	char *end; /* *end is writable and NUL */
	unsigned line;
};

void mod_symbol_lines_init(struct mod_symbol_lines *table, char *text,
			   size_t len);

/* The next symbol of System.map that is exported ("__ksymtab_X" gives X).
 * Returns 0; 1 at the end; -EINVAL for an invalid line.
 */
_check_ int mod_symbol_lines_map(struct mod_symbol_lines *table, char prefix,
				 const char **name);

/* The next symbol of Module.symvers that vmlinux exports.  0; 1 at the end;
 * -EINVAL for a line without a valid CRC.
 */
_check_ int mod_symbol_lines_symvers(struct mod_symbol_lines *table,
				     const char **name, uint64_t *crc);
