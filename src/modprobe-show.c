/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-show.c - the symbol versions that a module needs, or exports. */
#include "src/modprobe.h"

#include "src/log.h"
#include "src/output.h"

#include <errno.h>
#include <inttypes.h>

typedef int symbols_fn(struct mod_module *module, mod_symbol_fn *fn,
		       void *data);

static int print_symbol(void *data, const struct mod_symbol *symbol)
{
	(void)data;
	output_fmt("0x%08" PRIx64 "\t%s\n", symbol->crc, symbol->name);
	return 0;
}

/* Returns 0; -ENODATA when there are none; or why they cannot be read. */
static int print_symbols(const struct modprobe *o,
			 const struct mod_target *target, symbols_fn *symbols)
{
	_module_ struct mod_module *module = NULL;
	const char *path = NULL;
	int r = mod_target_path(target, &path);

	if (r == 1)
		return -ENOENT;
	if (r == 0)
		r = mod_module_open(o->ctx, path, &module);
	if (r == 0)
		r = symbols(module, print_symbol, NULL);
	return r == 1 ? -ENODATA : r;
}

/* As kmod prints it; and the file and the reason, where they are known. */
static void complain(const struct modprobe *o, const char *what,
		     const struct mod_target *target, int error)
{
	const char *cause = tool_cause(mod_ctx_error(o->ctx), error);

	log_at(modprobe_level(o), "could not get %s of %s: %s%s%s%s", what,
	       mod_target_name(target),
	       tool_strerror(mod_ctx_error(o->ctx), error), cause ? " (" : "",
	       cause ? cause : "", cause ? ")" : "");
}

/* The status is that of the last module that the word means. */
static int show(const struct modprobe *o, const char *what, symbols_fn *symbols)
{
	_targets_ struct mod_targets *targets = NULL;
	int failed = 0;

	if (modprobe_find(o, 0, &targets) != 0)
		return 1;
	output_hide_controls(); /* modules are anybody's */
	for (size_t i = 0; i < mod_targets_count(targets); i++) {
		const struct mod_target *target = mod_targets_at(targets, i);
		failed = print_symbols(o, target, symbols);
		if (failed)
			complain(o, what, target, failed);
	}
	return failed != 0;
}

int modprobe_show_modversions(const struct modprobe *o)
{
	return show(o, "modversions", mod_module_versions_each);
}

int modprobe_show_exports(const struct modprobe *o)
{
	return show(o, "symbols", mod_module_exports_each);
}
