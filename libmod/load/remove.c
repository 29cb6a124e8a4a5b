/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/load/remove.h"

#include "libmod/ctx/error.h"
#include "libmod/sys/kernel.h"

#include <errno.h>
#include <string.h>

enum { LONGEST_PAUSE = 256 }; /* ms between two attempts */

static int delete (struct mod_ctx *ctx, const char *name, unsigned flags)
{
	int r = mod_kernel_delete(name, flags & MOD_RUN_FORCE_UNLOAD);

	if (r < 0)
		mod_error_set(ctx, MOD_ORIGIN_KERNEL, r, name,
			      "the kernel will not remove %s: %s", name,
			      strerror(-r));
	return r;
}

static uint64_t moment_after(uint64_t now, unsigned long ms)
{
	return ms > UINT64_MAX - now ? UINT64_MAX : now + ms;
}

/* With pauses that double up to the longest one, and shrink towards the end of
 * the time that there is.
 */
int mod_remove_module(struct mod_ctx *ctx, const char *name, unsigned flags,
		      unsigned long wait_ms)
{
	uint64_t until = 0, pause = 1;
	int r;

	while ((r = delete (ctx, name, flags)) == -EAGAIN && wait_ms) {
		uint64_t now = mod_kernel_now();

		if (!until)
			until = moment_after(now, wait_ms);
		if (now >= until)
			break;
		pause = pause * 2 > LONGEST_PAUSE ? LONGEST_PAUSE : pause * 2;
		while (pause > until - now)
			pause /= 2;
		mod_kernel_sleep_until(now + (pause ? pause : until - now));
	}
	return r;
}

int mod_remove(struct mod_ctx *ctx, const char *name, unsigned flags)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, mod_remove_module(ctx, name, flags, 0));
}

int mod_remove_wait(struct mod_ctx *ctx, const char *name, unsigned flags,
		    unsigned long wait_ms)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, mod_remove_module(ctx, name, flags, wait_ms));
}
