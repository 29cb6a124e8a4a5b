/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* module.h - one module file: opened, unpacked and read when it is asked.
 *
 * The public calls stand in libmod/libmod.h.
 */
#pragma once

#include "libmod/base/ctx.h"
#include "libmod/format/elf.h"
#include "libmod/format/unpack.h"
#include "libmod/sys/file.h"

struct mod_module {
	struct mod_ctx *ctx;
	char *path;
	struct mod_file file;
	enum mod_codec codec;
	uint8_t *image; /* unpacked; NULL as long as it is not, or plain */
	struct mod_memory memory; /* over image */
	struct mod_elf elf;
	bool parsed; /* elf is set */
};

/* The bytes of the module itself, whether the file is packed or not. */
_check_ int mod_module_source(struct mod_module *module,
			      struct mod_source **src);
_check_ int mod_module_elf(struct mod_module *module,
			   const struct mod_elf **elf);
