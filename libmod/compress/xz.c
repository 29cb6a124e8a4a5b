/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/codec.h"

#ifdef HAVE_XZ

#include "libmod/base/dl.h"

#include <errno.h>
#include <lzma.h>

#define FUNCTIONS(each) each(lzma_code) each(lzma_end) each(lzma_stream_decoder)

#ifdef XZ_DLOPEN
MOD_DLOPEN_NOTE("xz", "Modules in .xz files", "recommended", "liblzma.so.5");
MOD_DL_OPENED(FUNCTIONS, "liblzma.so.5")
#else
MOD_DL_LINKED(FUNCTIONS)
#endif

/* A file's header says how much memory its decoder takes, up to 4 GiB, and it
 * is taken at once.  The kernel's files want 1 MiB, xz -9 wants 65.
 */
enum { MEMORY_LIMIT = 256 << 20 }; /* bytes */

static int fail(lzma_ret code, const char **why)
{
	switch (code) {
	case LZMA_MEM_ERROR:
		return -ENOMEM;
	case LZMA_MEMLIMIT_ERROR:
		return -E2BIG;
	case LZMA_FORMAT_ERROR:
		*why = "File format not recognized";
		break;
	case LZMA_OPTIONS_ERROR:
		*why = "Unsupported compression options";
		break;
	case LZMA_BUF_ERROR:
		*why = "Unexpected end of input";
		break;
	default:
		*why = "File is corrupt";
		break;
	}
	return -EBADMSG;
}

/* lzma_stream_decoder() keeps the memory of an earlier one. */
static int start(void **decoder, lzma_stream **out, const char **why)
{
	int r = mod_dl_need();
	if (r < 0)
		return r;
	if (!*decoder) {
		*decoder = calloc(1, sizeof(lzma_stream));
		if (!*decoder)
			return -ENOMEM;
		*(lzma_stream *)*decoder = (lzma_stream)LZMA_STREAM_INIT;
	}
	*out = *decoder;
	lzma_ret code =
		sym_lzma_stream_decoder(*out, MEMORY_LIMIT, LZMA_CONCATENATED);
	return code == LZMA_OK ? 0 : fail(code, why);
}

static int unpack(void **decoder, struct mod_bytes in, struct mod_out *out,
		  const char **why)
{
	lzma_stream *xz;

	int r = start(decoder, &xz, why);
	if (r < 0)
		return r;
	xz->next_in = in.at;
	xz->avail_in = in.len;
	for (;;) {
		r = mod_out_grow(out);
		if (r < 0)
			return r;
		xz->next_out = out->at + out->len;
		xz->avail_out = out->cap - out->len;
		lzma_ret code = sym_lzma_code(xz, LZMA_FINISH);
		out->len = out->cap - xz->avail_out;
		if (code == LZMA_STREAM_END)
			return 0;
		if (code != LZMA_OK)
			return fail(code, why);
	}
}

static void release(void *decoder)
{
	sym_lzma_end(decoder);
	free(decoder);
}

const struct mod_codec_ops mod_codec_xz = { unpack, release };

#else

const struct mod_codec_ops mod_codec_xz = { NULL, NULL };

#endif
