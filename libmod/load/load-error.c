/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* load-error.c - finds in a module why the kernel refused it.
 *
 * A kernel that insists on signatures has one number for a module without, with
 * one of an unknown key, and one that was altered: EKEYREJECTED (older ones:
 * ENOKEY).  One that is locked down has EPERM.
 */
#include "libmod/load/load-error.h"

#include "libmod/base/control.h"
#include "libmod/ctx/error.h"
#include "libmod/live/kernel-info.h"
#include "libmod/live/loaded.h"
#include "libmod/signature/signature-info.h"

#include <errno.h>
#include <string.h>

/* Whose signature it is, up to a length that fits on a line. */
static int signed_by(struct mod_module *module, int r,
		     const struct mod_signature_info *sign)
{
	enum { NAME_MAX_SHOWN = 80 };
	char name[NAME_MAX_SHOWN + 1];
	size_t len = sign->signer.len;

	if (len > NAME_MAX_SHOWN)
		len = NAME_MAX_SHOWN;
	if (len > 0)
		memcpy(name, sign->signer.at, len);
	mod_control_hide(name, len);
	name[len] = '\0';
	mod_error_set(module->ctx, MOD_ORIGIN_SIGNATURE, r, module->path,
		      "%s is signed by %s%s%s: the kernel does not know that "
		      "key, or the file was altered",
		      module->path, len ? "'" : "a key without a name", name,
		      len ? "'" : "");
	return mod_error_advise(
		module->ctx,
		"enroll the signer's certificate in the kernel's keyring, or "
		"sign the module with a key that the kernel trusts");
}

static int unsigned_module(struct mod_module *module, int r)
{
	mod_error_set(module->ctx, MOD_ORIGIN_SIGNATURE, r, module->path,
		      r == -EPERM ? "%s has no signature, and the kernel is "
				    "locked down"
				  : "%s has no signature, and the kernel loads "
				    "only what is signed",
		      module->path);
	return mod_error_advise(
		module->ctx,
		"sign the module with a key that the kernel trusts");
}

/* Returns 1 when the signature does not explain the refusal. */
static int by_signature(struct mod_module *module, int r)
{
	struct mod_signature_info sign = { 0 };
	struct mod_source *src;

	if (mod_module_source(module, &src) < 0)
		return 1;
	int found = mod_signature_info_read(src, &sign);
	if (found == 0 && r != -EPERM)
		signed_by(module, r, &sign);
	else if (found == 1)
		unsigned_module(module, r);
	else
		found = -1;
	mod_signature_info_fini(&sign);
	return found < 0 ? 1 : r;
}

int mod_load_error(struct mod_module *module, int r)
{
	if ((r == -EKEYREJECTED || r == -ENOKEY ||
	     (r == -EPERM && mod_kernel_info_is_locked_down(module->ctx))) &&
	    by_signature(module, r) != 1)
		return r;
	mod_error_set(module->ctx, MOD_ORIGIN_KERNEL, r, module->path,
		      "the kernel refused %s: %s", module->path, strerror(-r));
	return mod_error_advise(module->ctx,
				"the kernel's log may have the reason");
}
