/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fds.h - descriptors that nobody needs any more, closed now or at the end.
 *
 * A program that reads a few files and ends soon spares a call for each.
 */
#pragma once

#include <stdbool.h>
#include <unistd.h>

enum { MOD_FDS_MAX = 16 }; /* what is more is closed at once */

struct mod_fds {
	bool later; /* set by the owner; else all are closed at once */
	unsigned n;
	int at[MOD_FDS_MAX];
};

/* fds may be NULL. */
static inline void mod_fds_close(struct mod_fds *fds, int fd)
{
	if (fds && fds->later && fds->n < MOD_FDS_MAX)
		fds->at[fds->n++] = fd;
	else
		close(fd);
}

static inline void mod_fds_fini(struct mod_fds *fds)
{
	while (fds->n)
		close(fds->at[--fds->n]);
}
