/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-insert.c - modprobe NAME, what modules-load.d lists, and what a name
 * means (-R).
 */
#include "src/modprobe.h"

#include "libmod/base/grow.h"
#include "src/log.h"
#include "src/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static enum modprobe_outcome insert_one(const struct modprobe *o,
					const struct mod_target *target,
					const char *options)
{
	const struct mod_run_opts opts = modprobe_run_opts(o);
	_plan_ struct mod_plan *plan = NULL;
	enum modprobe_outcome outcome;

	if (modprobe_plan(o, target, options, &plan, &outcome) != 0)
		return outcome;
	int r = mod_plan_run(o->ctx, plan, &opts);
	if (r < 0)
		modprobe_complain(o, plan, target, mod_ctx_error(o->ctx));
	return r < 0 ? MODPROBE_FAILED : MODPROBE_LOADED;
}

/* All modules that a word means are tried. */
static int insert_word(const struct modprobe *all, size_t i,
		       const char *options)
{
	struct modprobe one = *all;
	const struct modprobe *o = &one;
	_targets_ struct mod_targets *targets = NULL;
	int seen[MODPROBE_FAILED + 1] = { 0 };

	one.asked = o->words[i];
	int r = modprobe_find(o, i, &targets);
	if (r != 0)
		return r > 0;
	for (size_t t = 0; t < mod_targets_count(targets); t++)
		seen[insert_one(o, mod_targets_at(targets, t), options)]++;
	return modprobe_failed(seen);
}

int modprobe_insert(const struct modprobe *o)
{
	int failed = 0;

	if (o->all && o->json)
		return modprobe_json_words(o, "");
	if (o->all && o->threads > 1)
		return modprobe_insert_all(o);
	if (o->all) {
		for (size_t i = 0; i < o->word_count; i++)
			failed |= insert_word(o, i, "");
		return failed;
	}
	if (o->word_count == 1 &&
	    !o->json) /* as the kernel calls: nothing to allocate */
		return insert_word(o, 0, "");
	char *options = tool_join_params(o->words + 1);
	if (!options)
		return log_error("out of memory");
	failed = o->json ? modprobe_json_words(o, options)
			 : insert_word(o, 0, options);
	free(options);
	return failed;
}

struct names {
	char **at;
	size_t n, cap;
};

static int add_name(void *data, const struct mod_rule *rule)
{
	struct names *names = data;

	char **at = mod_grow(names->at, &names->cap, names->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	names->at = at;
	names->at[names->n++] = (char *)mod_rule_name(rule);
	return 0;
}

int modprobe_modules_load(const struct modprobe *o)
{
	struct modprobe listed = *o;
	struct names names = { 0 };
	int r = mod_modules_load_each(o->ctx, o->load_path, add_name, &names);
	int status = 0;

	if (r < 0)
		status = log_error("%s", modprobe_message(o, r));
	listed.words = names.at;
	listed.word_count = names.n;
	listed.path_count = 0; /* names, whatever they look like */
	if (names.n)
		status |= modprobe_insert(&listed);
	free(names.at);
	return status;
}

/* With -v also the operand, as a line of modules.alias. */
static int show_all(const struct modprobe *o, size_t i)
{
	bool verbose = log_wants(LOG_NOTICE);
	_targets_ struct mod_targets *targets = NULL;

	if (modprobe_find(o, i, &targets) != 0)
		return 1;
	for (size_t t = 0; t < mod_targets_count(targets); t++) {
		if (verbose) {
			output_text("alias ");
			output_text(o->words[i]);
			output_text(" ");
		}
		output_text(mod_target_name(mod_targets_at(targets, t)));
		output_text("\n");
	}
	return 0;
}

int modprobe_show_alias(const struct modprobe *o)
{
	size_t n = o->all ? o->word_count : 1;
	int failed = 0;

	if (o->json)
		return modprobe_json_words(o, "");
	for (size_t i = 0; i < n; i++)
		failed |= show_all(o, i);
	return failed;
}
