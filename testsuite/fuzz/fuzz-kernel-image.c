/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/kernel-image.h"

static size_t ends_of(struct mod_bytes b)
{
	return b.len ? b.at[0] + b.at[b.len - 1] : 0;
}

/* An image as it is on disk, and as if it were decompressed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mod_bytes in = { data, size }, list;
	struct mod_kernel_image image;
	size_t seen = 0;

	if (mod_kernel_image_read(in, &image) == 0)
		seen += ends_of(image.payload);
	if (mod_kernel_image_certs(in, &list) == 0)
		seen += ends_of(list);
	__asm__ volatile("" ::"r"(seen)); /* keep the reads */
	return 0;
}
