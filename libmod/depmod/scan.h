/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* scan.h - module files to records, by several threads. */
#pragma once

#include "libmod/ctx/ctx.h"
#include "libmod/ctx/error.h"
#include "libmod/depmod/cache-file.h"
#include "libmod/depmod/record.h"

struct mod_scanned {
	const char *path;
	const char *from_dir; /* the same from the directory of them all */
	struct mod_cache_file_stamp stamp; /* of the file read; {0}: none was */
	bool cached;              /* bytes are there already, and lent */
	struct mod_bytes bytes;   /* of the record; owned unless cached */
	struct mod_record record; /* opened */
	int error;                /* why nothing could be read, or 0 */
	struct mod_record_errors errors; /* of its parts */
	const char *why; /* static: the decoder's word for it, or NULL */
};

/* Whether all parts of a file could be read. */
bool mod_scan_is_whole(const struct mod_scanned *file);

/* Fills in the records of n files whose paths are set, but for cached ones.
 * They are opened from the directory dir.
 * Which thread reads which file is chance; nothing depends on it.  progress, if
 * any, is called now and then by the calling thread, last with n done.  Returns
 * 0, or an error that mod_error_is_limit(); the file that met it has it, too.
 */
_check_ int mod_scan_all(struct mod_scanned *files, size_t n, int dir,
			 unsigned threads,
			 void (*progress)(void *data, size_t done, size_t n),
			 void *data);

void mod_scan_free(struct mod_scanned *files, size_t n);
