/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sized.h - option structs of callers that may be older or newer than the
 * library: the first member is the struct's size, as the caller knows it.
 */
#pragma once

#include "libmod/base/cleanup.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* Copies what the caller gave; members that it does not know are zero.
 * Returns 0; -EINVAL when the size was not set; -EOPNOTSUPP when the caller
 * sets a member that is not known here.
 */
_check_ static inline int mod_sized_copy(void *own, size_t own_size,
					 const void *given)
{
	const unsigned char *bytes = given;
	size_t size;

	memcpy(&size, given, sizeof size);
	if (size < sizeof size)
		return -EINVAL;
	for (size_t i = own_size; i < size; i++)
		if (bytes[i])
			return -EOPNOTSUPP;
	memset(own, 0, own_size);
	memcpy(own, given, size < own_size ? size : own_size);
	return 0;
}
