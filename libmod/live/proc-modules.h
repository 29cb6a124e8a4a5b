/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* proc-modules.h - the lines of /proc/modules.
 *
 * NAME SIZE COUNT HOLDERS STATE ADDRESS [(TAINTS)]
 * Works in place.  Source: kernel/module/procfs.c, m_show().
 */
#pragma once

#include "libmod/base/cleanup.h"

#include <stdbool.h>
#include <stdint.h>

struct mod_proc_module {
	char *name;
	uint64_t size; /* bytes */
	long count;    /* users; -1 while it goes away */
	bool counted;  /* false: the kernel was built without unloading */
	bool permanent;
	char *holders; /* "a,b", no comma at the end; "" for none */
	char *state;   /* "Live", "Loading", "Unloading" */
	char *taints;  /* letters; "" for none */
};

/* Takes one line (until LF or NUL) off *text.  Returns 0; 1 at the end;
 * -EBADMSG for an invalid line, an empty one too (the caller skips it).
 */
_check_ int mod_proc_modules_next(char **text, struct mod_proc_module *mod);
