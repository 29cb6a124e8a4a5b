/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pkcs7.h - the few fields of a PKCS#7 SignedData that are shown to people.
 *
 * A bounded walk over DER, and over the indefinite lengths of BER; nothing is
 * verified here.  Results point into the message, unchanged.  Source: RFC 5652,
 * X.690.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"
#include "libmod/signature/dn.h"

struct mod_pkcs7 {
	struct mod_dn signer;       /* issuer */
	struct mod_bytes serial;    /* no leading zero; empty for 0 */
	bool negative;              /* serial is in two's complement, whole */
	struct mod_bytes key_id;    /* subjectKeyIdentifier, where a signer is
				     * named by it; then serial is empty */
	struct mod_bytes digest;    /* digestAlgorithm's OID, contents octets */
	struct mod_bytes signature; /* the first SignerInfo's */
};

/* Bytes after the message are ignored.  Returns 0, or -EBADMSG. */
_check_ int mod_pkcs7_read(struct mod_bytes der, struct mod_pkcs7 *out);

/* The digest's name as OpenSSL spells it ("sha256"), or NULL for one that is
 * not known here.
 */
const char *mod_pkcs7_digest(struct mod_bytes oid);

/* The other way round; empty for one that is not known. */
struct mod_bytes mod_pkcs7_digest_oid(const char *name);

/* "1.2.3" into buf; false when it does not fit or is no OID. */
bool mod_pkcs7_oid_text(struct mod_bytes oid, char *buf, size_t size);
