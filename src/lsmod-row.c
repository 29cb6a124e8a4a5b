/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lsmod-row.c - the usual table, row by row. */
#include "src/log.h"
#include "src/lsmod.h"
#include "src/output.h"

#include <stdint.h>
#include <string.h>

static void pad(size_t used, size_t width)
{
	if (used < width)
		output_spaces(width - used);
}

/* The digits of n, in the end of buf. */
static const char *digits(uint64_t n, char buf[24])
{
	char *at = &buf[23];

	*at = '\0';
	do
		*--at = (char)('0' + n % 10);
	while (n /= 10);
	return at;
}

void lsmod_header(void)
{
	output_text("Module                  Size  Used by\n");
}

/* "%-19s %8ld  %d" and, for holders, a space before them.  The kernel that
 * cannot unload modules counts nothing: "-", as in /proc/modules.
 */
void lsmod_row(const char *name, uint64_t bytes, long count,
	       const char *holders)
{
	char buf[24];

	output_text(name);
	pad(strlen(name), 19);
	const char *size = digits(bytes, buf);
	output_spaces(1);
	pad(strlen(size), 8);
	output_text(size);
	output_text(count < 0 ? "  -" : "  ");
	if (count == -1)
		output_text("1");
	else if (count >= 0)
		output_text(digits((uint64_t)count, buf));
	if (*holders) {
		output_spaces(1);
		output_text(holders);
	}
	output_text("\n");
}

int lsmod_could_not(const struct mod_ctx *ctx, int error)
{
	log_error("%s", mod_error_message(mod_ctx_error(ctx)));
	return log_error("could not get list of modules: %s",
			 tool_strerror(mod_ctx_error(ctx), error));
}
