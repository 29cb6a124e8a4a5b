/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tool.h - what every tool is made of, and the owners it uses.
 *
 * A tool parses its arguments, calls the library and prints.  It prints by
 * output.h, reports errors by log.h, and returns its exit status; src/kmod.c
 * holds the table of all tools and closes standard output after them.
 */
#pragma once

#include "libmod/libmod.h"
#include "src/options.h"

#include <stdbool.h>

struct tool {
	const char *name;
	int (*run)(int argc, char **argv); /* returns the exit status, 0 or 1 */
	const char *what;                  /* one line for `kmod help` */
};

extern const struct tool tool_depmod;
extern const struct tool tool_insmod;
extern const struct tool tool_lsmod;
extern const struct tool tool_modinfo;
extern const struct tool tool_modprobe;
extern const struct tool tool_rmmod;
extern const struct tool tool_sign;
extern const struct tool tool_static_nodes;

/* What a tool's option parser returns when there is work left to do; otherwise
 * it returns the exit status (0 after --help and --version, 1 after a mistake).
 */
enum { TOOL_GOES_ON = -1 };

/* What -s, -v, -V and -h mean everywhere, for the `default:` of an option
 * parser.  c is the code that options_next() returned.
 */
int tool_option(int c, const struct options *options);

/* Prints the version: "kmod version 34", the features, our own name.  Returns
 * the exit status, 0.
 */
int tool_version(void);

/* Prints the help text.  Returns the exit status, 0. */
int tool_help(const struct options *options);

/* The tool's context, whose messages go to log_from_library(); one in a
 * process.  *out is set on success only. Returns 0, or the exit status 1 when
 * memory ran out (reported).
 */
MOD_MUST_CHECK int tool_ctx(struct mod_ctx **out);

/* The text after the last '/', or all of it. */
const char *tool_basename(const char *path);

/* Decimal digits and nothing else.  False when it is no such number or too
 * large; *n is set on success only.
 */
bool tool_number(const char *text, unsigned long *n);

/* The number of --jobs.  TOOL_GOES_ON, or 1 when it is none. */
int tool_jobs(const char *text, unsigned *threads);

/* Does it end in ".ko", ".ko.gz", ".ko.xz" or ".ko.zst", with something before?
 */
bool tool_is_module_name(const char *path);

/* Module parameters as the kernel takes them: joined by spaces, a value with a
 * space put in double quotes unless it has quotes of its own.  params ends with
 * NULL.  Returns text to be freed, or NULL when memory ran out.
 */
MOD_MUST_CHECK char *tool_join_params(char *const *params);

/* The positive errno that kmod has for a failure: numbers that only the library
 * uses are put back.  r is a negative errno from the library, and error the
 * context's.
 */
int tool_errno(const struct mod_error *error, int r);

/* Its text. */
const char *tool_strerror(const struct mod_error *error, int r);

/* The library's message, when a file is corrupt or this build cannot read it
 * and the text above does not mention that; else NULL.
 */
const char *tool_cause(const struct mod_error *error, int r);

#define TOOL_OWNER(type, name)                                                 \
	static inline void tool_##name##_freep(struct mod_##type **owned)      \
	{                                                                      \
		mod_##type##_free(*owned);                                     \
	}
TOOL_OWNER(ctx, ctx)
TOOL_OWNER(targets, targets)
TOOL_OWNER(plan, plan)
TOOL_OWNER(module, module)

/* `_ctx_ struct mod_ctx *ctx = NULL;` is freed when its scope ends. */
#define _ctx_ __attribute__((cleanup(tool_ctx_freep)))
#define _targets_ __attribute__((cleanup(tool_targets_freep)))
#define _plan_ __attribute__((cleanup(tool_plan_freep)))
#define _module_ __attribute__((cleanup(tool_module_freep)))
