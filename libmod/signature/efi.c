/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/efi.h"
#include "libmod/base/cursor.h"

#include <errno.h>

/* EFI_CERT_X509_GUID, as it is stored */
static const uint8_t x509[] = {
	0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
	0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72
};
enum { GUID = sizeof x509, LIST_HEADER = GUID + 3 * 4 };

/* EFI_SIGNATURE_LIST: type GUID, size of all, size of a header, size of each
 * entry, the header, the entries.
 */
static int open_list(struct mod_bytes *left, struct mod_efi_list *list)
{
	struct mod_cursor c = { .in = *left };

	const uint8_t *type = mod_cursor_take(&c, GUID);
	uint32_t all = mod_cursor_u32(&c);
	uint32_t header = mod_cursor_u32(&c);
	list->each = mod_cursor_u32(&c);
	if (c.bad || all < LIST_HEADER || header > all - LIST_HEADER)
		return -EBADMSG;
	uint64_t off = LIST_HEADER + (uint64_t)header;
	struct mod_bytes entries = mod_cursor_range(&c, off, all - off);
	struct mod_bytes rest =
		mod_cursor_range(&c, all, (uint64_t)left->len - all);
	if (c.bad)
		return -EBADMSG;
	*left = rest;
	if (memcmp(type, x509, GUID) != 0)
		entries.len = 0;
	else if (list->each <= GUID || entries.len % list->each != 0)
		return -EBADMSG;
	list->left = entries;
	return 0;
}

/* EFI_SIGNATURE_DATA: owner GUID, data */
int mod_efi_next(struct mod_bytes *left, struct mod_efi_list *list,
		 struct mod_bytes *cert)
{
	while (list->left.len == 0) {
		if (left->len == 0)
			return 1;
		int r = open_list(left, list);
		if (r < 0)
			return r;
	}
	struct mod_cursor c = { .in = list->left };
	mod_cursor_take(&c, GUID);
	*cert = mod_cursor_range(&c, GUID, list->each - GUID);
	list->left =
		mod_cursor_range(&c, list->each, list->left.len - list->each);
	return c.bad ? -EBADMSG : 0;
}
