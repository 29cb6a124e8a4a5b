/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* parameter-values.h - the parameters of one module: their descriptions,
 * their present values, and the settings that gave them.
 */
#pragma once

#include "src/parameters.h"
#include "src/tool.h"

/* Nothing is NUL-terminated but value; unknown members are NULL. */
struct parameter_value {
	const char *name, *type, *what;
	size_t name_len, type_len, what_len;
	char *own_name; /* owned: name, where nothing else holds it */
	char *value;    /* owned; what the kernel shows */
	int error;      /* why it could not be read: positive errno; or 0 */
	bool known;     /* the module declares it, or the kernel has it */

	/* The setting that counts: of the last options line that names it. */
	const char *set; /* its value, within the line; NULL for none given */
	size_t set_len;
	const struct mod_rule *rule; /* NULL: not set */
};

struct parameter_values {
	struct parameter_value *at;
	size_t n, cap;
	int error; /* of something that was added */
};

/* Adds the module's declaration of a parameter to a struct parameter_values;
 * for parameters_each().
 */
void parameter_values_add(void *data, const struct parameter *parm);

/* Adds what the kernel shows, and then what the configuration sets.  Returns 0
 * or a negative errno of the library's.
 */
int parameter_values_read_kernel(struct parameter_values *live,
				 struct mod_ctx *ctx, const char *name);
int parameter_values_read_config(struct parameter_values *live,
				 struct mod_ctx *ctx, const char *name);

/* Is the present value another one than was set?  False where that is not
 * known.
 */
bool parameter_values_is_changed(const struct parameter_value *parm);

void parameter_values_fini(struct parameter_values *live);
