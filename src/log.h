/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* log.h - messages: "PROG: LEVEL: text" on standard error, or to syslog.
 *
 * Nothing is called before the first message: a run without messages pays
 * nothing.  A message never ends the process; log_at() returns 1 so that
 * `return log_error(...)` returns an exit status.
 *
 * Levels are syslog's LOG_*: LOG_CRIT is called FATAL, the others by their
 * names.  A level is wanted when it is at most the threshold.
 */
#pragma once

#include <stdbool.h>
#include <syslog.h>

struct output_kept;

/* The program's name and the threshold; for src/kmod.c and the tool's start. */
void log_start(const char *prog, int level);

/* -v: one level more. */
void log_more_verbose(void);

/* -s.  It also happens by itself when descriptor 2 cannot be written to. */
void log_to_syslog(void);

/* Is a message of that level shown? */
bool log_wants(int level);

/* The threshold, as mod_ctx_set_log() takes it. */
int log_level(void);

/* All return 1. */
int log_at(int level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
#define log_fatal(...) log_at(LOG_CRIT, __VA_ARGS__)
#define log_error(...) log_at(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_at(LOG_WARNING, __VA_ARGS__)
#define log_info(...) log_at(LOG_INFO, __VA_ARGS__)

/* To syslog and nowhere else, whatever the threshold is.  Control characters
 * become '?', because such lines contain text that others chose.
 */
int log_syslog(int level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The library's messages (mod_log_fn); data is not used. */
void log_from_library(void *data, int level, const char *text);

/* The second line of the message before, unchanged. */
void log_more(int level, const char *text);

/* Prints and logs, in order, what a thread kept (output_keep()), and frees it.
 * Not while this thread itself keeps.
 */
void log_release(struct output_kept *from);
