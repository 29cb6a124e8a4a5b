/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/directory.h"

#include "libmod/sys/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BATCH = 4096 }; /* bytes; a larger one takes page faults on the stack */

static enum mod_directory_type type_of(unsigned char d_type)
{
	switch (d_type) {
	case DT_REG:
		return MOD_ENTRY_FILE;
	case DT_DIR:
		return MOD_ENTRY_DIRECTORY;
	case DT_LNK:
		return MOD_ENTRY_LINK;
	case DT_UNKNOWN:
		return MOD_ENTRY_UNKNOWN;
	}
	return MOD_ENTRY_OTHER;
}

static int append(struct mod_arena *arena, struct mod_directory *dir,
		  size_t *cap, const char *name, unsigned char type)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	struct mod_directory_entry *at =
		mod_arena_grow(arena, dir->at, cap, dir->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	dir->at = at;
	struct mod_directory_entry *entry = &dir->at[dir->n];
	entry->name = mod_arena_strn(arena, name, strlen(name));
	entry->type = type_of(type);
	if (!entry->name)
		return -ENOMEM;
	dir->n++;
	return 0;
}

/* All entries.  Reads with getdents64(2) itself: the directories of
 * the configuration are read at every start, and opendir() allocates and asks
 * for more than is needed.  C libraries differ in what they call it; with an
 * off_t of 64 bits, the kernel writes struct dirent.
 */
static int read_all(struct mod_arena *arena, int fd, struct mod_directory *out)
{
	_Static_assert(sizeof(off_t) == 8, "see AC_SYS_LARGEFILE");
	_Alignas(struct dirent) char batch[BATCH];
	size_t cap = 0;
	off_t next = 0; /* the directory's own cookie of where to go on */

	while (next != INT64_MAX) { /* no cookie is larger: that was the last */
		long n = syscall(SYS_getdents64, fd, batch, sizeof batch);
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		for (long at = 0; at < n;) {
			struct dirent *d = (struct dirent *)(batch + at);
			int r = append(arena, out, &cap, d->d_name, d->d_type);
			if (r < 0)
				return r;
			next = d->d_off;
			at += d->d_reclen;
		}
	}
	return 0;
}

int mod_directory_read(struct mod_arena *arena, const char *path,
		       struct mod_directory *out)
{
	_close_ int fd = mod_file_open(path, O_RDONLY | O_DIRECTORY);

	*out = (struct mod_directory){ 0 };
	return fd < 0 ? fd : read_all(arena, fd, out);
}

int mod_directory_make(char *path)
{
	for (char *at = path + 1;; at++) {
		char end = *at;
		if (end && end != '/')
			continue;
		*at = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return -errno;
		*at = end;
		if (!end)
			return 0;
	}
}
