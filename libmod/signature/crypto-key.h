/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crypto-key.h - private keys, and signing with them, by libcrypto. */
#pragma once

#include "libmod/signature/crypto.h"

struct mod_crypto_key;

/* A key in PEM or DER, of RSA or EC.  pin is the pass phrase of an encrypted
 * one, or NULL; nobody is ever asked for it.
 * Returns 0; -EACCES when it is encrypted and the pass phrase is missing or
 * wrong; -EBADMSG when it is no key; -EOPNOTSUPP for a key of another kind;
 * -ENOSYS; -ENOMEM.
 */
_check_ int mod_crypto_key_new(struct mod_crypto *crypto,
			       struct mod_bytes bytes, const char *pin,
			       struct mod_crypto_key **out);
void mod_crypto_key_free(struct mod_crypto_key *key);
MOD_CLEANUP(struct mod_crypto_key *, mod_crypto_key_free)

enum mod_cms_key mod_crypto_key_kind(const struct mod_crypto_key *key);

/* Is it the key of this certificate?  1 when it is not; -EBADMSG. */
_check_ int mod_crypto_key_fits(const struct mod_crypto_key *key,
				struct mod_bytes cert);

/* Appends the signature of a digest made by the algorithm `name`.  May be
 * called by several threads at once.  Returns 0; -EINVAL when the key is too
 * small for it; -ENOMEM.
 */
_check_ int mod_crypto_key_sign(const struct mod_crypto_key *key,
				const char *name,
				const struct mod_digest *digest,
				struct mod_str *out);
