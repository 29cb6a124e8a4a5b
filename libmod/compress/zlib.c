/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/codec.h"

#ifdef HAVE_ZLIB

#define ZLIB_CONST /* next_in points to const bytes */
#include "libmod/base/dl.h"

#include <errno.h>
#include <limits.h>
#include <zlib.h>

#define DECODER(each)                                                          \
	each(inflate) each(inflateEnd) each(inflateInit2_) each(inflateReset)

#ifdef ZLIB_DLOPEN
MOD_DLOPEN_NOTE("zlib", "Modules in .gz files", "recommended", "libz.so.1");
MOD_DL_OPENED(need_decoder, DECODER, "libz.so.1")
#else
MOD_DL_LINKED(need_decoder, DECODER)
#endif

enum { GZIP = 16 }; /* added to the window's bits: a gzip header, not zlib's */

static int fail(const z_stream *z, int code, const char **why)
{
	if (code == Z_MEM_ERROR)
		return -ENOMEM;
	if (code == Z_BUF_ERROR)
		*why = "unexpected end of file";
	else
		*why = z->msg ? z->msg : "invalid data";
	return -EBADMSG;
}

static int start(void **decoder)
{
	_free_ z_stream *z = NULL;

	if (*decoder)
		return sym_inflateReset(*decoder) == Z_OK ? 0 : -EINVAL;
	z = calloc(1, sizeof *z);
	if (!z)
		return -ENOMEM;
	int code = sym_inflateInit2_(z, MAX_WBITS + GZIP, ZLIB_VERSION,
				     (int)sizeof *z);
	if (code != Z_OK)
		return code == Z_VERSION_ERROR ? -ENOSYS : -ENOMEM;
	*decoder = mod_take(z);
	return 0;
}

/* zlib counts in unsigned int. */
static unsigned clip(size_t n)
{
	return n < UINT_MAX ? (unsigned)n : UINT_MAX;
}

/* As much as there is and as has room.  Returns zlib's code. */
static int some(z_stream *z, struct mod_bytes *in, struct mod_codec_image *out)
{
	unsigned had = clip(in->len), room = clip(out->cap - out->len);

	z->next_in = in->at;
	z->avail_in = had;
	z->next_out = out->at + out->len;
	z->avail_out = room;
	int code = sym_inflate(z, Z_NO_FLUSH);
	in->at += had - z->avail_in;
	in->len -= had - z->avail_in;
	out->len += room - z->avail_out;
	return code;
}

/* What does not begin as a member does is ignored, as by gzip(1), gzread(). */
static bool is_member(struct mod_bytes in)
{
	return in.len >= 2 && in.at[0] == 0x1f && in.at[1] == 0x8b;
}

static int decompress(void **decoder, struct mod_bytes in,
		      struct mod_codec_image *out, const char **why)
{
	int r = need_decoder();

	if (r == 0)
		r = start(decoder);
	while (r == 0) {
		r = mod_codec_grow(out);
		if (r < 0)
			break;
		int code = some(*decoder, &in, out);
		if (code == Z_STREAM_END) {
			if (!is_member(in))
				break;
			code = sym_inflateReset(*decoder);
		}
		if (code != Z_OK)
			r = fail(*decoder, code, why);
	}
	return r;
}

static void release(void *decoder)
{
	sym_inflateEnd(decoder);
	free(decoder);
}

/* ---- compression */

#define ENCODER(each)                                                          \
	each(deflate) each(deflateBound) each(deflateEnd) each(deflateInit2_)

enum { MEMORY = 8 }; /* zlib's default */

#if defined(ZLIB_DLOPEN) || defined(ZLIB_ENCODER_DLOPEN)
MOD_DLOPEN_NOTE("zlib-encoder", "Compressing .gz modules that are signed",
		"suggested", "libz.so.1");
MOD_DL_OPENED(need_encoder, ENCODER, "libz.so.1")
#else
MOD_DL_LINKED(need_encoder, ENCODER)
#endif

/* Without a name and a time, as gzip -n. */
static int compress_all(struct mod_bytes in, uint8_t **out, size_t *len)
{
	z_stream z = { .next_in = in.at, .avail_in = (uInt)in.len };

	int r = need_encoder();
	if (r < 0)
		return r;
	if (sym_deflateInit2_(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
			      MAX_WBITS + GZIP, MEMORY, Z_DEFAULT_STRATEGY,
			      ZLIB_VERSION, (int)sizeof z) != Z_OK)
		return -ENOMEM;
	size_t room = sym_deflateBound(&z, (uLong)in.len);
	uint8_t *compressed = malloc(room);
	z.next_out = compressed;
	z.avail_out = (uInt)room;
	bool done = compressed && sym_deflate(&z, Z_FINISH) == Z_STREAM_END;
	sym_deflateEnd(&z);
	if (!done) {
		free(compressed);
		return -ENOMEM;
	}
	*out = compressed;
	*len = room - z.avail_out;
	return 0;
}

const struct mod_codec_ops mod_codec_zlib = { decompress, release,
					      compress_all };

#else

const struct mod_codec_ops mod_codec_zlib = { NULL, NULL, NULL };

#endif
