/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* config.h - the lines of modprobe.d, of the tree's modules.softdep and of the
 * kernel command line, as one list of rules for each kind of line.
 *
 * Read when first asked for, and only as far as needed: the command line for
 * options, blacklists and masks, modules.softdep and .weakdep for those two.
 */
#pragma once

#include "libmod/config/lines.h"
#include "libmod/ctx/ctx.h"

/* In place of a file's name. */
#define MOD_CONFIG_CMDLINE "kernel command line"

struct mod_rule {
	const struct mod_rule *next;
	enum mod_line_kind kind;
	const char *name; /* module, or pattern where the kind allows one;
			   * policy: its word */
	const char *text; /* alias: target; options, commands, words; or NULL */
	const char *file; /* or MOD_CONFIG_CMDLINE */
	unsigned line;    /* 0 for the kernel command line */
	bool kmod_ignores; /* kmod does not apply this line */
};

/* The rules of a kind in order: files by name, then the kernel command line.
 * *first is NULL when there is none.
 */
_check_ int mod_config_rules(struct mod_ctx *ctx, enum mod_line_kind kind,
			     const struct mod_rule **first);

/* The kernel command line, in the context's arena.  Returns 0; 1 when there is
 * none; -errno.
 */
_check_ int mod_config_cmdline(struct mod_ctx *ctx, char **text, size_t *len);

/* What the tree itself brings: modules.softdep, modules.weakdep. */
_check_ int mod_config_shipped(struct mod_ctx *ctx, enum mod_line_kind kind,
			       const struct mod_rule **first);
