/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* trailer.h - the signature trailer at the end of a module.
 *
 * Layout, from the end of the file backwards: 28 bytes of magic, 12 bytes of
 * struct module_signature (include/linux/module_signature.h; sig_len is
 * big-endian), the signature, the key id, the signer's name.
 */
#pragma once

#include "libmod/base/cleanup.h"
#include "libmod/base/source.h"
#include "libmod/base/str.h"

/* The fields of a trailer; bytes are lent by the source. */
struct mod_trailer {
	const char *id;   /* "PGP", "X509", "PKCS#7" */
	const char *hash; /* "sha256" ...: of kernels that signed without
			   * PKCS#7 */
	bool pkcs7;       /* the signature is a PKCS#7 message */
	struct mod_bytes signer, key, signature;
	uint64_t signed_len; /* bytes of the file that the signature covers */
};

/* Reads the last trailer of a file.  Returns 0; 1 when the file has no (sound)
 * trailer; errors of the source.
 */
_check_ int mod_trailer_read(struct mod_source *src,
			     struct mod_trailer *trailer);

/* The signature as the kernel looks for it: the last trailer alone, a PKCS#7
 * message, with nothing in the fields that older kernels used (kernel/module/
 * signing.c, kernel/module_signature.c).
 */
struct mod_trailer_place {
	struct mod_bytes der; /* lent by the source */
	uint64_t signed_len;  /* bytes of the file in front of it */
};

/* Returns 0; 1 when no trailer ends the file; -EBADMSG for one that the kernel
 * does not take, *why is the reason; errors of the source.
 */
_check_ int mod_trailer_find(struct mod_source *src,
			     struct mod_trailer_place *place, const char **why);

/* The length of the file without its signatures, of whatever kind and number.
 * Returns 0; 1 when there is none; -EBADMSG for a trailer that does not locate
 * the start of its signature; errors of the source.
 */
_check_ int mod_trailer_unsigned_len(struct mod_source *src, uint64_t *len);

/* Appends the block and the magic after a message of that many bytes. */
void mod_trailer_add(struct mod_str *out, uint32_t der_len);
