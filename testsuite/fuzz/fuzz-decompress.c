/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/decompress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 1 << 20, LOW_LIMIT = 1000 };

/* A decoder that has seen other files gives what a fresh one gives, and a
 * limit changes nothing but that it is kept.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mod_decompressor used;
	struct mod_bytes in = { data, size }, image;
	enum mod_codec codec = mod_codec_of(in);
	_free_ uint8_t *at = NULL;
	const char *why = NULL;
	size_t len = 0;

	if (codec == MOD_CODEC_NONE)
		return 0;
	int fresh = mod_decompress(codec, in, LIMIT, &at, &len, &why);
	if (len > LIMIT || (fresh == -EBADMSG) != (why != NULL))
		abort();
	int again = mod_decompress_with(&used, codec, in, LIMIT, &image, &why);
	if (again != fresh)
		abort();
	if (fresh == 0 && (image.len != len || memcmp(image.at, at, len) != 0))
		abort();
	int low =
		mod_decompress_with(&used, codec, in, LOW_LIMIT, &image, &why);
	if (fresh == 0 && low != (len > LOW_LIMIT ? -E2BIG : 0))
		abort();
	if (fresh < 0 && low != fresh && low != -E2BIG)
		abort();
	return 0;
}
