/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* publish.h - all of depmod's outputs made, then put in place together. */
#pragma once

#include "libmod/ctx/ctx.h"
#include "libmod/depmod/output.h"

struct mod_publish {
	const char *dir; /* where the files go */
	bool no_sync;    /* do not wait for the disk */
	unsigned threads;
	/* If set, gets the text outputs, and nothing is written. */
	void (*show)(void *data, const char *text, size_t len);
	void *data;
};

/* The warnings for input->warn go to ctx, whichever thread reported them, in
 * the order of the outputs.  Returns 0 or -errno, set in ctx.
 */
_check_ int mod_publish(struct mod_ctx *ctx, const struct mod_graph *graph,
			const struct mod_output_input *input,
			const struct mod_publish *to);
