/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/compress.h"

#include <errno.h>

int mod_pack(enum mod_codec codec, struct mod_bytes in, uint8_t **out,
	     size_t *len)
{
	static mod_pack_fn *const packers[MOD_CODECS] = {
		[MOD_CODEC_GZ] = mod_pack_gz,
		[MOD_CODEC_XZ] = mod_pack_xz,
		[MOD_CODEC_ZST] = mod_pack_zst,
	};

	if (in.len > MOD_UNPACK_LIMIT)
		return -E2BIG;
	return packers[codec] ? packers[codec](in, out, len) : -ENOSYS;
}
