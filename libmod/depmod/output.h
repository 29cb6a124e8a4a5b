/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* output.h - from a graph to the bytes of each of depmod's outputs. */
#pragma once

#include "libmod/base/str.h"
#include "libmod/depmod/graph.h"

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

/* What else is needed, and who hears of what is left out. */
struct mod_write_input {
	const char *builtin; /* text of modules.builtin, or NULL */
	size_t builtin_len;
	const char
		*builtin_info; /* bytes of modules.builtin.modinfo, or NULL */
	size_t builtin_info_len;
	bool warn_duplicates; /* of an alias that a module has twice */
	void (*warn)(void *data, int level, const char *text);
	void *data;
};

/* "modules.dep" ... */
const char *mod_output_name(enum mod_output output);

/* True for those that people and scripts read: what -n shows. */
bool mod_output_is_text(enum mod_output output);

/* Appends one output to out.  Returns 0; -E2BIG for an index past what its
 * offsets reach; -ENOMEM.
 */
_check_ int mod_write(const struct mod_graph *graph,
		      const struct mod_write_input *input,
		      enum mod_output output, struct mod_str *out);
