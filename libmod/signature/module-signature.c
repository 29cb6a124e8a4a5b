/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* module-signature.c - mod_module_signature_each(): the fields of a module
 * file's signature.
 */
#include "libmod/ctx/error.h"
#include "libmod/module/module.h"
#include "libmod/signature/signature-info.h"

#include <string.h>

int mod_module_signature_each(struct mod_module *module, mod_field_fn *fn,
			      void *data)
{
	struct mod_source *src;
	struct mod_signature_info info = { 0 };

	mod_error_clear(module->ctx);
	int r = mod_module_source(module, &src);
	if (r < 0)
		return mod_error_end(module->ctx, r);
	r = mod_signature_info_read(src, &info);
	if (r < 0)
		mod_module_fail(module, r);
	const struct {
		const char *key;
		struct mod_bytes value;
	} fields[] = {
		{ "sig_id",
		  { (const uint8_t *)info.id, info.id ? strlen(info.id) : 0 } },
		{ "signer", info.signer },
		{ "sig_key", info.key },
		{ "sig_hashalgo",
		  { (const uint8_t *)info.hash,
		    info.hash ? strlen(info.hash) : 0 } },
		{ "signature", info.signature },
	};
	for (size_t i = 0; r == 0 && i < sizeof fields / sizeof *fields; i++)
		r = fn(data,
		       &(struct mod_field){
			       fields[i].key, strlen(fields[i].key),
			       fields[i].value.at, fields[i].value.len });
	mod_signature_info_fini(&info);
	return mod_error_end(module->ctx, r);
}
