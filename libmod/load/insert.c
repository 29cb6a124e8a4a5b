/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* insert.c - one file into the kernel.
 *
 * A plain file and one that the kernel decompresses go by finit_module(2).  A
 * file that the kernel cannot decompress, or that its decoder refuses, is
 * decompressed here and goes by init_module(2); force flags are then applied to
 * the copy.
 */
#include "libmod/load/insert.h"

#include "libmod/ctx/error.h"
#include "libmod/live/kernel-info.h"
#include "libmod/live/loaded.h"
#include "libmod/load/load-error.h"
#include "libmod/load/policy.h"
#include "libmod/module/force.h"
#include "libmod/module/module.h"
#include "libmod/sys/kernel.h"
#include "libmod/sys/pipe-file.h"

#include <errno.h>
#include <string.h>

/* The errors of a kernel for a compressed file that it cannot decompress:
 * another method, a check or a dictionary that its decoder does not support.
 */
static bool is_decoder_error(int r)
{
	return r == -EOPNOTSUPP || r == -EINVAL || r == -ENOEXEC ||
		r == -ENOMEM || r == -E2BIG || r == -EIO;
}

static int strip(struct mod_module *module, uint8_t *image, size_t len,
		 unsigned flags)
{
	int r = 0;

	if (flags & MOD_RUN_FORCE_MODVERSION)
		r = mod_force_hide_versions(image, len);
	if (r == 0 && flags & MOD_RUN_FORCE_VERMAGIC)
		r = mod_force_clear_vermagic(image, len);
	if (r < 0)
		mod_error_set(module->ctx, MOD_ORIGIN_FILE, r, module->path,
			      "%s: its version cannot be taken out: %s",
			      module->path, strerror(-r));
	return r;
}

/* The whole module from memory, decompressed. */
static int from_memory(struct mod_module *module, const char *options,
		       unsigned flags)
{
	struct mod_source *src;
	struct mod_bytes image;
	_free_ uint8_t *copy = NULL;

	int r = mod_module_source(module, &src);
	if (r < 0)
		return r;
	r = mod_source_range(src, 0, src->size, &image);
	if (r < 0)
		return mod_error_set(module->ctx, MOD_ORIGIN_FILE, r,
				     module->path, "%s: %s", module->path,
				     strerror(-r));
	if (flags) {
		copy = malloc(image.len + !image.len);
		if (!copy)
			return -ENOMEM;
		memcpy(copy, image.at, image.len);
		r = strip(module, copy, image.len, flags);
		image.at = copy;
	}
	if (r < 0)
		return r;
	r = mod_kernel_init(image, options);
	return r < 0 ? mod_load_error(module, r) : 0;
}

static unsigned kernel_flags(unsigned flags)
{
	return (flags & MOD_RUN_FORCE_MODVERSION ? MOD_KERNEL_IGNORE_MODVERSIONS
						 : 0U) |
		(flags & MOD_RUN_FORCE_VERMAGIC ? MOD_KERNEL_IGNORE_VERMAGIC
						: 0U);
}

static int insert(struct mod_module *module, const char *options,
		  unsigned flags)
{
	bool packed = module->codec != MOD_CODEC_NONE;
	unsigned how = kernel_flags(flags);

	if (packed && module->codec != mod_kernel_info_codec(module->ctx))
		return from_memory(module, options, flags);
	if (packed)
		how |= MOD_KERNEL_COMPRESSED_FILE;
	int r = mod_kernel_finit(module->file.fd, options, how);
	if (r == -ENOSYS || (packed && is_decoder_error(r)))
		return from_memory(module, options, flags);
	return r < 0 ? mod_load_error(module, r) : 0;
}

/* Frees the module. */
static int insert_and_free(struct mod_module *module, const char *options,
			   unsigned flags)
{
	int r = insert(
		module, options,
		flags & (MOD_RUN_FORCE_MODVERSION | MOD_RUN_FORCE_VERMAGIC));

	mod_module_free(module);
	return r;
}

/* Is it the file that was judged, and not one that took its place? */
static int check_own_name(struct mod_module *module, const char *own_name)
{
	char name[MOD_NAME_MAX];
	int r = mod_policy_own_name(module, name);

	if (r == 0 && strcmp(name, own_name) != 0)
		r = mod_error_set(
			module->ctx, MOD_ORIGIN_FILE, -ESTALE, module->path,
			"%s: changed since it was judged", module->path);
	return r;
}

int mod_insert_checked(struct mod_ctx *ctx, const char *path,
		       const char *own_name, const char *options,
		       unsigned flags)
{
	struct mod_module *module;

	int r = mod_module_open_file(ctx, path, &module);
	if (r < 0)
		return r;
	if (own_name)
		r = check_own_name(module, own_name);
	if (r < 0) {
		mod_module_free(module);
		return r;
	}
	return insert_and_free(module, options, flags);
}

int mod_insert(struct mod_ctx *ctx, const char *path, const char *options,
	       unsigned flags)
{
	mod_error_clear(ctx);
	return mod_error_end(
		ctx, mod_insert_checked(ctx, path, NULL, options, flags));
}

int mod_insert_fd(struct mod_ctx *ctx, int fd, const char *name,
		  const char *options, unsigned flags)
{
	struct mod_module *module;

	mod_error_clear(ctx);
	int r = mod_module_open_fd(ctx, mod_pipe_file(fd, MOD_DECOMPRESS_LIMIT),
				   name, &module);
	if (r == 0)
		r = insert_and_free(module, options, flags);
	return mod_error_end(ctx, r);
}
