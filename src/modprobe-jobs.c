/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-jobs.c - many modules, some at the same time (--jobs). */
#include "src/modprobe.h"

#include "libmod/base/grow.h"
#include "src/log.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* One of the modules that a word means. */
struct load {
	struct modprobe o; /* as it is for that word */
	size_t word;
	const struct mod_target *target;
	struct mod_plan *plan;
	struct loads *all;
};

struct word {
	struct mod_targets *targets;
	int seen[MODPROBE_FAILED + 1]; /* what became of them */
};

/* All that is to be loaded. */
struct loads {
	struct load *at;
	struct mod_job *jobs; /* one for each */
	size_t n, cap;
	struct word *words;
};

static void free_loads(struct loads *loads, size_t words)
{
	for (size_t i = 0; i < loads->n; i++)
		mod_plan_free(loads->at[i].plan);
	for (size_t i = 0; loads->words && i < words; i++)
		mod_targets_free(loads->words[i].targets);
	free(loads->at);
	free(loads->jobs);
	free(loads->words);
}

static int add_load(struct loads *loads, const struct load *load)
{
	struct load *at =
		mod_grow(loads->at, &loads->cap, loads->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	loads->at = at;
	loads->at[loads->n++] = *load;
	return 0;
}

/* Looks a word up and plans all that it means. */
static int plan_word(const struct modprobe *all, struct loads *loads, size_t i)
{
	struct load load = { .o = *all, .word = i, .all = loads };
	struct mod_targets *targets;
	enum modprobe_outcome outcome;

	load.o.asked = all->words[i];
	load.o.exported = true;
	int r = modprobe_find(&load.o, i, &targets);
	if (r > 0)
		loads->words[i].seen[MODPROBE_FAILED]++;
	if (r != 0)
		return 0;
	loads->words[i].targets = targets;
	for (size_t t = 0; t < mod_targets_count(targets); t++) {
		load.target = mod_targets_at(targets, t);
		load.plan = NULL;
		if (modprobe_plan(&load.o, load.target, "", &load.plan,
				  &outcome) != 0) {
			mod_plan_free(load.plan);
			loads->words[i].seen[outcome]++;
		} else if (add_load(loads, &load) < 0) {
			mod_plan_free(load.plan);
			return -ENOMEM;
		}
	}
	return 0;
}

static void show(void *data, const struct mod_step *step)
{
	const struct load *load = data;

	modprobe_show_step((void *)&load->o, step);
}

/* modprobe_export() was called: not by several threads. */
static char *const *environment(void *data)
{
	(void)data;
	return environ;
}

static void over(void *data, const struct mod_error *error)
{
	const struct load *load = data;
	bool failed = mod_error_code(error) < 0;

	if (failed)
		modprobe_complain(&load->o, load->plan, load->target, error);
	load->all->words[load->word]
		.seen[failed ? MODPROBE_FAILED : MODPROBE_LOADED]++;
}

static int run_loads(const struct modprobe *o, struct loads *loads)
{
	struct mod_run_opts opts = modprobe_run_opts(o);

	loads->jobs = calloc(loads->n + 1, sizeof *loads->jobs);
	if (!loads->jobs)
		return -ENOMEM;
	for (size_t i = 0; i < loads->n; i++) {
		struct load *load = &loads->at[i];
		loads->jobs[i] = (struct mod_job){ load->plan, load };
	}
	opts.show = show;
	opts.environment = environment;
	return mod_jobs_run(o->ctx, loads->jobs, loads->n, o->threads, &opts,
			    over);
}

int modprobe_insert_all(const struct modprobe *o)
{
	struct loads loads = {
		.words = calloc(o->word_count + 1, sizeof *loads.words),
	};
	int failed = 0;
	int r = loads.words ? 0 : -ENOMEM;

	/* Not by several threads: they share the environment. */
	modprobe_export(o);
	for (size_t i = 0; i < o->word_count && r == 0; i++)
		r = plan_word(o, &loads, i);
	if (r == 0)
		r = run_loads(o, &loads);
	for (size_t i = 0; i < o->word_count && r == 0; i++)
		failed |= modprobe_failed(loads.words[i].seen);
	free_loads(&loads, o->word_count);
	return r < 0 ? log_error("out of memory") : failed;
}
