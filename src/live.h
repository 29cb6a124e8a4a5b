/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* live.h - the parameters of one module: what it says about them, what the
 * kernel has now, and which setting was the last.
 */
#pragma once

#include "src/parms.h"
#include "src/tool.h"

/* Nothing is NUL-terminated but value and file; what is not known is NULL. */
struct live_parm {
	const char *name, *type, *what;
	size_t name_len, type_len, what_len;
	char *own_name; /* owned: name, where nothing else holds it */
	char *value;    /* owned; what the kernel shows */
	int error;      /* why it could not be read: positive errno; or 0 */
	bool known;     /* the module says that it has it, or the kernel does */

	/* The setting that counts: of the last options line that names it. */
	const char *set; /* its value, within the line; NULL for none given */
	size_t set_len;
	const char *file; /* or "kernel command line"; NULL: not set */
	unsigned line;    /* 0 for that */
};

struct live {
	struct live_parm *at;
	size_t n, cap;
	int error; /* of something that was added */
};

/* Adds what the module says of a parameter to a struct live; for parms_each().
 */
void live_add_parm(void *data, const struct parm *parm);

/* Adds what the kernel shows, and then what the configuration sets.  Returns 0
 * or a negative errno of the library's.
 */
int live_read_kernel(struct live *live, struct mod_ctx *ctx, const char *name);
int live_read_config(struct live *live, struct mod_ctx *ctx, const char *name);

/* Is the present value another one than was set?  False where that cannot be
 * told.
 */
bool live_is_changed(const struct live_parm *parm);

void live_fini(struct live *live);
