/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign.h - the signature trailer behind a module.
 *
 * Layout, from the end of the file backwards: 28 bytes of magic, 12 bytes of
 * struct module_signature (include/linux/module_signature.h; sig_len is
 * big-endian), the signature, the key id, the signer's name.
 */
#pragma once

#include "libmod/base/source.h"

struct mod_sign {
	const char *id;   /* "PGP", "X509", "PKCS#7" */
	const char *hash; /* "sha256" ...; "unknown" */
	char *hash_text;  /* owned; what hash points to when it is no constant */
	/* Bytes lent by the source. */
	struct mod_bytes signer; /* a name; not NUL-terminated */
	struct mod_bytes key;    /* serial number or key id */
	struct mod_bytes signature;
	struct mod_bytes der;    /* whole PKCS#7 message; else empty */
	uint64_t signed_len; /* bytes of the file that the signature covers */
};

/* Reads the trailer, and for PKCS#7 the message in it: its first SignerInfo.
 * A message that cannot be read leaves signer, key and signature empty and
 * hash "unknown".
 * Returns 0; 1 when the file has no (sound) trailer; errors of the source.
 */
_check_ int mod_sign_read(struct mod_source *src, struct mod_sign *sign);
void mod_sign_fini(struct mod_sign *sign);
