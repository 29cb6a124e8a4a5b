/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/compress.h"

#include <errno.h>

#ifdef HAVE_ZLIB

#define ZLIB_CONST /* next_in points to const bytes */
#include "libmod/base/dl.h"

#include <zlib.h>

#define FUNCTIONS(each)                                                        \
	each(deflate) each(deflateBound) each(deflateEnd) each(deflateInit2_)

enum { GZIP = 16, MEMORY = 8 }; /* a gzip header; the default */

#if defined(ZLIB_DLOPEN) || defined(ZLIB_PACK_DLOPEN)
MOD_DLOPEN_NOTE("zlib-pack", "Packing .gz modules that are signed", "suggested",
		"libz.so.1");
MOD_DL_OPENED(FUNCTIONS, "libz.so.1")
#else
MOD_DL_LINKED(FUNCTIONS)
#endif

/* Without a name and a time, as gzip -n. */
int mod_pack_gz(struct mod_bytes in, uint8_t **out, size_t *len)
{
	z_stream z = { .next_in = in.at, .avail_in = (uInt)in.len };

	int r = mod_dl_need();
	if (r < 0)
		return r;
	if (sym_deflateInit2_(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
			      MAX_WBITS + GZIP, MEMORY, Z_DEFAULT_STRATEGY,
			      ZLIB_VERSION, (int)sizeof z) != Z_OK)
		return -ENOMEM;
	size_t room = sym_deflateBound(&z, (uLong)in.len);
	uint8_t *packed = malloc(room);
	z.next_out = packed;
	z.avail_out = (uInt)room;
	bool done = packed && sym_deflate(&z, Z_FINISH) == Z_STREAM_END;
	sym_deflateEnd(&z);
	if (!done) {
		free(packed);
		return -ENOMEM;
	}
	*out = packed;
	*len = room - z.avail_out;
	return 0;
}

#else

int mod_pack_gz(struct mod_bytes in, uint8_t **out, size_t *len)
{
	(void)in;
	(void)out;
	(void)len;
	return -ENOSYS;
}

#endif
