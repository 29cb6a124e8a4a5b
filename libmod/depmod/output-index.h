/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* output-index.h - the outputs that are indexes; called through write.h. */
#pragma once

#include "libmod/depmod/output.h"

_check_ int mod_write_dep_bin(const struct mod_graph *graph,
			      const struct mod_write_input *input,
			      struct mod_str *out);
_check_ int mod_write_alias_bin(const struct mod_graph *graph,
				const struct mod_write_input *input,
				struct mod_str *out);
_check_ int mod_write_symbols_bin(const struct mod_graph *graph,
				  const struct mod_write_input *input,
				  struct mod_str *out);
_check_ int mod_write_builtin_bin(const struct mod_graph *graph,
				  const struct mod_write_input *input,
				  struct mod_str *out);
_check_ int mod_write_builtin_alias_bin(const struct mod_graph *graph,
					const struct mod_write_input *input,
					struct mod_str *out);

/* ---- what the text and the binary outputs share */

void mod_write_warn(const struct mod_write_input *input, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool mod_write_is_clean(const struct mod_write_input *input,
			const struct mod_graph_module *module, const char *text,
			size_t len);
void mod_write_dep_line(const struct mod_graph *graph, uint32_t i,
			struct mod_str *out);
