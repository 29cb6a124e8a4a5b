/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/crypto.h"

#include "libmod/signature/crypto-lib.h"

#include <errno.h>

#ifdef HAVE_OPENSSL

#include "libmod/base/dl.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <time.h>

#define FUNCTIONS(each)                                                                           \
	each(ASN1_TIME_to_tm) each(ERR_pop_to_mark) each(ERR_set_mark) each(                      \
		EVP_DigestFinal_ex) each(EVP_DigestInit_ex2) each(EVP_DigestUpdate)               \
		each(EVP_MD_CTX_free) each(EVP_MD_CTX_new) each(EVP_MD_fetch) each(               \
			EVP_MD_free) each(EVP_MD_get_size) each(EVP_PKEY_CTX_free)                \
			each(EVP_PKEY_CTX_new_from_pkey) each(EVP_PKEY_CTX_set_rsa_padding) each( \
				EVP_PKEY_CTX_set_signature_md) each(EVP_PKEY_get_bits)            \
				each(EVP_PKEY_get_security_bits) each(EVP_PKEY_is_a) each(        \
					EVP_PKEY_verify) each(EVP_PKEY_verify_init)               \
					each(OSSL_LIB_CTX_free) each(                             \
						OSSL_LIB_CTX_new) each(X509_free)                 \
						each(X509_get0_notAfter) each(                    \
							X509_get0_notBefore)                      \
							each(X509_get0_pubkey) each(              \
								X509_new_ex)                      \
								each(d2i_X509)

#ifdef OPENSSL_DLOPEN
MOD_DLOPEN_NOTE("openssl", "Signatures of modules, verified and made",
		"suggested", "libcrypto.so.3");
MOD_DL_OPENED(need_library, FUNCTIONS, "libcrypto.so.3")
#else
MOD_DL_LINKED(need_library, FUNCTIONS)
#endif

struct mod_crypto {
	OSSL_LIB_CTX *lib;
};

struct mod_crypto_hash {
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

OSSL_LIB_CTX *mod_crypto_lib(struct mod_crypto *crypto)
{
	return crypto->lib;
}

const char *mod_crypto_absent(void)
{
	return "libcrypto.so.3, which signatures need, cannot be loaded";
}

void mod_crypto_free(struct mod_crypto *crypto)
{
	if (!crypto)
		return;
	sym_OSSL_LIB_CTX_free(crypto->lib);
	free(crypto);
}

int mod_crypto_new(struct mod_crypto **out)
{
	_cleanup_(mod_crypto_freep) struct mod_crypto *crypto = NULL;

	int r = need_library();
	if (r < 0)
		return r;
	crypto = calloc(1, sizeof *crypto);
	if (!crypto)
		return -ENOMEM;
	crypto->lib = sym_OSSL_LIB_CTX_new();
	if (!crypto->lib)
		return -ENOMEM;
	*out = mod_take(crypto);
	return 0;
}

/* ---- digests */

void mod_crypto_hash_free(struct mod_crypto_hash *hash)
{
	if (!hash)
		return;
	sym_EVP_MD_CTX_free(hash->ctx);
	sym_EVP_MD_free(hash->md);
	free(hash);
}

static int start(struct mod_crypto *crypto, struct mod_crypto_hash *hash,
		 const char *name)
{
	hash->md = sym_EVP_MD_fetch(crypto->lib, name, NULL);
	/* One of any length (shake) has no size that both sides know. */
	if (!hash->md || sym_EVP_MD_get_size(hash->md) <= 0 ||
	    (size_t)sym_EVP_MD_get_size(hash->md) >
		    sizeof((struct mod_digest *)0)->at)
		return -EOPNOTSUPP;
	hash->ctx = sym_EVP_MD_CTX_new();
	return hash->ctx &&
			sym_EVP_DigestInit_ex2(hash->ctx, hash->md, NULL) == 1
		? 0
		: -ENOMEM;
}

int mod_crypto_hash_new(struct mod_crypto *crypto, const char *name,
			struct mod_crypto_hash **out)
{
	_cleanup_(mod_crypto_hash_freep) struct mod_crypto_hash *hash =
		calloc(1, sizeof *hash);

	if (!hash)
		return -ENOMEM;
	sym_ERR_set_mark();
	int r = start(crypto, hash, name);
	sym_ERR_pop_to_mark();
	if (r == 0)
		*out = mod_take(hash);
	return r;
}

int mod_crypto_hash_add(struct mod_crypto_hash *hash, struct mod_bytes bytes)
{
	return sym_EVP_DigestUpdate(hash->ctx, bytes.at, bytes.len) == 1
		? 0
		: -ENOMEM;
}

int mod_crypto_hash_end(struct mod_crypto_hash *hash, struct mod_digest *out)
{
	unsigned len;

	if (sym_EVP_DigestFinal_ex(hash->ctx, out->at, &len) != 1)
		return -ENOMEM;
	out->len = len;
	return 0;
}

/* ---- signatures */

static int read_time(const ASN1_TIME *time, int64_t *out)
{
	struct tm tm;

	if (sym_ASN1_TIME_to_tm(time, &tm) != 1)
		return -EBADMSG;
	*out = timegm(&tm);
	return 0;
}

static int read_facts(X509 *x509, EVP_PKEY *key, struct mod_crypto_cert *facts)
{
	int strength = sym_EVP_PKEY_get_security_bits(key);
	int bits = sym_EVP_PKEY_get_bits(key);

	facts->strength = strength > 0 ? (unsigned)strength : 0;
	facts->key_bits = bits > 0 ? (unsigned)bits : 0;
	int r = read_time(sym_X509_get0_notBefore(x509), &facts->from);
	if (r == 0)
		r = read_time(sym_X509_get0_notAfter(x509), &facts->until);
	return r;
}

static bool set_up(EVP_PKEY_CTX *ctx, EVP_MD *md, bool rsa)
{
	return sym_EVP_PKEY_verify_init(ctx) == 1 &&
		(!rsa ||
		 sym_EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) ==
			 1) &&
		sym_EVP_PKEY_CTX_set_signature_md(ctx, md) == 1;
}

/* Returns as mod_crypto_verify(). */
static int verify_by(struct mod_crypto *crypto, EVP_PKEY *key,
		     const struct mod_cms_signer *signer,
		     const struct mod_digest *digest)
{
	bool rsa = signer->key == MOD_CMS_RSA;
	int good = 0;

	if (!sym_EVP_PKEY_is_a(key, rsa ? "RSA" : "EC"))
		return 1;
	EVP_MD *md = sym_EVP_MD_fetch(crypto->lib, signer->digest, NULL);
	EVP_PKEY_CTX *ctx =
		sym_EVP_PKEY_CTX_new_from_pkey(crypto->lib, key, NULL);
	if (md && ctx && set_up(ctx, md, rsa))
		good = sym_EVP_PKEY_verify(ctx, signer->signature.at,
					   signer->signature.len, digest->at,
					   digest->len);
	sym_EVP_PKEY_CTX_free(ctx);
	sym_EVP_MD_free(md);
	if (!md || !ctx)
		return -ENOMEM;
	return good == 1 ? 0 : 1;
}

int mod_crypto_verify(struct mod_crypto *crypto, struct mod_bytes cert,
		      const struct mod_cms_signer *signer,
		      const struct mod_digest *digest,
		      struct mod_crypto_cert *facts)
{
	const unsigned char *at = cert.at;
	int r = -EBADMSG;

	if (cert.len > LONG_MAX)
		return -EBADMSG;
	sym_ERR_set_mark();
	X509 *x509 = sym_X509_new_ex(crypto->lib, NULL);
	X509 *read = x509; /* gone, and freed, when it cannot be read */
	EVP_PKEY *key = NULL;
	if (x509) {
		x509 = sym_d2i_X509(&read, &at, (long)cert.len);
		key = x509 ? sym_X509_get0_pubkey(x509) : NULL;
	} else {
		r = -ENOMEM;
	}
	if (key)
		r = read_facts(x509, key, facts);
	if (r == 0)
		r = verify_by(crypto, key, signer, digest);
	sym_X509_free(x509);
	sym_ERR_pop_to_mark();
	return r;
}

#else

const char *mod_crypto_absent(void)
{
	return "this build has no libcrypto, which signatures need";
}

int mod_crypto_new(struct mod_crypto **out)
{
	(void)out;
	return -ENOSYS;
}

void mod_crypto_free(struct mod_crypto *crypto)
{
	(void)crypto;
}

int mod_crypto_hash_new(struct mod_crypto *crypto, const char *name,
			struct mod_crypto_hash **out)
{
	(void)crypto;
	(void)name;
	(void)out;
	return -ENOSYS;
}

int mod_crypto_hash_add(struct mod_crypto_hash *hash, struct mod_bytes bytes)
{
	(void)hash;
	(void)bytes;
	return -ENOSYS;
}

int mod_crypto_hash_end(struct mod_crypto_hash *hash, struct mod_digest *out)
{
	(void)hash;
	(void)out;
	return -ENOSYS;
}

void mod_crypto_hash_free(struct mod_crypto_hash *hash)
{
	(void)hash;
}

int mod_crypto_verify(struct mod_crypto *crypto, struct mod_bytes cert,
		      const struct mod_cms_signer *signer,
		      const struct mod_digest *digest,
		      struct mod_crypto_cert *facts)
{
	(void)crypto;
	(void)cert;
	(void)signer;
	(void)digest;
	(void)facts;
	return -ENOSYS;
}

#endif
