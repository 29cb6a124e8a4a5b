/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/attributes.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* A failure is ignored: the attribute is another user's, or belongs to another
 * file system.
 */
static void copy_one(int from, int to, const char *name)
{
	char value[4096]; /* bytes; labels and access lists are shorter */
	ssize_t len;

	if (strcmp(name, "security.ima") == 0 ||
	    strcmp(name, "security.evm") == 0)
		return;
	len = fgetxattr(from, name, value, sizeof value);
	if (len >= 0 && fsetxattr(to, name, value, (size_t)len, 0) < 0)
		return;
}

static void copy_all(int from, int to)
{
	char names[4096];
	ssize_t len = flistxattr(from, names, sizeof names);

	for (ssize_t i = 0; i < len; i += (ssize_t)strlen(names + i) + 1)
		copy_one(from, to, names + i);
}

/* The mode last, because a change of owner clears set-id bits. */
static int copy_owner(const struct stat *old, int to)
{
	struct stat now;

	if (fstat(to, &now) < 0)
		return -errno;
	if ((now.st_uid != old->st_uid || now.st_gid != old->st_gid) &&
	    fchown(to, old->st_uid, old->st_gid) < 0)
		return -errno;
	return fchmod(to, old->st_mode & 07777) < 0 ? -errno : 0;
}

int mod_attributes_copy(int from, const struct stat *old, int to)
{
	copy_all(from, to);
	return copy_owner(old, to);
}
