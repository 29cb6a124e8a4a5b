/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* output.h - from a graph to the bytes of each of depmod's outputs. */
#pragma once

#include "libmod/depmod/output-text.h"

enum mod_output {
	MOD_OUTPUT_DEP,
	MOD_OUTPUT_DEP_BIN,
	MOD_OUTPUT_ALIAS,
	MOD_OUTPUT_ALIAS_BIN,
	MOD_OUTPUT_SOFTDEP,
	MOD_OUTPUT_WEAKDEP,
	MOD_OUTPUT_SYMBOLS,
	MOD_OUTPUT_SYMBOLS_BIN,
	MOD_OUTPUT_BUILTIN_BIN,
	MOD_OUTPUT_BUILTIN_ALIAS_BIN,
	MOD_OUTPUT_DEVNAME,
	MOD_OUTPUTS,
};

/* "modules.dep" ... */
const char *mod_output_name(enum mod_output output);

/* True for those that people and scripts read: what -n shows. */
bool mod_output_is_text(enum mod_output output);

/* Appends one output to out.  Returns 0; -E2BIG for an index past what its
 * offsets reach; -ENOMEM.
 */
_check_ int mod_output_write(const struct mod_graph *graph,
			     const struct mod_output_input *input,
			     enum mod_output output, struct mod_str *out);
