/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/trailer.h"
#include "libmod/signature/signature-info.h"

static size_t ends_of(struct mod_bytes b)
{
	return b.len ? b.at[0] + b.at[b.len - 1] : 0;
}

/* Reads the trailer of a file, and the message in it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mod_source_memory mem;
	struct mod_signature_info sign;

	mod_source_from_memory(&mem, (struct mod_bytes){ data, size });
	if (mod_signature_info_read(&mem.src, &sign) != 0)
		return 0;
	if (sign.signed_len > size ||
	    (sign.signer.len && memchr(sign.signer.at, '\0', sign.signer.len)))
		__builtin_trap();
	size_t seen = strlen(sign.id) + strlen(sign.hash) +
		ends_of(sign.signer) + ends_of(sign.key) +
		ends_of(sign.signature) + ends_of(sign.der);
	__asm__ volatile("" ::"r"(seen)); /* keep the reads */
	mod_signature_info_fini(&sign);
	return 0;
}
