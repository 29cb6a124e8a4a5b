/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* depmod.c - makes the indexes of a module tree. */
#include "src/depmod.h"
#include "src/log.h"
#include "src/output.h"
#include "src/tool.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* "number dot number" at its start. */
static bool is_version(const char *text)
{
	unsigned major, minor;

	return sscanf(text, "%u.%u", &major, &minor) == 2;
}

/* VERSION and files.  Returns 0 or the exit status. */
static int take_operands(struct depmod *d, int argc, char **argv)
{
	if (optind < argc) {
		d->opts.release = argv[optind++];
		if (!is_version(d->opts.release))
			return log_error("Bad version passed %s",
					 d->opts.release);
	}
	if (!d->all && !(d->opts.flags & MOD_DEPMOD_QUICK) && optind < argc)
		d->opts.files = argv + optind;
	return 0;
}

static void show_text(void *data, const char *text, size_t len)
{
	(void)data;
	output_bytes(text, len);
}

static void show_edge(void *data, const struct mod_depmod_edge *edge)
{
	(void)data;
	output_fmt("%s needs \"%s\": %s\n", edge->needs, edge->symbol,
		   edge->has);
}

/* For a person who waits: not before a second has passed, and gone at the end.
 */
static void show_progress(void *data, size_t done, size_t n)
{
	struct depmod *d = data;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	long ms = (long)(now.tv_sec - d->start.tv_sec) * 1000 +
		(now.tv_nsec - d->start.tv_nsec) / 1000000;
	if (done == n && d->shown_at > 0) {
		fputs("\r\033[K", stderr);
	} else if (done < n && ms > 1000 && ms - d->shown_at > 100) {
		fprintf(stderr, "\r%zu of %zu modules read", done, n);
		d->shown_at = ms;
	}
}

/* The library's messages; one of them has two lines, which scripts read. */
static void log_message(void *data, int level, const char *text)
{
	static const char twice[] = "duplicate module alias:";
	size_t len = strlen(twice);

	if (strncmp(text, twice, len) != 0 || text[len] != '\n') {
		log_from_library(data, level, text);
		return;
	}
	log_from_library(data, level, twice);
	log_more(level, text + len + 1);
}

static void set_callbacks(struct depmod *d)
{
	d->opts.data = d;
	if (d->show)
		d->opts.show = show_text;
	if (!d->json && d->verbose > 0)
		d->opts.edge = show_edge;
	if (isatty(STDERR_FILENO)) {
		clock_gettime(CLOCK_MONOTONIC, &d->start);
		d->opts.progress = show_progress;
	}
}

static int complain(const struct depmod *d,
		    const struct mod_depmod_result *result, int r)
{
	const char *subject = mod_error_subject(mod_ctx_error(d->ctx));

	if (result->in_cycles) /* each was reported */
		return 1;
	if (result->dir && strcmp(subject, result->dir) == 0) {
		log_error("could not open directory %s: %s", result->dir,
			  strerror(-r));
		return log_fatal("could not search modules: %s", strerror(-r));
	}
	if (mod_error_code(mod_ctx_error(d->ctx)) == r)
		return log_fatal("%s",
				 mod_error_message(mod_ctx_error(d->ctx)));
	return log_fatal("%s", strerror(-r));
}

static int run(struct depmod *d, int argc, char **argv)
{
	struct mod_depmod_result result = { .size = sizeof result };
	int r = depmod_parse(d, argc, argv);

	if (r != TOOL_GOES_ON)
		return r;
	mod_ctx_set_log(d->ctx, log_message, NULL, log_level());
	if (take_operands(d, argc, argv) != 0)
		return 1;
	if (d->show && d->opts.flags & MOD_DEPMOD_QUICK)
		return 0;
	if (d->opts.flags & MOD_DEPMOD_REPORT_SYMBOLS && !d->opts.symvers &&
	    !d->opts.map) {
		log_warning("-e needs -E or -F");
		d->opts.flags &= ~(unsigned)MOD_DEPMOD_REPORT_SYMBOLS;
	}
	if (d->no_cache)
		d->opts.cache = NULL;
	else
		d->opts.flags |= MOD_DEPMOD_SYSTEM_CACHE;
	set_callbacks(d);
	r = d->json ? depmod_json(d, &result)
		    : mod_depmod_run(d->ctx, &d->opts, &result);
	if (r < 0)
		return complain(d, &result, r);
	return r | (d->errexit && result.unreadable);
}

/* Freed memory is used again soon: it costs time to get it from the kernel
 * each time.  Other C libraries do not know of that.
 */
static void keep_memory(void)
{
#if defined M_MMAP_THRESHOLD && defined M_TRIM_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, 2 << 20);
	mallopt(M_TRIM_THRESHOLD, 4 << 20);
#endif
}

static int depmod(int argc, char **argv)
{
	static struct depmod d;
	_ctx_ struct mod_ctx *ctx = NULL;

	keep_memory();
	log_start("depmod", LOG_WARNING);
	if (tool_ctx(&ctx) != 0)
		return 1;
	d = (struct depmod){ .ctx = ctx, .opts = { .size = sizeof d.opts } };
	return run(&d, argc, argv);
}

const struct tool tool_depmod = { "depmod", depmod,
				  "make the indexes of a module tree" };
