/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/publish.h"

#include "libmod/base/parallel.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/sys/replace.h"

#include <errno.h>
#include <string.h>

/* Written by any thread; its messages wait until all are done. */
struct output {
	struct mod_str bytes;
	struct mod_str messages; /* a level and a text with its NUL, each */
	int r;
};

struct writing {
	const struct mod_graph *graph;
	const struct mod_output_input *input;
	bool texts_only;
	struct mod_replacing *files; /* where they go at once; or NULL */
	struct output *outputs;
};

/* modules.dep.bin last: a module is known as soon as that lists it. */
static size_t place_of(enum mod_output which)
{
	return ((size_t)which + MOD_OUTPUTS - MOD_OUTPUT_DEP_BIN - 1) %
		MOD_OUTPUTS;
}

static void keep_message(void *data, int level, const char *text)
{
	struct output *output = data;

	mod_str_addn(&output->messages, &(char){ (char)level }, 1);
	mod_str_addn(&output->messages, text, strlen(text) + 1);
}

static void log_kept(struct mod_ctx *ctx, const struct mod_str *messages)
{
	for (size_t at = 0; at < messages->len;
	     at += 2 + strlen(messages->at + at + 1))
		mod_log(ctx, messages->at[at], "%s", messages->at + at + 1);
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
	struct mod_output_input input = *writing->input;

	(void)worker;
	input.warn = keep_message;
	input.data = output;
	if (writing->texts_only && !mod_output_is_text(which))
		return;
	output->r =
		mod_output_write(writing->graph, &input, which, &output->bytes);
	if (!writing->files)
		return;
	if (output->r == 0)
		mod_replace_put(
			writing->files, place_of(which),
			(struct mod_bytes){ (const uint8_t *)output->bytes.at,
					    output->bytes.len });
	mod_str_fini(&output->bytes);
}

static int write_all(struct mod_ctx *ctx, struct writing *writing,
		     unsigned threads)
{
	int r = 0;

	mod_parallel(threads, MOD_OUTPUTS, write_one, writing);
	for (int i = 0; i < MOD_OUTPUTS && r == 0; i++) {
		const char *name = mod_output_name((enum mod_output)i);
		const struct output *output = &writing->outputs[i];
		log_kept(ctx, &output->messages);
		r = output->messages.bad ? -ENOMEM : output->r;
		if (r == -E2BIG)
			mod_error_set(ctx, MOD_ORIGIN_FILE, r, name,
				      "%s would be larger than an index can be",
				      name);
	}
	return r;
}

static int could_not(struct mod_ctx *ctx, int r, const struct mod_publish *to,
		     const char *which)
{
	return mod_error_set(ctx, MOD_ORIGIN_FILE, r, which ? which : to->dir,
			     "%s%s%s could not be written: %s", to->dir,
			     which ? "/" : "", which ? which : "",
			     strerror(-r));
}

/* Each is written as soon as it is made. */
static int replace(struct mod_ctx *ctx, const struct mod_publish *to,
		   struct writing *writing)
{
	const char *names[MOD_OUTPUTS], *which;
	struct mod_replacing files;

	for (int i = 0; i < MOD_OUTPUTS; i++)
		names[place_of((enum mod_output)i)] =
			mod_output_name((enum mod_output)i);
	int begun = mod_replace_begin(&files, to->dir, names, MOD_OUTPUTS,
				      !to->no_sync, to->threads, &which);
	writing->files = begun == 0 ? &files : NULL;
	/* Also on failure, because write_all() reports warnings of its own. */
	int r = write_all(ctx, writing, to->threads);
	int s = begun;
	if (begun == 0)
		s = mod_replace_end(&files, r == 0, &which);
	return r == 0 && s < 0 ? could_not(ctx, s, to, which) : r;
}

static int show(struct mod_ctx *ctx, const struct mod_publish *to,
		struct writing *writing)
{
	int r = write_all(ctx, writing, to->threads);

	for (int i = 0; i < MOD_OUTPUTS && r == 0; i++)
		if (writing->outputs[i].bytes.len)
			to->show(to->data, writing->outputs[i].bytes.at,
				 writing->outputs[i].bytes.len);
	return r;
}

int mod_publish(struct mod_ctx *ctx, const struct mod_graph *graph,
		const struct mod_output_input *input,
		const struct mod_publish *to)
{
	struct output outputs[MOD_OUTPUTS] = { 0 };
	struct writing writing = { .graph = graph,
				   .input = input,
				   .texts_only = to->show != NULL,
				   .outputs = outputs };

	int r = to->show ? show(ctx, to, &writing) : replace(ctx, to, &writing);
	for (int i = 0; i < MOD_OUTPUTS; i++) {
		mod_str_fini(&outputs[i].bytes);
		mod_str_fini(&outputs[i].messages);
	}
	return r;
}
