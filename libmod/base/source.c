/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/source.h"

#include <errno.h>

static int memory_range(struct mod_source *src, uint64_t off, size_t len,
			struct mod_bytes *out)
{
	struct mod_source_memory *mem = (struct mod_source_memory *)src;

	*out = (struct mod_bytes){ len ? mem->bytes.at + off : mem->bytes.at,
				   len };
	return 0;
}

void mod_source_from_memory(struct mod_source_memory *mem,
			    struct mod_bytes bytes)
{
	*mem = (struct mod_source_memory){
		.src = { .size = bytes.len, .range = memory_range },
		.bytes = bytes,
	};
}

int mod_source_range(struct mod_source *src, uint64_t off, uint64_t len,
		     struct mod_bytes *out)
{
	if (off > src->size || len > src->size - off)
		return -EBADMSG;
	if (len > MOD_RANGE_LIMIT)
		return -E2BIG;
	return src->range(src, off, (size_t)len, out);
}
