/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* keyring.h - certificates, from files, directories and kernel images.
 *
 * The public calls are in libmod/libmod.h.
 */
#pragma once

#include "libmod/ctx/ctx.h"
#include "libmod/signature/crypto.h"
#include "libmod/signature/x509.h"

struct mod_keyring_entry {
	struct mod_x509 cert;
	const char *path; /* of the file it is from */
};

struct mod_keyring {
	struct mod_ctx *ctx;
	struct mod_crypto *crypto;
	struct mod_arena arena; /* bytes and paths of the entries */
	struct mod_keyring_entry *at;
	size_t n, cap;
};

/* mod_keyring_new() and mod_keyring_add() for the library itself. */
_check_ int mod_keyring_make(struct mod_ctx *ctx, struct mod_keyring **out);
_check_ int mod_keyring_read(struct mod_keyring *keyring, const char *path);
