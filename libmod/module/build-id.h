/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* build-id.h - the build id in a module's ELF note.
 *
 * Three 32-bit numbers (bytes of name, bytes of content, type) in the file's
 * byte order, the name padded to four bytes, the content.  Source: elf(5).
 */
#pragma once

#include "libmod/module/elf.h"

/* The id is lent by the source, and may be empty.  Returns 0; 1 when there is
 * none or its note is not sound; errors of the source.
 */
_check_ int mod_build_id_read(const struct mod_elf *elf, struct mod_bytes *id);
