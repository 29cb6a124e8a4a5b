/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* version.c - what this build is and can do; documented in libmod/libmod.h. */
#include "libmod/libmod.h"

#ifdef HAVE_ZSTD
#define ZSTD "+ZSTD"
#else
#define ZSTD "-ZSTD"
#endif
#ifdef HAVE_XZ
#define XZ " +XZ"
#else
#define XZ " -XZ"
#endif
#ifdef HAVE_ZLIB
#define ZLIB " +ZLIB"
#else
#define ZLIB " -ZLIB"
#endif
#ifdef HAVE_OPENSSL
#define OPENSSL " +OPENSSL"
#else
#define OPENSSL " -OPENSSL"
#endif

const char *mod_version(void)
{
	return PACKAGE_VERSION;
}

const char *mod_features(void)
{
	return ZSTD XZ ZLIB OPENSSL;
}
