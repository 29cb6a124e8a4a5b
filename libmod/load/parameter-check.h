/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* parameter-check.h - whether a module has the parameters it would be given. */
#pragma once

#include "libmod/load/plan.h"

/* What is wrong with one.  The texts live during the call. */
struct mod_parameter_fault {
	const char *name, *value; /* value: or NULL */
	const char *type;         /* that it does not fit; NULL: unknown name */
	const char *nearest;      /* for that: the nearest real name, or NULL */
	const char *file; /* of the options line; NULL: the user's own */
	unsigned line;    /* 0: none */
};

typedef void mod_parameter_fault_fn(void *data,
				    const struct mod_parameter_fault *fault);

/* Calls fn for each.  A file that cannot be read has no faults: loading it will
 * tell.  Returns 0 or -ENOMEM.
 */
_check_ int mod_parameter_check(struct mod_ctx *ctx,
				const struct mod_step *step,
				mod_parameter_fault_fn *fn, void *data);
