/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature-info.h - the fields of a module's signature, to be shown.
 *
 * Nothing is verified here; see verify.c for that.
 */
#pragma once

#include "libmod/base/arena.h"
#include "libmod/base/source.h"

/* Bytes are lent by the source, or by the arena where they had to be made. */
struct mod_signature_info {
	const char *id;          /* "PGP", "X509", "PKCS#7" */
	const char *hash;        /* "sha256" ...; "1.2.3"; "unknown" */
	struct mod_bytes signer; /* a name, UTF-8 if the signer kept the rules;
				  * ends at a NUL, which it does not hold */
	struct mod_bytes key;    /* serial number (magnitude) or key id */
	struct mod_bytes signature;
	struct mod_bytes der;  /* whole PKCS#7 message; else empty */
	uint64_t signed_len;   /* bytes of the file that the signature covers */
	struct mod_arena made; /* owned */
};

/* Reads the trailer, and for PKCS#7 the message in it: its first SignerInfo.
 * A message that cannot be read leaves signer, key and signature empty and
 * hash "unknown".
 * Returns 0; 1 when the file has no (sound) trailer; -ENOMEM; errors of the
 * source.
 */
_check_ int mod_signature_info_read(struct mod_source *src,
				    struct mod_signature_info *info);

void mod_signature_info_fini(struct mod_signature_info *info);
