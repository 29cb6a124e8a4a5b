/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/signature-info.h"

#include "libmod/base/str.h"
#include "libmod/module/trailer.h"
#include "libmod/signature/pkcs7.h"

#include <errno.h>
#include <string.h>

enum { OID_TEXT = 256 }; /* bytes; a longer one is shown as unknown */

void mod_signature_info_fini(struct mod_signature_info *info)
{
	mod_arena_fini(&info->made);
	*info = (struct mod_signature_info){ 0 };
}

/* Keeps bytes that the file does not hold in this form. */
static int keep(struct mod_signature_info *info, const struct mod_str *bytes,
		struct mod_bytes *out)
{
	char *at = bytes->bad
		? NULL
		: mod_arena_strn(&info->made, bytes->at, bytes->len);

	if (!at)
		return -ENOMEM;
	*out = (struct mod_bytes){ (uint8_t *)at, bytes->len };
	return 0;
}

static int set_signer(struct mod_signature_info *info,
		      const struct mod_pkcs7 *message)
{
	_str_ struct mod_str utf8 = { 0 };

	info->signer = message->signer.value;
	if (message->signer.text == MOD_DN_PLAIN || info->signer.len == 0)
		return 0;
	mod_dn_utf8(&message->signer, &utf8);
	return keep(info, &utf8, &info->signer);
}

static int set_key(struct mod_signature_info *info,
		   const struct mod_pkcs7 *message)
{
	struct mod_bytes serial = message->serial;
	_str_ struct mod_str magnitude = { 0 };

	info->key = message->key_id.len ? message->key_id : serial;
	if (!message->negative)
		return 0;
	/* Every byte inverted, plus one: that carries through trailing zeros */
	size_t last = serial.len - 1;
	while (last > 0 && serial.at[last] == 0)
		last--;
	for (size_t i = 0; i < serial.len; i++) {
		uint8_t inverted = (uint8_t)~serial.at[i];
		uint8_t b = i < last ? inverted : (uint8_t)-serial.at[i];
		if (b != 0 || magnitude.len > 0)
			mod_str_addn(&magnitude, &b, 1);
	}
	return keep(info, &magnitude, &info->key);
}

static int set_hash(struct mod_signature_info *info,
		    const struct mod_pkcs7 *message)
{
	char text[OID_TEXT];

	info->hash = mod_pkcs7_digest(message->digest);
	if (info->hash)
		return 0;
	info->hash = "unknown";
	if (!mod_pkcs7_oid_text(message->digest, text, sizeof text))
		return 0;
	info->hash = mod_arena_strn(&info->made, text, strlen(text));
	return info->hash ? 0 : -ENOMEM;
}

/* Fills the fields from the PKCS#7 message that the signature is. */
static int read_message(struct mod_signature_info *info)
{
	struct mod_pkcs7 message;

	info->der = info->signature;
	info->signer = info->key = info->signature = (struct mod_bytes){ 0 };
	info->hash = "unknown";
	if (mod_pkcs7_read(info->der, &message) < 0)
		return 0;
	info->signature = message.signature;
	int r = set_hash(info, &message);
	if (r == 0)
		r = set_key(info, &message);
	if (r == 0)
		r = set_signer(info, &message);
	return r;
}

int mod_signature_info_read(struct mod_source *src,
			    struct mod_signature_info *out)
{
	_cleanup_(
		mod_signature_info_fini) struct mod_signature_info info = { 0 };
	struct mod_trailer trailer;

	int r = mod_trailer_read(src, &trailer);
	if (r != 0)
		return r;
	info.id = trailer.id;
	info.hash = trailer.hash;
	info.signer = trailer.signer;
	info.key = trailer.key;
	info.signature = trailer.signature;
	info.signed_len = trailer.signed_len;
	if (trailer.pkcs7)
		r = read_message(&info);
	if (r != 0)
		return r;
	if (info.signer.len > 0)
		info.signer.len =
			strnlen((const char *)info.signer.at, info.signer.len);
	*out = info;
	info.made = (struct mod_arena){ 0 };
	return 0;
}
