/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/efi.h"
#include "libmod/signature/x509.h"

static size_t ends_of(struct mod_bytes b)
{
	return b.len ? b.at[0] + b.at[b.len - 1] : 0;
}

static size_t read_all(struct mod_bytes left)
{
	struct mod_x509 cert;
	size_t seen = 0;

	while (mod_x509_next(&left, &cert) == 0)
		seen += ends_of(cert.der) + ends_of(cert.issuer) +
			ends_of(cert.subject) + ends_of(cert.serial) +
			ends_of(cert.key_id) + mod_x509_is_self_issued(&cert) +
			mod_x509_is_named(&cert, cert.issuer, cert.serial) +
			mod_x509_has_key_id(&cert, cert.key_id);
	return seen;
}

/* Certificates as a keyring's file has them: DER, PEM, lists of UEFI. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mod_bytes in = { data, size }, cert;
	_str_ struct mod_str der = { 0 };
	struct mod_efi_list list = { 0 };
	size_t seen = read_all(in);

	for (struct mod_bytes left = in;
	     mod_x509_is_pem(left) && mod_x509_pem_next(&left, &der) == 0;)
		seen += read_all(
			(struct mod_bytes){ (uint8_t *)der.at, der.len });
	for (struct mod_bytes left = in;
	     mod_efi_next(&left, &list, &cert) == 0;)
		seen += read_all(cert);
	__asm__ volatile("" ::"r"(seen)); /* keep the reads */
	return 0;
}
