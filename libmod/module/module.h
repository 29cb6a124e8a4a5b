/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* module.h - one module file: opened, decompressed and parsed when needed.
 *
 * The public calls are in libmod/libmod.h.
 */
#pragma once

#include "libmod/compress/decompress.h"
#include "libmod/ctx/ctx.h"
#include "libmod/module/elf.h"
#include "libmod/sys/file.h"

struct mod_module {
	struct mod_ctx *ctx;
	char *path;
	struct mod_file file;
	enum mod_codec codec;
	uint8_t *
		image; /* decompressed; NULL until then, and for a plain file */
	struct mod_source_memory memory; /* over image */
	struct mod_elf elf;
	bool parsed; /* elf is set */
};

/* mod_module_open(), mod_module_info_each() and mod_builtin_info_each() for the
 * library itself.
 */
_check_ int mod_module_open_file(struct mod_ctx *ctx, const char *path,
				 struct mod_module **out);
_check_ int mod_module_walk_info(struct mod_module *module, mod_field_fn *fn,
				 void *data);
_check_ int mod_module_walk_builtin(struct mod_ctx *ctx, const char *name,
				    mod_field_fn *fn, void *data);

/* mod_module_open_file() for a descriptor, taken over, or the -errno of one;
 * name is for messages.
 */
_check_ int mod_module_open_fd(struct mod_ctx *ctx, int fd, const char *name,
			       struct mod_module **out);

/* The bytes of the module itself, whether the file is compressed or not. */
_check_ int mod_module_source(struct mod_module *module,
			      struct mod_source **src);
_check_ int mod_module_elf(struct mod_module *module,
			   const struct mod_elf **elf);

/* The first len bytes of the module itself, in pieces, each of which lives
 * during the call only: for digests, without keeping all of a large file.
 * Ends early when fn returns something else than 0, which is then the result.
 */
typedef int mod_piece_fn(void *data, struct mod_bytes piece);
_check_ int mod_module_pieces(struct mod_module *module, uint64_t len,
			      mod_piece_fn *fn, void *data);

/* The first len bytes of the module itself, all at once. */
_check_ int mod_module_front(struct mod_module *module, uint64_t len,
			     struct mod_bytes *out);

/* Sets the error for a failure of this file; returns r. */
int mod_module_fail(struct mod_module *module, int r);
