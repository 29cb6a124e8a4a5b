/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cleanup.h - give things back when their scope ends. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(fn) __attribute__((cleanup(fn)))
#define _check_ __attribute__((warn_unused_result))

/* Makes fn##p(), the form _cleanup_() wants, from a destructor fn(type). */
#define MOD_CLEANUP(type, fn)                                                  \
	static inline void fn##p(type *owned)                                  \
	{                                                                      \
		if (*owned)                                                    \
			fn(*owned);                                            \
	}

/* Hands the owned pointer over and forgets it: `*out = mod_take(tree);` */
#define mod_take(owned)                                                        \
	({                                                                     \
		__typeof__(owned) taken_ = owned;                              \
		owned = NULL;                                                  \
		taken_;                                                        \
	})

#define _free_ _cleanup_(mod_freep)
static inline void mod_freep(void *owned)
{
	free(*(void **)owned);
}

#define _close_ _cleanup_(mod_closep)
static inline void mod_closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
static inline int mod_take_fd(int *owned)
{
	int fd = *owned;

	*owned = -1;
	return fd;
}
