/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pipe-file.h - the content of a pipe, as a regular file. */
#pragma once

#include "libmod/base/cleanup.h"

#include <stdint.h>

/* A descriptor of the caller's own for a regular file that holds the unread
 * rest of fd: of the same file, when that is a regular one at offset 0, else of
 * one in memory.  It is close-on-exec and none of 0, 1 and 2.  Returns it;
 * -E2BIG over the limit; -errno.
 */
_check_ int mod_pipe_file(int fd, uint64_t limit);
