/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* x509.h - X.509 certificates: their fields, and the next one of several.
 *
 * Nothing is verified here.  Views point into the certificate.  Source: RFC
 * 5280.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"
#include "libmod/base/str.h"

struct mod_x509 {
	struct mod_bytes der;             /* all of it */
	struct mod_bytes issuer, subject; /* whole Names */
	struct mod_bytes serial;          /* contents of the INTEGER */
	struct mod_bytes key_id; /* subjectKeyIdentifier; empty for none */
	bool may_sign; /* no extension keeps it from signing modules */
};

/* The certificate at the front of *left, taken off.  Returns 0; 1 when nothing
 * is left; -EBADMSG when the bytes are no certificate.
 */
_check_ int mod_x509_next(struct mod_bytes *left, struct mod_x509 *cert);

/* The next certificate in a PEM text, taken off *left; der is emptied and then
 * holds it.  Returns 0; 1 when there are no more; -EBADMSG; -ENOMEM.
 */
_check_ int mod_x509_pem_next(struct mod_bytes *left, struct mod_str *der);

/* Does the text have a PEM certificate somewhere? */
bool mod_x509_is_pem(struct mod_bytes text);

/* Does the certificate belong to this issuer and serial number?  To this key
 * id?
 */
bool mod_x509_is_named(const struct mod_x509 *cert, struct mod_bytes issuer,
		       struct mod_bytes serial);
bool mod_x509_has_key_id(const struct mod_x509 *cert, struct mod_bytes key_id);

/* Does it name itself as its issuer? */
bool mod_x509_is_self_issued(const struct mod_x509 *cert);
