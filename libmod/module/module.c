/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/module.h"

#include "libmod/base/path.h"
#include "libmod/ctx/error.h"
#include "libmod/index/tree.h"
#include "libmod/module/build-id.h"
#include "libmod/module/modinfo.h"
#include "libmod/module/symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

/* What an error of the format readers means, for people. */
static const char *meaning(const struct mod_module *module, int r)
{
	switch (r) {
	case -ENOEXEC:
		return "not an ELF file";
	case -EBADMSG:
		return "corrupt ELF file";
	case -ENOTSUP:
		return "not a regular file";
	case -ENOSYS:
		return "this build cannot decompress it";
	case -E2BIG:
		return module->codec ? "too large when decompressed"
				     : "a part of it is larger than 1 GiB";
	}
	return strerror(-r);
}

int mod_module_fail(struct mod_module *module, int r)
{
	return mod_error_set(module->ctx, MOD_ORIGIN_FILE, r, module->path,
			     "%s: %s", module->path, meaning(module, r));
}

void mod_module_free(struct mod_module *module)
{
	if (!module)
		return;
	mod_file_fini(&module->file);
	free(module->image);
	free(module->path);
	free(module);
}
MOD_CLEANUP(struct mod_module *, mod_module_free)

int mod_module_open_file(struct mod_ctx *ctx, const char *path,
			 struct mod_module **out)
{
	return mod_module_open_fd(ctx, mod_file_open(path, O_RDONLY), path,
				  out);
}

int mod_module_open(struct mod_ctx *ctx, const char *path,
		    struct mod_module **out)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, mod_module_open_file(ctx, path, out));
}

int mod_module_open_fd(struct mod_ctx *ctx, int owned, const char *path,
		       struct mod_module **out)
{
	_close_ int fd = owned;
	_cleanup_(mod_module_freep) struct mod_module *module =
		calloc(1, sizeof *module);
	struct mod_bytes head;

	if (!module)
		return -ENOMEM;
	module->ctx = ctx;
	module->file.fd = -1;
	module->path = strdup(path);
	if (!module->path)
		return -ENOMEM;
	int r = mod_file_source_fd(&module->file, mod_take_fd(&fd));
	if (r < 0)
		return mod_module_fail(module, r);
	/* As much as the ELF reader will ask for first. */
	uint64_t size = module->file.src.size;
	r = mod_source_range(&module->file.src, 0, size < 64 ? size : 64,
			     &head);
	if (r < 0)
		return mod_module_fail(module, r);
	if (head.len < MOD_CODEC_MAGIC)
		return mod_error_set(ctx, MOD_ORIGIN_FILE, -EINVAL, path,
				     "%s: too short to be a module", path);
	module->codec = mod_codec_of(head);
	*out = mod_take(module);
	return 0;
}

const char *mod_module_path(const struct mod_module *module)
{
	return module->path;
}

static int decompress(struct mod_module *module)
{
	struct mod_source *compressed = &module->file.src;
	struct mod_bytes all;
	const char *why = NULL;
	size_t len;

	int r = mod_source_range(compressed, 0, compressed->size, &all);
	if (r < 0)
		return mod_module_fail(module, r);
	r = mod_decompress(module->codec, all, MOD_DECOMPRESS_LIMIT,
			   &module->image, &len, &why);
	if (r == -EBADMSG)
		return mod_error_set(module->ctx, MOD_ORIGIN_FILE, -EINVAL,
				     module->path, "%s: %s: %s", module->path,
				     mod_codec_kernel_name(module->codec),
				     why ? why : "corrupt");
	if (r < 0)
		return mod_module_fail(module, r);
	mod_source_from_memory(&module->memory,
			       (struct mod_bytes){ module->image, len });
	return 0;
}

int mod_module_source(struct mod_module *module, struct mod_source **src)
{
	if (module->codec == MOD_CODEC_NONE) {
		*src = &module->file.src;
		return 0;
	}
	int r = module->image ? 0 : decompress(module);
	*src = &module->memory.src;
	return r;
}

int mod_module_front(struct mod_module *module, uint64_t len,
		     struct mod_bytes *out)
{
	struct mod_source *src;

	int r = mod_module_source(module, &src);
	if (r < 0)
		return r;
	r = len > MOD_DECOMPRESS_LIMIT ? -E2BIG
				       : mod_source_range(src, 0, len, out);
	return r < 0 ? mod_module_fail(module, r) : 0;
}

int mod_module_pieces(struct mod_module *module, uint64_t len, mod_piece_fn *fn,
		      void *data)
{
	enum { PIECE = 256 * 1024 }; /* bytes */
	_free_ uint8_t *buf = NULL;
	int r = 0;

	if (module->codec != MOD_CODEC_NONE) {
		struct mod_source *src;
		struct mod_bytes all;

		r = mod_module_source(module, &src);
		if (r == 0)
			r = mod_source_range(src, 0, len, &all);
		return r < 0 ? r : fn(data, all);
	}
	buf = malloc(PIECE);
	if (!buf)
		return -ENOMEM;
	for (uint64_t off = 0; off < len && r == 0;) {
		uint64_t left = len - off;
		size_t n = left < PIECE ? (size_t)left : PIECE;

		r = mod_file_read_at(&module->file, off, buf, n);
		if (r == 0)
			r = fn(data, (struct mod_bytes){ buf, n });
		off += n;
	}
	return r;
}

int mod_module_elf(struct mod_module *module, const struct mod_elf **elf)
{
	struct mod_source *src;

	if (!module->parsed) {
		int r = mod_module_source(module, &src);
		if (r < 0)
			return r;
		r = mod_elf_open(&module->elf, src);
		if (r < 0)
			return mod_module_fail(module, r);
		module->parsed = true;
	}
	*elf = &module->elf;
	return 0;
}

static int hand_out(const struct mod_info *info, mod_field_fn *fn, void *data)
{
	return fn(data,
		  &(struct mod_field){ (const char *)info->key.at,
				       info->key.len, info->value.at,
				       info->value.len });
}

int mod_module_walk_info(struct mod_module *module, mod_field_fn *fn,
			 void *data)
{
	const struct mod_elf *elf;
	struct mod_bytes left;
	struct mod_info info;

	int r = mod_module_elf(module, &elf);
	if (r < 0)
		return r;
	r = mod_elf_find_data(elf, ".modinfo", &left);
	if (r < 0)
		return mod_module_fail(module, r);
	while (r == 0 && mod_modinfo_next(&left, &info))
		r = hand_out(&info, fn, data);
	return r;
}

int mod_module_walk_builtin(struct mod_ctx *ctx, const char *name,
			    mod_field_fn *fn, void *data)
{
	char path[PATH_MAX + 64];
	const char *dir;
	struct mod_file_view view;
	struct mod_info info;

	int r = mod_ctx_find_tree_dir(ctx, &dir);
	if (r < 0)
		return r;
	mod_path_concat(path, sizeof path, dir, "/modules.builtin.modinfo",
			NULL);
	r = mod_file_view_map(&view, path);
	if (r == -ENOENT)
		return 1;
	if (r < 0)
		return mod_error_set(ctx, MOD_ORIGIN_FILE, r, path, "%s: %s",
				     path, strerror(-r));
	struct mod_bytes left = view.bytes;
	while (r == 0 && mod_modinfo_builtin_next(&left, name, &info))
		r = hand_out(&info, fn, data);
	mod_file_view_fini(&view);
	return r;
}

int mod_module_info_each(struct mod_module *module, mod_field_fn *fn,
			 void *data)
{
	mod_error_clear(module->ctx);
	return mod_error_end(module->ctx,
			     mod_module_walk_info(module, fn, data));
}

int mod_builtin_info_each(struct mod_ctx *ctx, const char *name,
			  mod_field_fn *fn, void *data)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, mod_module_walk_builtin(ctx, name, fn, data));
}

typedef int read_fn(const struct mod_elf *elf, struct mod_symbols *out);

static int each_symbol(struct mod_module *module, read_fn *read,
		       mod_symbol_fn *fn, void *data)
{
	struct mod_symbols syms = { 0 };
	const struct mod_elf *elf;

	mod_error_clear(module->ctx);
	int r = mod_module_elf(module, &elf);
	if (r < 0)
		return mod_error_end(module->ctx, r);
	r = read(elf, &syms);
	if (r < 0)
		mod_module_fail(module, r);
	for (size_t i = 0; r == 0 && i < syms.n; i++)
		r = fn(data, &syms.at[i]);
	mod_symbols_fini(&syms);
	return mod_error_end(module->ctx, r);
}

int mod_module_exports_each(struct mod_module *module, mod_symbol_fn *fn,
			    void *data)
{
	return each_symbol(module, mod_symbols_exports, fn, data);
}

int mod_module_imports_each(struct mod_module *module, mod_symbol_fn *fn,
			    void *data)
{
	return each_symbol(module, mod_symbols_imports, fn, data);
}

int mod_module_versions_each(struct mod_module *module, mod_symbol_fn *fn,
			     void *data)
{
	return each_symbol(module, mod_symbols_versions, fn, data);
}

static int read_build_id(struct mod_module *module, struct mod_bytes *id)
{
	const struct mod_elf *elf = NULL;
	int r = mod_module_elf(module, &elf);

	if (r < 0)
		return r;
	r = mod_build_id_read(elf, id);
	return r < 0 ? mod_module_fail(module, r) : r;
}

int mod_module_build_id(struct mod_module *module, const void **id, size_t *len)
{
	struct mod_bytes bytes;

	mod_error_clear(module->ctx);
	int r = read_build_id(module, &bytes);
	if (r == 0) {
		*id = bytes.at;
		*len = bytes.len;
	}
	return mod_error_end(module->ctx, r);
}
