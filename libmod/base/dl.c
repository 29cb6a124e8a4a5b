/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/dl.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

int mod_dl_open(const char *soname, const struct mod_dl_symbol *symbols)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

	if (!library)
		return -ENOSYS;
	for (; symbols->name; symbols++) {
		void *at = dlsym(library, symbols->name);
		if (!at) {
			dlclose(library);
			return -ENOSYS;
		}
		/* As bytes: the slot is a pointer to a function. */
		memcpy(symbols->slot, &at, sizeof at);
	}
	return 0;
}
