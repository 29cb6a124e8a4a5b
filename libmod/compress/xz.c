/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/codec.h"

#ifdef HAVE_XZ

#include "libmod/base/dl.h"

#include <errno.h>
#include <lzma.h>

#define DECODER(each) each(lzma_code) each(lzma_end) each(lzma_stream_decoder)

#ifdef XZ_DLOPEN
MOD_DLOPEN_NOTE("xz", "Modules in .xz files", "recommended", "liblzma.so.5");
MOD_DL_OPENED(need_decoder, DECODER, "liblzma.so.5")
#else
MOD_DL_LINKED(need_decoder, DECODER)
#endif

/* A file's header gives the memory that its decoder takes, up to 4 GiB, and it
 * is allocated at once.  The kernel's files need 1 MiB, xz -9 needs 65 MiB.
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
	int r = need_decoder();
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

static int decompress(void **decoder, struct mod_bytes in,
		      struct mod_codec_image *out, const char **why)
{
	lzma_stream *xz;

	int r = start(decoder, &xz, why);
	if (r < 0)
		return r;
	xz->next_in = in.at;
	xz->avail_in = in.len;
	for (;;) {
		r = mod_codec_grow(out);
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

/* ---- compression */

#define ENCODER(each)                                                          \
	each(lzma_lzma_preset) each(lzma_stream_buffer_bound)                  \
		each(lzma_stream_buffer_encode)

#if defined(XZ_DLOPEN) || defined(XZ_ENCODER_DLOPEN)
MOD_DLOPEN_NOTE("xz-encoder", "Compressing .xz modules that are signed",
		"suggested", "liblzma.so.5");
MOD_DL_OPENED(need_encoder, ENCODER, "liblzma.so.5")
#else
MOD_DL_LINKED(need_encoder, ENCODER)
#endif

/* The kernel's decoder knows no other check than CRC32. */
static int compress_all(struct mod_bytes in, uint8_t **out, size_t *len)
{
	enum { DICTIONARY = 1 << 20 }; /* bytes; --lzma2=dict=1MiB */
	_free_ uint8_t *compressed = NULL;
	lzma_options_lzma options;
	lzma_filter filters[] = { { LZMA_FILTER_LZMA2, &options },
				  { LZMA_VLI_UNKNOWN, NULL } };
	size_t used = 0;

	int r = need_encoder();
	if (r < 0)
		return r;
	size_t room = sym_lzma_stream_buffer_bound(in.len);
	compressed = room ? malloc(room) : NULL;
	if (!compressed || sym_lzma_lzma_preset(&options, LZMA_PRESET_DEFAULT))
		return -ENOMEM;
	options.dict_size = DICTIONARY;
	if (sym_lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, NULL,
					  in.at, in.len, compressed, &used,
					  room) != LZMA_OK)
		return -ENOMEM;
	*out = mod_take(compressed);
	*len = used;
	return 0;
}

const struct mod_codec_ops mod_codec_xz = { decompress, release, compress_all };

#else

const struct mod_codec_ops mod_codec_xz = { NULL, NULL, NULL };

#endif
