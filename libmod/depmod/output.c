/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/output.h"

#include "libmod/depmod/output-index.h"
#include "libmod/depmod/output-text.h"

#include <errno.h>

typedef int write_fn(const struct mod_graph *graph,
		     const struct mod_output_input *input, struct mod_str *out);

static const struct {
	const char *name;
	write_fn *write;
	bool text;
} outputs[MOD_OUTPUTS] = {
	[MOD_OUTPUT_DEP] = { "modules.dep", mod_output_text_dep, true },
	[MOD_OUTPUT_DEP_BIN] = { "modules.dep.bin", mod_output_index_dep,
				 false },
	[MOD_OUTPUT_ALIAS] = { "modules.alias", mod_output_text_alias, true },
	[MOD_OUTPUT_ALIAS_BIN] = { "modules.alias.bin", mod_output_index_alias,
				   false },
	[MOD_OUTPUT_SOFTDEP] = { "modules.softdep", mod_output_text_softdep,
				 true },
	[MOD_OUTPUT_WEAKDEP] = { "modules.weakdep", mod_output_text_weakdep,
				 true },
	[MOD_OUTPUT_SYMBOLS] = { "modules.symbols", mod_output_text_symbols,
				 true },
	[MOD_OUTPUT_SYMBOLS_BIN] = { "modules.symbols.bin",
				     mod_output_index_symbols, false },
	[MOD_OUTPUT_BUILTIN_BIN] = { "modules.builtin.bin",
				     mod_output_index_builtin, false },
	[MOD_OUTPUT_BUILTIN_ALIAS_BIN] = { "modules.builtin.alias.bin",
					   mod_output_index_builtin_alias,
					   false },
	[MOD_OUTPUT_DEVNAME] = { "modules.devname", mod_output_text_devname,
				 true },
};

const char *mod_output_name(enum mod_output output)
{
	return outputs[output].name;
}

bool mod_output_is_text(enum mod_output output)
{
	return outputs[output].text;
}

int mod_output_write(const struct mod_graph *graph,
		     const struct mod_output_input *input,
		     enum mod_output output, struct mod_str *out)
{
	int r = outputs[output].write(graph, input, out);

	return r == 0 && out->bad ? -ENOMEM : r;
}
