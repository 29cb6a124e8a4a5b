/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/compress.h"

#include <errno.h>

#ifdef HAVE_XZ

#include "libmod/base/dl.h"

#include <lzma.h>

#define FUNCTIONS(each)                                                        \
	each(lzma_lzma_preset) each(lzma_stream_buffer_bound)                  \
		each(lzma_stream_buffer_encode)

#if defined(XZ_DLOPEN) || defined(XZ_PACK_DLOPEN)
MOD_DLOPEN_NOTE("xz-pack", "Packing .xz modules that are signed", "suggested",
		"liblzma.so.5");
MOD_DL_OPENED(FUNCTIONS, "liblzma.so.5")
#else
MOD_DL_LINKED(FUNCTIONS)
#endif

/* The kernel's decoder knows no other check than CRC32. */
int mod_pack_xz(struct mod_bytes in, uint8_t **out, size_t *len)
{
	enum { DICTIONARY = 1 << 20 }; /* bytes; --lzma2=dict=1MiB */
	_free_ uint8_t *packed = NULL;
	lzma_options_lzma options;
	lzma_filter filters[] = { { LZMA_FILTER_LZMA2, &options },
				  { LZMA_VLI_UNKNOWN, NULL } };
	size_t used = 0;

	int r = mod_dl_need();
	if (r < 0)
		return r;
	size_t room = sym_lzma_stream_buffer_bound(in.len);
	packed = room ? malloc(room) : NULL;
	if (!packed || sym_lzma_lzma_preset(&options, LZMA_PRESET_DEFAULT))
		return -ENOMEM;
	options.dict_size = DICTIONARY;
	if (sym_lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, NULL,
					  in.at, in.len, packed, &used,
					  room) != LZMA_OK)
		return -ENOMEM;
	*out = mod_take(packed);
	*len = used;
	return 0;
}

#else

int mod_pack_xz(struct mod_bytes in, uint8_t **out, size_t *len)
{
	(void)in;
	(void)out;
	(void)len;
	return -ENOSYS;
}

#endif
