/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/codec.h"

#ifdef HAVE_ZLIB

#define ZLIB_CONST /* next_in points to const bytes */
#include "libmod/base/dl.h"

#include <errno.h>
#include <limits.h>
#include <zlib.h>

#define FUNCTIONS(each)                                                        \
	each(inflate) each(inflateEnd) each(inflateInit2_) each(inflateReset)

#ifdef ZLIB_DLOPEN
MOD_DLOPEN_NOTE("zlib", "Modules in .gz files", "recommended", "libz.so.1");
MOD_DL_OPENED(FUNCTIONS, "libz.so.1")
#else
MOD_DL_LINKED(FUNCTIONS)
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
static int some(z_stream *z, struct mod_bytes *in, struct mod_out *out)
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

static int unpack(void **decoder, struct mod_bytes in, struct mod_out *out,
		  const char **why)
{
	int r = mod_dl_need();

	if (r == 0)
		r = start(decoder);
	while (r == 0) {
		r = mod_out_grow(out);
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

const struct mod_codec_ops mod_codec_zlib = { unpack, release };

#else

const struct mod_codec_ops mod_codec_zlib = { NULL, NULL };

#endif
