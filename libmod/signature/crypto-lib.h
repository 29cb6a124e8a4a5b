/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crypto-lib.h - libcrypto's own context, between crypto.c and crypto-key.c. */
#pragma once

#include "libmod/signature/crypto.h"

#ifdef HAVE_OPENSSL
#include <openssl/types.h>

OSSL_LIB_CTX *mod_crypto_lib(struct mod_crypto *crypto);
#endif
