/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/crypto-key.h"

#include "libmod/signature/crypto-lib.h"

#include <errno.h>

#ifdef HAVE_OPENSSL

#include "libmod/base/dl.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define FUNCTIONS(each)                                                            \
	each(BIO_free) each(BIO_new_mem_buf) each(ERR_pop_to_mark) each(           \
		ERR_set_mark) each(EVP_MD_fetch) each(EVP_MD_free)                 \
		each(EVP_PKEY_CTX_free) each(EVP_PKEY_CTX_new_from_pkey) each(     \
			EVP_PKEY_CTX_set_rsa_padding)                              \
			each(EVP_PKEY_CTX_set_signature_md) each(                  \
				EVP_PKEY_free) each(EVP_PKEY_is_a)                 \
				each(EVP_PKEY_sign) each(EVP_PKEY_sign_init) each( \
					PEM_read_bio_PrivateKey_ex)                \
					each(X509_check_private_key) each(         \
						X509_free) each(X509_new_ex)       \
						each(d2i_AutoPrivateKey_ex)        \
							each(d2i_X509)

#ifdef OPENSSL_DLOPEN
MOD_DL_OPENED(need_library, FUNCTIONS, "libcrypto.so.3")
#else
MOD_DL_LINKED(need_library, FUNCTIONS)
#endif

struct mod_crypto_key {
	struct mod_crypto *crypto; /* lent */
	EVP_PKEY *key;
	enum mod_cms_key kind;
};

void mod_crypto_key_free(struct mod_crypto_key *key)
{
	if (!key)
		return;
	sym_EVP_PKEY_free(key->key);
	free(key);
}

enum mod_cms_key mod_crypto_key_kind(const struct mod_crypto_key *key)
{
	return key->kind;
}

struct asked {
	const char *pin; /* or NULL */
	bool yes;
};

/* libcrypto's own would ask at the terminal. */
static int answer(char *buf, int size, int writing, void *data)
{
	struct asked *asked = data;
	size_t len = asked->pin ? strlen(asked->pin) : 0;

	(void)writing;
	asked->yes = true;
	if (!asked->pin || len >= (size_t)size)
		return -1;
	memcpy(buf, asked->pin, len);
	return (int)len;
}

static EVP_PKEY *read_key(struct mod_crypto *crypto, struct mod_bytes bytes,
			  struct asked *asked)
{
	const unsigned char *at = bytes.at;
	OSSL_LIB_CTX *lib = mod_crypto_lib(crypto);
	BIO *bio = sym_BIO_new_mem_buf(bytes.at, (int)bytes.len);
	EVP_PKEY *key = NULL;

	if (bio)
		key = sym_PEM_read_bio_PrivateKey_ex(bio, NULL, answer, asked,
						     lib, NULL);
	sym_BIO_free(bio);
	if (!key && !asked->yes)
		key = sym_d2i_AutoPrivateKey_ex(NULL, &at, (long)bytes.len, lib,
						NULL);
	return key;
}

int mod_crypto_key_new(struct mod_crypto *crypto, struct mod_bytes bytes,
		       const char *pin, struct mod_crypto_key **out)
{
	_cleanup_(mod_crypto_key_freep) struct mod_crypto_key *key = NULL;
	struct asked asked = { .pin = pin };

	int r = need_library();
	if (r < 0)
		return r;
	key = calloc(1, sizeof *key);
	if (!key)
		return -ENOMEM;
	if (bytes.len > INT_MAX)
		return -EBADMSG;
	key->crypto = crypto;
	sym_ERR_set_mark();
	key->key = read_key(crypto, bytes, &asked);
	sym_ERR_pop_to_mark();
	if (!key->key)
		return asked.yes ? -EACCES : -EBADMSG;
	if (sym_EVP_PKEY_is_a(key->key, "RSA"))
		key->kind = MOD_CMS_RSA;
	else if (sym_EVP_PKEY_is_a(key->key, "EC"))
		key->kind = MOD_CMS_EC;
	else
		return -EOPNOTSUPP;
	*out = mod_take(key);
	return 0;
}

int mod_crypto_key_fits(const struct mod_crypto_key *key, struct mod_bytes cert)
{
	const unsigned char *at = cert.at;
	int r = -EBADMSG;

	sym_ERR_set_mark();
	X509 *x509 = sym_X509_new_ex(mod_crypto_lib(key->crypto), NULL);
	X509 *read = x509; /* gone, and freed, when it cannot be read */
	if (x509)
		x509 = sym_d2i_X509(&read, &at, (long)cert.len);
	else
		r = -ENOMEM;
	if (x509)
		r = sym_X509_check_private_key(x509, key->key) == 1 ? 0 : 1;
	sym_X509_free(x509);
	sym_ERR_pop_to_mark();
	return r;
}

static int sign(EVP_PKEY_CTX *ctx, EVP_MD *md, enum mod_cms_key kind,
		const struct mod_digest *digest, struct mod_str *out)
{
	_free_ unsigned char *buf = NULL;
	size_t len = 0;

	if (sym_EVP_PKEY_sign_init(ctx) != 1 ||
	    (kind == MOD_CMS_RSA &&
	     sym_EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1) ||
	    sym_EVP_PKEY_CTX_set_signature_md(ctx, md) != 1 ||
	    sym_EVP_PKEY_sign(ctx, NULL, &len, digest->at, digest->len) != 1)
		return -EINVAL;
	buf = malloc(len + 1);
	if (!buf)
		return -ENOMEM;
	if (sym_EVP_PKEY_sign(ctx, buf, &len, digest->at, digest->len) != 1)
		return -EINVAL;
	mod_str_addn(out, buf, len);
	return out->bad ? -ENOMEM : 0;
}

int mod_crypto_key_sign(const struct mod_crypto_key *key, const char *name,
			const struct mod_digest *digest, struct mod_str *out)
{
	OSSL_LIB_CTX *lib = mod_crypto_lib(key->crypto);

	sym_ERR_set_mark();
	EVP_MD *md = sym_EVP_MD_fetch(lib, name, NULL);
	EVP_PKEY_CTX *ctx = sym_EVP_PKEY_CTX_new_from_pkey(lib, key->key, NULL);
	int r = md && ctx ? sign(ctx, md, key->kind, digest, out) : -ENOMEM;
	sym_EVP_PKEY_CTX_free(ctx);
	sym_EVP_MD_free(md);
	sym_ERR_pop_to_mark();
	return r;
}

#else

int mod_crypto_key_new(struct mod_crypto *crypto, struct mod_bytes bytes,
		       const char *pin, struct mod_crypto_key **out)
{
	(void)crypto;
	(void)bytes;
	(void)pin;
	(void)out;
	return -ENOSYS;
}

void mod_crypto_key_free(struct mod_crypto_key *key)
{
	(void)key;
}

enum mod_cms_key mod_crypto_key_kind(const struct mod_crypto_key *key)
{
	(void)key;
	return MOD_CMS_RSA;
}

int mod_crypto_key_fits(const struct mod_crypto_key *key, struct mod_bytes cert)
{
	(void)key;
	(void)cert;
	return -ENOSYS;
}

int mod_crypto_key_sign(const struct mod_crypto_key *key, const char *name,
			const struct mod_digest *digest, struct mod_str *out)
{
	(void)key;
	(void)name;
	(void)digest;
	(void)out;
	return -ENOSYS;
}

#endif
