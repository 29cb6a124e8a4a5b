/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* output-text.h - the outputs that are text, and the functions shared with the
 * indexes; called through output.h.
 */
#pragma once

#include "libmod/base/str.h"
#include "libmod/depmod/graph.h"

/* The inputs beside the graph, and the receiver of warnings. */
struct mod_output_input {
	const char *builtin; /* text of modules.builtin, or NULL */
	size_t builtin_len;
	const char
		*builtin_info; /* bytes of modules.builtin.modinfo, or NULL */
	size_t builtin_info_len;
	bool warn_duplicates; /* of an alias that a module has twice */
	void (*warn)(void *data, int level, const char *text);
	void *data;
};

_check_ int mod_output_text_dep(const struct mod_graph *graph,
				const struct mod_output_input *input,
				struct mod_str *out);
_check_ int mod_output_text_alias(const struct mod_graph *graph,
				  const struct mod_output_input *input,
				  struct mod_str *out);
_check_ int mod_output_text_softdep(const struct mod_graph *graph,
				    const struct mod_output_input *input,
				    struct mod_str *out);
_check_ int mod_output_text_weakdep(const struct mod_graph *graph,
				    const struct mod_output_input *input,
				    struct mod_str *out);
_check_ int mod_output_text_symbols(const struct mod_graph *graph,
				    const struct mod_output_input *input,
				    struct mod_str *out);
_check_ int mod_output_text_devname(const struct mod_graph *graph,
				    const struct mod_output_input *input,
				    struct mod_str *out);

void mod_output_text_warn(const struct mod_output_input *input, const char *fmt,
			  ...) __attribute__((format(printf, 2, 3)));
bool mod_output_text_is_clean(const struct mod_output_input *input,
			      const struct mod_graph_module *module,
			      const char *text, size_t len);
void mod_output_text_dep_line(const struct mod_graph *graph, uint32_t i,
			      struct mod_str *out);
