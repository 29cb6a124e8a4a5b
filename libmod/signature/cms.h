/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cms.h - a PKCS#7 message as the kernel wants it from a module: who signed,
 * and how; and such a message made.
 *
 * pkcs7.h reads leniently, to show a message; this one is strict: it refuses
 * bytes that could be changed without notice, and all that the kernel refuses.
 * Views point
 * into the message.  Source: RFC 5652, crypto/asymmetric_keys/pkcs7.asn1.
 */
#pragma once

#include "libmod/base/cleanup.h"
#include "libmod/base/cursor.h"
#include "libmod/base/str.h"

enum mod_cms_key {
	MOD_CMS_RSA, /* PKCS#1 v1.5 */
	MOD_CMS_EC,
};

struct mod_cms_signer {
	struct mod_bytes issuer; /* the whole Name, unchanged */
	struct mod_bytes serial; /* contents of the INTEGER */
	struct mod_bytes key_id; /* named by it, then the two above are empty */
	const char *digest;      /* "sha256" */
	enum mod_cms_key key;
	struct mod_bytes signature;
};

struct mod_cms {
	struct mod_cursor signers;
	struct mod_bytes digests; /* the set of them */
	uint8_t version;
	bool first; /* no signer was read yet */
};

/* Opens a message.  Returns 0; -EBADMSG, *why is the reason. */
_check_ int mod_cms_open(struct mod_cms *cms, struct mod_bytes der,
			 const char **why);

/* The next signer.  Returns 0; 1 when there are no more; -EBADMSG with *why. */
_check_ int mod_cms_next(struct mod_cms *cms, struct mod_cms_signer *signer,
			 const char **why);

/* Can a module be signed by such a key with such a digest? */
bool mod_cms_can_make(enum mod_cms_key key, const char *digest);

/* Appends a message of one signer, byte for byte as scripts/sign-file has it
 * made.  The digest is one that can be made.
 */
void mod_cms_make(struct mod_str *out, const struct mod_cms_signer *signer);
