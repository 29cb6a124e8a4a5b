/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/kmod-hash.h"

#include <string.h>

static uint32_t low16(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8;
}

uint32_t mod_kmod_hash(const char *text)
{
	return mod_kmod_hash_n(text, strlen(text));
}

uint32_t mod_kmod_hash_n(const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t h = (uint32_t)n;

	for (; n >= 4; n -= 4, p += 4) {
		h += low16(p);
		h = h << 16 ^ (low16(p + 2) << 11 ^ h);
		h += h >> 11;
	}
	switch (n) {
	case 3:
		h += low16(p);
		h ^= h << 16;
		h ^= (uint32_t)p[2] << 18;
		h += h >> 11;
		break;
	case 2:
		h += low16(p);
		h ^= h << 11;
		h += h >> 17;
		break;
	case 1:
		h += p[0];
		h ^= h << 10;
		h += h >> 1;
	}
	h ^= h << 3;
	h += h >> 5;
	h ^= h << 4;
	h += h >> 17;
	h ^= h << 25;
	h += h >> 6;
	return h;
}
