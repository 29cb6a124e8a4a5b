/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* efi.h - signature lists of UEFI, as shim hands on the certificates that the
 * owner of a machine enrolled.  Source: UEFI 2.10, 32.4.1.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"

/* The next entry of a list of X.509 certificates, taken off *left; lists of
 * other entries are skipped.  `list` is the rest of the current list,
 * all-zero at first.  Returns 0; 1 at the end; -EBADMSG.
 */
struct mod_efi_list {
	struct mod_bytes left;
	uint32_t each; /* bytes of an entry */
};
_check_ int mod_efi_next(struct mod_bytes *left, struct mod_efi_list *list,
			 struct mod_bytes *cert);
