/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/compress.h"

#include <errno.h>

#ifdef HAVE_ZSTD

#include "libmod/base/dl.h"

#include <zstd.h>

#define FUNCTIONS(each)                                                        \
	each(ZSTD_CCtx_setParameter) each(ZSTD_compress2)                      \
		each(ZSTD_compressBound) each(ZSTD_createCCtx)                 \
			each(ZSTD_freeCCtx) each(ZSTD_isError)

#if defined(ZSTD_DLOPEN) || defined(ZSTD_PACK_DLOPEN)
MOD_DLOPEN_NOTE("zstd-pack", "Packing .zst modules that are signed",
		"suggested", "libzstd.so.1");
MOD_DL_OPENED(FUNCTIONS, "libzstd.so.1")
#else
MOD_DL_LINKED(FUNCTIONS)
#endif

/* With the size and a checksum, as zstd(1). */
int mod_pack_zst(struct mod_bytes in, uint8_t **out, size_t *len)
{
	int r = mod_dl_need();
	if (r < 0)
		return r;
	ZSTD_CCtx *zstd = sym_ZSTD_createCCtx();
	size_t room = sym_ZSTD_compressBound(in.len), used = 0;
	uint8_t *packed = malloc(room);
	bool done = zstd && packed &&
		!sym_ZSTD_isError(sym_ZSTD_CCtx_setParameter(
			zstd, ZSTD_c_checksumFlag, 1));
	if (done) {
		used = sym_ZSTD_compress2(zstd, packed, room, in.at, in.len);
		done = !sym_ZSTD_isError(used);
	}
	sym_ZSTD_freeCCtx(zstd);
	if (!done) {
		free(packed);
		return -ENOMEM;
	}
	*out = packed;
	*len = used;
	return 0;
}

#else

int mod_pack_zst(struct mod_bytes in, uint8_t **out, size_t *len)
{
	(void)in;
	(void)out;
	(void)len;
	return -ENOSYS;
}

#endif
