/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* output-index.h - the outputs that are indexes; called through output.h. */
#pragma once

#include "libmod/depmod/output-text.h"

_check_ int mod_output_index_dep(const struct mod_graph *graph,
				 const struct mod_output_input *input,
				 struct mod_str *out);
_check_ int mod_output_index_alias(const struct mod_graph *graph,
				   const struct mod_output_input *input,
				   struct mod_str *out);
_check_ int mod_output_index_symbols(const struct mod_graph *graph,
				     const struct mod_output_input *input,
				     struct mod_str *out);
_check_ int mod_output_index_builtin(const struct mod_graph *graph,
				     const struct mod_output_input *input,
				     struct mod_str *out);
_check_ int mod_output_index_builtin_alias(const struct mod_graph *graph,
					   const struct mod_output_input *input,
					   struct mod_str *out);
