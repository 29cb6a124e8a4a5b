/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crypto.h - what libcrypto does here: digests, and signatures checked against
 * a certificate.
 *
 * The library is loaded when the first object is made (base/dl.h).  It gets a
 * library context of its own, so no openssl.cnf is read and a program's own
 * use of libcrypto is not disturbed.
 */
#pragma once

#include "libmod/signature/cms.h"

/* May be used by several threads at once. */
struct mod_crypto;

/* Returns 0; -ENOSYS when this build has no libcrypto, or it cannot be loaded;
 * -ENOMEM.
 */
_check_ int mod_crypto_new(struct mod_crypto **out);
void mod_crypto_free(struct mod_crypto *crypto);

/* What -ENOSYS means, for people. */
const char *mod_crypto_absent(void);
MOD_CLEANUP(struct mod_crypto *, mod_crypto_free)

struct mod_digest {
	size_t len;
	uint8_t at[64];
};

/* A digest that is made piece by piece.  name is as mod_cms_signer has it.
 * Returns 0; -EOPNOTSUPP when libcrypto does not make it, or not of a certain
 * length; -ENOMEM.
 */
struct mod_crypto_hash;
_check_ int mod_crypto_hash_new(struct mod_crypto *crypto, const char *name,
				struct mod_crypto_hash **out);
_check_ int mod_crypto_hash_add(struct mod_crypto_hash *hash,
				struct mod_bytes bytes);
_check_ int mod_crypto_hash_end(struct mod_crypto_hash *hash,
				struct mod_digest *out);
void mod_crypto_hash_free(struct mod_crypto_hash *hash);
MOD_CLEANUP(struct mod_crypto_hash *, mod_crypto_hash_free)

/* The facts about a certificate that decide whether it is trusted. */
struct mod_crypto_cert {
	int64_t from, until; /* seconds since 1970 */
	unsigned key_bits;
	unsigned strength; /* of the key, in bits of security */
};

/* Did the certificate's key sign this digest, made by the signer's algorithm?
 * Returns 0; 1 when it did not;
 * -EBADMSG for a certificate that cannot be used; -ENOMEM.
 */
_check_ int mod_crypto_verify(struct mod_crypto *crypto, struct mod_bytes cert,
			      const struct mod_cms_signer *signer,
			      const struct mod_digest *digest,
			      struct mod_crypto_cert *facts);
