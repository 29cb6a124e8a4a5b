/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/act/publish.h"

#include "libmod/base/parallel.h"
#include "libmod/sys/replace.h"

#include <errno.h>
#include <string.h>

/* Written by any thread; what it has to say waits until all are done. */
struct output {
	struct mod_str bytes;
	struct mod_str said; /* a level and a text with its NUL, each */
	int r;
};

struct writing {
	const struct mod_graph *graph;
	const struct mod_write_input *input;
	bool texts_only;
	struct output *outputs;
};

static void keep_said(void *data, int level, const char *text)
{
	struct output *output = data;

	mod_str_addn(&output->said, &(char){ (char)level }, 1);
	mod_str_addn(&output->said, text, strlen(text) + 1);
}

static void say_kept(struct mod_ctx *ctx, const struct mod_str *said)
{
	for (size_t at = 0; at < said->len; at += 2 + strlen(said->at + at + 1))
		mod_say(ctx, said->at[at], "%s", said->at + at + 1);
}

/* Those that take long are begun first. */
static const enum mod_output by_size[MOD_OUTPUTS] = {
	MOD_OUTPUT_ALIAS_BIN,   MOD_OUTPUT_SYMBOLS_BIN,
	MOD_OUTPUT_SYMBOLS,     MOD_OUTPUT_ALIAS,
	MOD_OUTPUT_DEP_BIN,     MOD_OUTPUT_DEP,
	MOD_OUTPUT_BUILTIN_BIN, MOD_OUTPUT_BUILTIN_ALIAS_BIN,
	MOD_OUTPUT_SOFTDEP,     MOD_OUTPUT_WEAKDEP,
	MOD_OUTPUT_DEVNAME,
};

static void write_one(void *data, unsigned worker, size_t item)
{
	const struct writing *writing = data;
	enum mod_output which = by_size[item];
	struct output *output = &writing->outputs[which];
	struct mod_write_input input = *writing->input;

	(void)worker;
	input.warn = keep_said;
	input.data = output;
	if (!writing->texts_only || mod_output_is_text(which))
		output->r = mod_write(writing->graph, &input, which,
				      &output->bytes);
}

static int write_all(struct mod_ctx *ctx, struct writing *writing,
		     unsigned threads)
{
	int r = 0;

	mod_parallel(threads, MOD_OUTPUTS, write_one, writing);
	for (int i = 0; i < MOD_OUTPUTS && r == 0; i++) {
		const char *name = mod_output_name((enum mod_output)i);
		const struct output *output = &writing->outputs[i];
		say_kept(ctx, &output->said);
		r = output->said.bad ? -ENOMEM : output->r;
		if (r == -E2BIG)
			mod_fail(ctx, MOD_ORIGIN_FILE, r, name,
				 "%s would be larger than an index can be",
				 name);
	}
	return r;
}

static int replace(struct mod_ctx *ctx, const struct mod_publish *to,
		   const struct output outputs[MOD_OUTPUTS])
{
	struct mod_replacement files[MOD_OUTPUTS];
	const char *which;

	/* modules.dep.bin last: it is what makes a module known. */
	for (int i = 0; i < MOD_OUTPUTS; i++) {
		int from = (i + MOD_OUTPUT_DEP_BIN + 1) % MOD_OUTPUTS;
		files[i] = (struct mod_replacement){
			mod_output_name((enum mod_output)from),
			{ (const uint8_t *)outputs[from].bytes.at,
			  outputs[from].bytes.len },
		};
	}
	int r = mod_replace_all(to->dir, files, MOD_OUTPUTS, !to->no_sync,
				&which);
	if (r == 0)
		return 0;
	return mod_fail(ctx, MOD_ORIGIN_FILE, r, which ? which : to->dir,
			"%s%s%s could not be written: %s", to->dir,
			which ? "/" : "", which ? which : "", strerror(-r));
}

int mod_publish(struct mod_ctx *ctx, const struct mod_graph *graph,
		const struct mod_write_input *input,
		const struct mod_publish *to)
{
	struct output outputs[MOD_OUTPUTS] = { 0 };
	struct writing writing = { graph, input, to->show != NULL, outputs };

	int r = write_all(ctx, &writing, to->threads);
	for (int i = 0; i < MOD_OUTPUTS && r == 0 && to->show; i++)
		if (outputs[i].bytes.len)
			to->show(to->data, outputs[i].bytes.at,
				 outputs[i].bytes.len);
	if (r == 0 && !to->show)
		r = replace(ctx, to, outputs);
	for (int i = 0; i < MOD_OUTPUTS; i++) {
		mod_str_fini(&outputs[i].bytes);
		mod_str_fini(&outputs[i].said);
	}
	return r;
}
