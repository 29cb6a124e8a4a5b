/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modinfo.h - what the parts of modinfo share. */
#pragma once

#include "src/tool.h"

struct modinfo_opts;

/* The jobs; each returns an exit status. */
struct modinfo_job {
	int (*file)(struct mod_ctx *ctx, const struct modinfo_opts *o,
		    const char *name, const char *path);
	int (*builtin)(struct mod_ctx *ctx, const struct modinfo_opts *o,
		       const char *name);
};

extern const struct modinfo_job modinfo_show;   /* the usual one */
extern const struct modinfo_job modinfo_json;   /* adds to opts.list */
extern const struct modinfo_job modinfo_verify; /* adds to it where it is */
extern const struct modinfo_job modinfo_live;   /* likewise */

struct modinfo_opts {
	const struct modinfo_job *job;
	const char *field;          /* the only one wanted, or NULL */
	const char *release, *root; /* or NULL */
	bool names_only; /* operands are names, neither paths nor aliases */
	char end;        /* of a record: LF or NUL */
	bool json;
	unsigned threads;      /* 0: as many as pay off */
	struct js *list;       /* JSON: what this operand means; else NULL */
	const char **keyrings; /* as --keyring has them; owned, or NULL */
	size_t keyring_count, keyring_cap;
	struct mod_keyring *keyring; /* for the job of --verify; owned */
	char *const *operands;
	size_t count; /* of operands */
};

/* Fills *o; returns TOOL_GOES_ON or the exit status. */
int modinfo_parse(struct modinfo_opts *o, int argc, char **argv);

/* Is any field of the signature asked for? */
bool modinfo_wants_signature(const struct modinfo_opts *o);

/* Shows the parameters of a part of the kernel that is no module, such as
 * printk.  Returns the exit status, or -1 when there is no such part.
 */
int modinfo_live_part(struct mod_ctx *ctx, const struct modinfo_opts *o,
		      const char *name);

/* Reports that a file has no .modinfo section.  Returns the exit status, 1. */
int modinfo_no_section(const char *name, const char *path);

/* Reads the certificates for --verify: by default those of the kernel and of
 * the system.  Returns 0, or the exit status 1 (reported).
 */
MOD_MUST_CHECK int modinfo_read_keyrings(struct mod_ctx *ctx,
					 struct modinfo_opts *o);

/* Lower-case digits and nothing between them; NULL when memory ran out, which
 * js_put() takes note of.
 */
struct js *modinfo_hex(const void *bytes, size_t len);

/* Reports that a module could not be read, and why: name is the module's, error
 * the library's last.  Returns the exit status, 1.
 */
int modinfo_could_not(const struct mod_ctx *ctx, const char *name, int error);
