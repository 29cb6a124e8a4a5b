/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dl.h - a shared library that is loaded when it is first needed.
 *
 * MOD_DLOPEN_NOTE leaves a note in the binary that tells image builders and
 * packagers which library may be wanted.  Source of the note's format:
 * systemd.io/ELF_DLOPEN_METADATA: owner "FDO", type 0x407c0c0a, a JSON array.
 */
#pragma once

#include "libmod/base/cleanup.h"

struct mod_dl_symbol {
	const char *name;
	void **slot; /* where the address goes */
};

/* Loads soname and fills the slots of all symbols (list ends with a NULL
 * name), once; the library then stays.  Returns 0, -ENOSYS when the library or
 * a symbol is not there.
 */
_check_ int mod_dl_open(const char *soname,
			const struct mod_dl_symbol *symbols);
