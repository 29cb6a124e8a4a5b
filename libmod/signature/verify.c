/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify.c - verifies a module's signature; documented in
 * libmod/libmod.h.
 */
#include "libmod/base/cursor.h"
#include "libmod/ctx/error.h"
#include "libmod/module/module.h"
#include "libmod/module/trailer.h"
#include "libmod/signature/cms.h"
#include "libmod/signature/der.h"
#include "libmod/signature/dn.h"
#include "libmod/signature/keyring.h"
#include "libmod/sys/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

enum {
	STRONG = 112, /* bits of security: RSA of 2048 bits, SHA-224 */
	DAY = 11,     /* bytes of "2026-01-31" */
};

/* The result for one signature. */
struct finding {
	enum mod_signature result;
	struct mod_cms_signer signer;
	const struct mod_keyring_entry *entry; /* or NULL */
	char reason[128];
};

struct check {
	const struct mod_keyring *keyring;
	struct mod_module *module;
	uint64_t signed_len;
	struct mod_digest digest;
	const char *digest_name; /* of digest, once it is made */
};

const char *mod_signature_name(enum mod_signature result)
{
	static const char *const names[] = {
		[MOD_SIGNATURE_VALID] = "valid",
		[MOD_SIGNATURE_UNSIGNED] = "unsigned",
		[MOD_SIGNATURE_ALTERED] = "altered",
		[MOD_SIGNATURE_UNKNOWN] = "unknown signer",
		[MOD_SIGNATURE_EXPIRED] = "expired",
		[MOD_SIGNATURE_WEAK] = "weak",
		[MOD_SIGNATURE_MALFORMED] = "malformed",
	};

	return names[result];
}

static int find(struct finding *finding, enum mod_signature result,
		const char *reason)
{
	finding->result = result;
	snprintf(finding->reason, sizeof finding->reason, "%s", reason);
	return 0;
}

/* ---- one certificate */

/* Its end, or its beginning, as "2026-01-31". */
static void day(char buf[DAY], int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;

	buf[0] = '\0';
	if (gmtime_r(&t, &tm))
		strftime(buf, DAY, "%Y-%m-%d", &tm);
}

/* It fits: is there something else against it?  The gravest comes first. */
static void weigh(struct finding *f, const struct mod_digest *digest,
		  const struct mod_crypto_cert *cert)
{
	int64_t now = mod_kernel_today();
	char text[DAY];

	f->reason[0] = '\0';
	if (digest->len * 4 < STRONG) { /* half of its bits */
		f->result = MOD_SIGNATURE_WEAK;
		snprintf(f->reason, sizeof f->reason, "the digest %s is broken",
			 f->signer.digest);
	} else if (cert->strength < STRONG) {
		f->result = MOD_SIGNATURE_WEAK;
		snprintf(f->reason, sizeof f->reason,
			 "a key of %u bits can be broken", cert->key_bits);
	} else if (!f->entry->cert.may_sign) {
		f->result = MOD_SIGNATURE_WEAK;
		snprintf(f->reason, sizeof f->reason,
			 "the certificate is not for signing code");
	} else if (now > cert->until) {
		f->result = MOD_SIGNATURE_EXPIRED;
		day(text, cert->until);
		snprintf(f->reason, sizeof f->reason,
			 "the certificate ended on %s", text);
	} else if (now < cert->from) {
		f->result = MOD_SIGNATURE_EXPIRED;
		day(text, cert->from);
		snprintf(f->reason, sizeof f->reason,
			 "the certificate begins on %s", text);
	} else {
		f->result = MOD_SIGNATURE_VALID;
	}
}

static bool is_of(const struct mod_keyring_entry *entry,
		  const struct mod_cms_signer *signer)
{
	return signer->key_id.len > 0
		? mod_x509_has_key_id(&entry->cert, signer->key_id)
		: mod_x509_is_named(&entry->cert, signer->issuer,
				    signer->serial);
}

/* The lower, the better, as long as nothing is broken. */
static unsigned rank(const struct finding *f)
{
	static const unsigned char ranks[] = {
		[MOD_SIGNATURE_MALFORMED] = 0, [MOD_SIGNATURE_ALTERED] = 1,
		[MOD_SIGNATURE_VALID] = 2,     [MOD_SIGNATURE_EXPIRED] = 3,
		[MOD_SIGNATURE_WEAK] = 4,      [MOD_SIGNATURE_UNKNOWN] = 5,
		[MOD_SIGNATURE_UNSIGNED] = 6,
	};

	return ranks[f->result];
}

static bool is_better(const struct finding *a, const struct finding *b)
{
	return rank(a) < rank(b);
}

/* Names need not be unique, and a key may have several certificates. */
static int try_certificates(struct check *check, struct finding *f)
{
	const struct mod_keyring *keyring = check->keyring;
	struct finding now = *f;

	find(f, MOD_SIGNATURE_ALTERED, "the signature does not fit the module");
	for (size_t i = 0; i < keyring->n; i++) {
		struct mod_crypto_cert cert;

		now.entry = &keyring->at[i];
		if (!is_of(now.entry, &f->signer))
			continue;
		int r = mod_crypto_verify(keyring->crypto, now.entry->cert.der,
					  &f->signer, &check->digest, &cert);
		if (r == -ENOMEM)
			return r;
		if (r < 0) /* of no use to anybody */
			continue;
		if (!f->entry)
			f->entry = now.entry;
		if (r == 1)
			continue;
		weigh(&now, &check->digest, &cert);
		if (f->result == MOD_SIGNATURE_ALTERED || is_better(&now, f))
			*f = now;
	}
	return 0;
}

/* ---- one signature */

static int add_piece(void *data, struct mod_bytes piece)
{
	return mod_crypto_hash_add(data, piece);
}

/* Makes the digest, unless it was made for the signer before. */
static int make_digest(struct check *check, const char *name)
{
	_cleanup_(mod_crypto_hash_freep) struct mod_crypto_hash *hash = NULL;

	if (check->digest_name && strcmp(check->digest_name, name) == 0)
		return 0;
	check->digest_name = NULL;
	int r = mod_crypto_hash_new(check->keyring->crypto, name, &hash);
	if (r < 0)
		return r;
	r = mod_module_pieces(check->module, check->signed_len, add_piece,
			      hash);
	if (r < 0)
		return mod_module_fail(check->module, r);
	r = mod_crypto_hash_end(hash, &check->digest);
	if (r == 0)
		check->digest_name = name;
	return r;
}

static bool is_known(const struct check *check,
		     const struct mod_cms_signer *signer)
{
	for (size_t i = 0; i < check->keyring->n; i++)
		if (is_of(&check->keyring->at[i], signer))
			return true;
	return false;
}

static int check_signer(struct check *check, struct finding *f)
{
	f->entry = NULL;
	find(f, MOD_SIGNATURE_UNKNOWN, "no certificate of this signer");
	if (!is_known(check, &f->signer))
		return 0;
	int r = make_digest(check, f->signer.digest);
	if (r == -EOPNOTSUPP)
		return find(f, MOD_SIGNATURE_MALFORMED,
			    "a digest that libcrypto does not make");
	return r < 0 ? r : try_certificates(check, f);
}

static int check_message(struct check *check, struct mod_bytes der,
			 struct finding *out)
{
	const char *why = NULL;
	struct mod_cms cms;
	int r;

	/* Of several signatures an invalid one decides, else the best one. */
	out->result = MOD_SIGNATURE_UNSIGNED;
	if (mod_cms_open(&cms, der, &why) < 0)
		return find(out, MOD_SIGNATURE_MALFORMED, why);
	for (;;) {
		struct finding f = { 0 };

		r = mod_cms_next(&cms, &f.signer, &why);
		if (r == 1)
			return 0;
		if (r < 0)
			r = find(&f, MOD_SIGNATURE_MALFORMED, why);
		else
			r = check_signer(check, &f);
		if (r < 0)
			return r;
		if (is_better(&f, out))
			*out = f;
		if (f.result == MOD_SIGNATURE_MALFORMED)
			return 0;
	}
}

static int check_module(struct check *check, struct finding *out)
{
	struct mod_trailer_place place;
	struct mod_source *src;
	const char *why = NULL;

	int r = mod_module_source(check->module, &src);
	if (r < 0)
		return r;
	r = mod_trailer_find(src, &place, &why);
	if (r == 1)
		return find(out, MOD_SIGNATURE_UNSIGNED, "");
	if (r == -EBADMSG && why)
		return find(out, MOD_SIGNATURE_MALFORMED, why);
	if (r < 0)
		return mod_module_fail(check->module, r);
	check->signed_len = place.signed_len;
	return check_message(check, place.der, out);
}

/* ---- reporting */

/* The contents of a Name, with its identifier and length in front of it. */
static int add_name(struct mod_str *out, struct mod_bytes name)
{
	struct mod_cursor c = { .in = name };
	struct mod_dn dn = { 0 };

	if (mod_dn_read(mod_der_inside(&c, MOD_DER_SEQUENCE), &dn))
		mod_dn_utf8(&dn, out);
	return out->bad ? -ENOMEM : 0;
}

static struct mod_bytes without_zeros(struct mod_bytes number)
{
	while (number.len > 0 && number.at[0] == 0)
		number = (struct mod_bytes){ number.at + 1, number.len - 1 };
	return number;
}

static struct mod_bytes text(const char *s)
{
	return (struct mod_bytes){ (const uint8_t *)s, s ? strlen(s) : 0 };
}

static int report(const struct finding *f, mod_field_fn *fn, void *data)
{
	const struct mod_cms_signer *signer = &f->signer;
	_str_ struct mod_str name = { 0 };

	int r = signer->issuer.len ? add_name(&name, signer->issuer)
		: f->entry         ? add_name(&name, f->entry->cert.subject)
				   : 0;
	const struct {
		const char *key;
		struct mod_bytes value;
	} fields[] = {
		{ "signer", { (uint8_t *)name.at, name.len } },
		{ "sig_key",
		  signer->key_id.len ? signer->key_id
				     : without_zeros(signer->serial) },
		{ "sig_hashalgo", text(signer->digest) },
		{ "key_id",
		  f->entry ? f->entry->cert.key_id : (struct mod_bytes){ 0 } },
		{ "certificate", text(f->entry ? f->entry->path : NULL) },
		{ "reason", text(f->reason) },
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields && r == 0; i++)
		if (fields[i].value.len > 0)
			r = fn(data,
			       &(struct mod_field){ fields[i].key,
						    strlen(fields[i].key),
						    fields[i].value.at,
						    fields[i].value.len });
	return r;
}

int mod_keyring_verify(const struct mod_keyring *keyring,
		       struct mod_module *module, enum mod_signature *result,
		       mod_field_fn *fn, void *data)
{
	struct check check = { .keyring = keyring, .module = module };
	struct finding finding = { 0 };

	mod_error_clear(module->ctx);
	int r = check_module(&check, &finding);
	if (r < 0)
		return mod_error_end(module->ctx, r);
	*result = finding.result;
	return mod_error_end(module->ctx, fn ? report(&finding, fn, data) : 0);
}
