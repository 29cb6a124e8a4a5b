/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/ctx/ctx.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <syslog.h>
#include <unistd.h>

static void init(struct mod_ctx *ctx)
{
	ctx->root = "";
	ctx->proc = "/proc";
	ctx->sys = "/sys";
	ctx->config_root = "";
	ctx->log_level = LOG_EMERG;
}

int mod_ctx_new(struct mod_ctx **out)
{
	struct mod_ctx *ctx = calloc(1, sizeof *ctx);

	if (!ctx)
		return -ENOMEM;
	init(ctx);
	*out = ctx;
	return 0;
}

/* Most modules are found and planned in these, a plan of some 30 steps say. */
enum { TARGETS_ROOM = 2 * 1024, PLAN_ROOM = 16 * 1024 }; /* bytes */

/* Sets n bytes at the end of a context's own memory apart, when that leaves it
 * most of them.
 */
static void set_apart(struct mod_loan *own, size_t n, struct mod_loan *loan)
{
	if (own->n / 3 < n)
		return;
	own->n -= n;
	*loan = (struct mod_loan){ .at = (char *)own->at + own->n, .n = n };
}

int mod_ctx_new_in(void *memory, size_t size, struct mod_ctx **out)
{
	struct mod_ctx *ctx = memory;

	if (size < sizeof *ctx || (uintptr_t)memory % _Alignof(max_align_t))
		return -EINVAL;
	*ctx = (struct mod_ctx){ .lent = true, .done = { .later = true } };
	init(ctx);
	const size_t step = _Alignof(max_align_t);
	const size_t used = (sizeof *ctx + step - 1) / step * step;
	size -= size % step;
	if (size > used) {
		ctx->own = (struct mod_loan){ .at = (char *)memory + used,
					      .n = size - used };
		ctx->arena.loan = &ctx->own;
		set_apart(&ctx->own, TARGETS_ROOM, &ctx->targets);
		set_apart(&ctx->own, PLAN_ROOM, &ctx->plan);
	}
	*out = ctx;
	return 0;
}

static void clear_slot(struct mod_slot *slot)
{
	if (slot->at && slot->free)
		slot->free(slot->at);
	*slot = (struct mod_slot){ 0 };
}

void mod_ctx_free(struct mod_ctx *ctx)
{
	if (!ctx)
		return;
	clear_slot(&ctx->config);
	clear_slot(&ctx->tree);
	mod_fds_fini(&ctx->done);
	mod_arena_fini(&ctx->arena);
	free(ctx->sentence);
	free(ctx->subject);
	if (!ctx->lent)
		free(ctx);
}

static int set(struct mod_ctx *ctx, const char **field, const char *text)
{
	const char *copy = mod_arena_strn(&ctx->arena, text, strlen(text));

	if (!copy)
		return -ENOMEM;
	*field = copy;
	return 0;
}

int mod_ctx_set_root(struct mod_ctx *ctx, const char *root)
{
	return set(ctx, &ctx->root, root);
}

int mod_ctx_set_release(struct mod_ctx *ctx, const char *release)
{
	return set(ctx, &ctx->release, release);
}

int mod_ctx_set_proc(struct mod_ctx *ctx, const char *dir)
{
	return set(ctx, &ctx->proc, dir);
}

int mod_ctx_set_sys(struct mod_ctx *ctx, const char *dir)
{
	return set(ctx, &ctx->sys, dir);
}

int mod_ctx_set_config_root(struct mod_ctx *ctx, const char *root)
{
	return set(ctx, &ctx->config_root, root);
}

int mod_ctx_add_config(struct mod_ctx *ctx, const char *path)
{
	struct mod_source_path *source =
		mod_arena_get(&ctx->arena, sizeof *source);
	struct mod_source_path **end = &ctx->sources;

	if (!source || set(ctx, &source->path, path) < 0)
		return -ENOMEM;
	while (*end)
		end = &(*end)->next;
	*end = source;
	return 0;
}

void mod_ctx_set_log(struct mod_ctx *ctx, mod_log_fn *fn, void *data, int least)
{
	ctx->log = fn;
	ctx->log_data = data;
	ctx->log_level = least;
}

/* ROOT/lib/modules/RELEASE, with the current directory in front of a relative
 * ROOT.  Joined as it stands: scripts see these paths and compare them.
 */
static int make_tree_dir(struct mod_ctx *ctx)
{
	char cwd[PATH_MAX] = "", dir[PATH_MAX];
	struct utsname uts;
	const char *release = ctx->release;
	const char *slash = "";

	if (!release) {
		if (uname(&uts) < 0)
			return mod_fail(ctx, MOD_ORIGIN_SYSTEM, -errno, NULL,
					"the kernel's release is unknown");
		release = uts.release;
	}
	if (ctx->root[0] && ctx->root[0] != '/') {
		if (!getcwd(cwd, sizeof cwd))
			return mod_fail(ctx, MOD_ORIGIN_SYSTEM, -errno, NULL,
					"the current directory is unknown");
		slash = "/";
	}
	const char *const parts[] = { cwd,       slash,
				      ctx->root, MOD_MODULE_DIRECTORY,
				      "/",       release };
	size_t len = 0;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		size_t n = strlen(parts[i]);
		if (n >= sizeof dir - len)
			return mod_fail(ctx, MOD_ORIGIN_CALLER, -ENAMETOOLONG,
					ctx->root,
					"bad directory %s%s/%s: path too long",
					ctx->root, MOD_MODULE_DIRECTORY,
					release);
		memcpy(dir + len, parts[i], n);
		len += n;
	}
	ctx->tree_dir = mod_arena_strn(&ctx->arena, dir, len);
	return ctx->tree_dir ? 0 : -ENOMEM;
}

int mod_ctx_tree_dir(struct mod_ctx *ctx, const char **dir)
{
	int r = ctx->tree_dir ? 0 : make_tree_dir(ctx);

	if (r == 0)
		*dir = ctx->tree_dir;
	return r;
}

int mod_fail(struct mod_ctx *ctx, enum mod_origin origin, int code,
	     const char *subject, const char *fmt, ...)
{
	char *sentence = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&sentence, fmt, ap) < 0)
		sentence = NULL;
	va_end(ap);
	/* The new subject may be the old one. */
	char *copy = subject ? strdup(subject) : NULL;
	free(ctx->subject);
	free(ctx->sentence);
	ctx->subject = copy;
	ctx->sentence = sentence;
	ctx->origin = origin;
	ctx->error = code;
	return code;
}

int mod_fail_short(struct mod_ctx *ctx, int code, const char *path)
{
	return mod_fail(ctx, MOD_ORIGIN_SYSTEM, code, path, "%s: not read: %s",
			path, strerror(-code));
}

int mod_end(struct mod_ctx *ctx, int r)
{
	if (r < 0 && ctx->error != r)
		mod_fail(ctx, MOD_ORIGIN_SYSTEM, r, NULL, "%s", strerror(-r));
	return r;
}

int mod_error_code(const struct mod_ctx *ctx)
{
	return ctx->error;
}

enum mod_origin mod_error_origin(const struct mod_ctx *ctx)
{
	return ctx->error ? ctx->origin : MOD_ORIGIN_NONE;
}

const char *mod_error_subject(const struct mod_ctx *ctx)
{
	return ctx->error && ctx->subject ? ctx->subject : "";
}

const char *mod_error_sentence(const struct mod_ctx *ctx)
{
	if (!ctx->error)
		return "";
	/* There may have been no memory for it. */
	return ctx->sentence ? ctx->sentence : strerror(-ctx->error);
}

void mod_say(struct mod_ctx *ctx, int level, const char *fmt, ...)
{
	char *text;
	va_list ap;

	if (!ctx->log || level > ctx->log_level)
		return;
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	ctx->log(ctx->log_data, level, text);
	free(text);
}
