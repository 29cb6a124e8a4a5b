/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kernel-image.h - kernel images: the compressed kernel in them, and the
 * certificates that the kernel trusts from its start (its keyring
 * .builtin_trusted_keys).
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"

/* The payload of an image, compressed or plain.  Known are the x86 bzImage
 * (Documentation/arch/x86/boot.rst), the EFI zboot image
 * (drivers/firmware/efi/libstub/zboot-header.S), and files that are compressed
 * whole; anything else is taken as it is.
 */
struct mod_kernel_image {
	struct mod_bytes payload;
	const char *method; /* a compression that this library does not know:
			     * "lz4"; else NULL */
	bool size_after; /* four bytes of decompressed size may end payload */
};

/* Returns 0; -EBADMSG for a header that promises more than there is. */
_check_ int mod_kernel_image_read(struct mod_bytes image,
				  struct mod_kernel_image *out);

/* The certificates, one after the other, in a decompressed kernel.  There is no
 * name to find them by: the list is recognised by its end, which has its size
 * and that of its first certificate, the modules' own (certs/
 * system_certificates.S).  That excludes the list of revoked certificates,
 * which looks alike, and others.  Where the kernel was built without a key for
 * modules, the second number is 0, and the list must begin with a root.
 * Kernels before 5.13 have neither the list of revoked ones nor the second
 * number.
 * Returns 0; 1 when there is no such list; -EOPNOTSUPP when lists cannot be
 * distinguished.
 */
_check_ int mod_kernel_image_certs(struct mod_bytes kernel,
				   struct mod_bytes *list);
