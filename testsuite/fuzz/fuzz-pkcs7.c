/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/pkcs7.h"

static size_t ends_of(struct mod_bytes b)
{
	return b.len ? b.at[0] + b.at[b.len - 1] : 0;
}

/* Reads a message, and the input as an OID. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mod_bytes in = { data, size };
	struct mod_pkcs7 message;
	char text[64];
	size_t seen = 0;

	if (mod_pkcs7_oid_text(in, text, sizeof text))
		seen += strlen(text);
	if (mod_pkcs7_read(in, &message) < 0)
		return 0;
	if (mod_pkcs7_oid_text(message.digest, text, sizeof text))
		seen += strlen(text);
	seen += !!mod_pkcs7_digest(message.digest) +
		ends_of(message.signer.value) + ends_of(message.serial) +
		ends_of(message.key_id) + ends_of(message.digest) +
		ends_of(message.signature);
	__asm__ volatile("" ::"r"(seen)); /* keep the reads */
	return 0;
}
