/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/cms.h"

static size_t ends_of(struct mod_bytes b)
{
	return b.len ? b.at[0] + b.at[b.len - 1] : 0;
}

/* Reads a message as verifying does, signer by signer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mod_cms_signer signer;
	const char *why = NULL;
	struct mod_cms cms;
	size_t seen = 0;

	int r = mod_cms_open(&cms, (struct mod_bytes){ data, size }, &why);
	while (r == 0) {
		r = mod_cms_next(&cms, &signer, &why);
		if (r == 0)
			seen += ends_of(signer.issuer) +
				ends_of(signer.serial) +
				ends_of(signer.key_id) +
				ends_of(signer.signature) +
				strlen(signer.digest);
	}
	if (r < 0 && !why)
		__builtin_trap();
	__asm__ volatile("" ::"r"(seen)); /* keep the reads */
	return 0;
}
