/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* publish.h - all of depmod's outputs made, then put in place together. */
#pragma once

#include "libmod/ctx/ctx.h"
#include "libmod/depmod/output.h"

struct mod_publish {
	const char *dir; /* where the files go */
	bool no_sync;    /* do not wait for the disk */
	unsigned threads;
	/* If set, hears the text outputs, and nothing is written. */
	void (*show)(void *data, const char *text, size_t len);
	void *data;
};

/* What input->warn would report goes to ctx, whichever thread had to say it, in
 * the order of the outputs.  Returns 0 or -errno, told to ctx.
 */
_check_ int mod_publish(struct mod_ctx *ctx, const struct mod_graph *graph,
			const struct mod_output_input *input,
			const struct mod_publish *to);
