/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/codec.h"

#ifdef HAVE_ZSTD

#include "libmod/base/cursor.h"
#include "libmod/base/dl.h"

#include <errno.h>
#include <zstd.h>
#include <zstd_errors.h>

#define DECODER(each)                                                          \
	each(ZSTD_createDCtx) each(ZSTD_freeDCtx) each(ZSTD_DCtx_reset)        \
		each(ZSTD_decompressDCtx) each(ZSTD_decompressStream)          \
			each(ZSTD_findFrameCompressedSize) each(               \
				ZSTD_getFrameContentSize) each(ZSTD_isError)   \
				each(ZSTD_getErrorCode)                        \
					each(ZSTD_getErrorName)

#ifdef ZSTD_DLOPEN
MOD_DLOPEN_NOTE("zstd", "Modules in .zst files", "recommended", "libzstd.so.1");
MOD_DL_OPENED(need_decoder, DECODER, "libzstd.so.1")
#else
MOD_DL_LINKED(need_decoder, DECODER)
#endif

/* A frame whose header claims more than this many times its own size is not
 * trusted but decompressed piece by piece.  Modules shrink to a fifth.
 */
enum { SANE_RATIO = 64 };

static int fail(size_t code, const char **why)
{
	if (sym_ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation)
		return -ENOMEM;
	*why = sym_ZSTD_getErrorName(code);
	return -EBADMSG;
}

static int whole_frame(ZSTD_DCtx *zstd, struct mod_bytes frame, uint64_t size,
		       struct mod_codec_image *out, const char **why)
{
	int r = mod_codec_reserve(out, size);
	if (r < 0)
		return r;
	size_t n = sym_ZSTD_decompressDCtx(zstd, out->at + out->len,
					   (size_t)size, frame.at, frame.len);
	if (sym_ZSTD_isError(n))
		return fail(n, why);
	out->len += n;
	return 0;
}

static int by_pieces(ZSTD_DCtx *zstd, struct mod_bytes frame, uint64_t size,
		     struct mod_codec_image *out, const char **why)
{
	ZSTD_inBuffer from = { frame.at, frame.len, 0 };
	size_t left, start = out->len;

	do {
		int r = mod_codec_grow(out);
		if (r < 0)
			return r;
		ZSTD_outBuffer to = { out->at, out->cap, out->len };
		left = sym_ZSTD_decompressStream(zstd, &to, &from);
		if (sym_ZSTD_isError(left))
			return fail(left, why);
		out->len = to.pos;
		if (left && from.pos == from.size && to.pos < to.size) {
			*why = "unexpected end of frame";
			return -EBADMSG;
		}
	} while (left);
	/* The library does not look when the last block is an empty one. */
	if (size != ZSTD_CONTENTSIZE_UNKNOWN && out->len - start != size)
		return fail((size_t)-ZSTD_error_corruption_detected, why);
	return 0;
}

static int one_frame(ZSTD_DCtx *zstd, struct mod_bytes frame,
		     struct mod_codec_image *out, const char **why)
{
	unsigned long long size =
		sym_ZSTD_getFrameContentSize(frame.at, frame.len);

	sym_ZSTD_DCtx_reset(zstd, ZSTD_reset_session_only);
	/* What cannot be known is a large number here, too. */
	return size / SANE_RATIO <= frame.len
		? whole_frame(zstd, frame, size, out, why)
		: by_pieces(zstd, frame, size, out, why);
}

/* The library also reads formats from before 1.0, which no module has. */
static bool is_frame(struct mod_bytes in)
{
	struct mod_cursor c = { .in = in };
	uint32_t magic = mod_cursor_u32(&c);

	return magic == ZSTD_MAGICNUMBER ||
		(magic & ZSTD_MAGIC_SKIPPABLE_MASK) ==
		ZSTD_MAGIC_SKIPPABLE_START;
}

/* Takes the first frame, which is whole, off the front of *in. */
static int take_frame(struct mod_bytes *in, struct mod_bytes *frame,
		      const char **why)
{
	if (!is_frame(*in)) {
		*why = "Unknown frame descriptor";
		return -EBADMSG;
	}
	size_t n = sym_ZSTD_findFrameCompressedSize(in->at, in->len);
	if (sym_ZSTD_isError(n))
		return fail(n, why);
	*frame = (struct mod_bytes){ in->at, n };
	*in = (struct mod_bytes){ in->at + n, in->len - n };
	return 0;
}

static int decompress(void **decoder, struct mod_bytes in,
		      struct mod_codec_image *out, const char **why)
{
	struct mod_bytes frame;

	int r = need_decoder();
	if (r == 0 && !*decoder) {
		*decoder = sym_ZSTD_createDCtx();
		r = *decoder ? 0 : -ENOMEM;
	}
	if (r < 0)
		return r;
	do {
		r = take_frame(&in, &frame, why);
		if (r == 0)
			r = one_frame(*decoder, frame, out, why);
	} while (r == 0 && in.len > 0);
	return r;
}

static void release(void *decoder)
{
	sym_ZSTD_freeDCtx(decoder);
}

/* ---- compression */

#define ENCODER(each)                                                          \
	each(ZSTD_CCtx_setParameter) each(ZSTD_compress2)                      \
		each(ZSTD_compressBound) each(ZSTD_createCCtx)                 \
			each(ZSTD_freeCCtx)

#if defined(ZSTD_DLOPEN) || defined(ZSTD_ENCODER_DLOPEN)
MOD_DLOPEN_NOTE("zstd-encoder", "Compressing .zst modules that are signed",
		"suggested", "libzstd.so.1");
MOD_DL_OPENED(need_encoder, ENCODER, "libzstd.so.1")
#else
MOD_DL_LINKED(need_encoder, ENCODER)
#endif

/* With the size and a checksum, as zstd(1). */
static int compress_all(struct mod_bytes in, uint8_t **out, size_t *len)
{
	/* ZSTD_isError() is the decoder's. */
	int r = need_decoder();
	if (r == 0)
		r = need_encoder();
	if (r < 0)
		return r;
	ZSTD_CCtx *zstd = sym_ZSTD_createCCtx();
	size_t room = sym_ZSTD_compressBound(in.len), used = 0;
	uint8_t *compressed = malloc(room);
	bool done = zstd && compressed &&
		!sym_ZSTD_isError(sym_ZSTD_CCtx_setParameter(
			zstd, ZSTD_c_checksumFlag, 1));
	if (done) {
		used = sym_ZSTD_compress2(zstd, compressed, room, in.at,
					  in.len);
		done = !sym_ZSTD_isError(used);
	}
	sym_ZSTD_freeCCtx(zstd);
	if (!done) {
		free(compressed);
		return -ENOMEM;
	}
	*out = compressed;
	*len = used;
	return 0;
}

const struct mod_codec_ops mod_codec_zstd = { decompress, release,
					      compress_all };

#else

const struct mod_codec_ops mod_codec_zstd = { NULL, NULL, NULL };

#endif
