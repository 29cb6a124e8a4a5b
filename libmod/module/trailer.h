/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* trailer.h - the signature trailer behind a module.
 *
 * Layout, from the end of the file backwards: 28 bytes of magic, 12 bytes of
 * struct module_signature (include/linux/module_signature.h; sig_len is
 * big-endian), the signature, the key id, the signer's name.
 */
#pragma once

#include "libmod/base/arena.h"
#include "libmod/base/source.h"
#include "libmod/base/str.h"

/* Bytes are lent by the source, or by the arena where they had to be made. */
struct mod_sign {
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
_check_ int mod_sign_read(struct mod_source *src, struct mod_sign *sign);
/* The signature as the kernel looks for it: the last trailer alone, a PKCS#7
 * message, with nothing in the fields that older kernels used (kernel/module/
 * signing.c, kernel/module_signature.c).
 */
struct mod_sign_place {
	struct mod_bytes der; /* lent by the source */
	uint64_t signed_len;  /* bytes of the file in front of it */
};

/* Returns 0; 1 when no trailer ends the file; -EBADMSG for one that the kernel
 * does not take, *why says what is wrong with it; errors of the source.
 */
_check_ int mod_sign_find(struct mod_source *src, struct mod_sign_place *place,
			  const char **why);

/* How long the file is without its signatures, of whatever kind, however many
 * stand one behind the other.  Returns 0; 1 when there is none; -EBADMSG for a
 * trailer that does not tell where its signature begins; errors of the source.
 */
_check_ int mod_sign_unsigned_len(struct mod_source *src, uint64_t *len);

/* Appends the block and the magic behind a message of that many bytes. */
void mod_sign_add_trailer(struct mod_str *out, uint32_t der_len);

void mod_sign_fini(struct mod_sign *sign);
