/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign.c - signatures put on module files and taken off; documented in
 * libmod/libmod.h.
 */
#include "libmod/base/sized.h"
#include "libmod/compress/compress.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/module/module.h"
#include "libmod/module/trailer.h"
#include "libmod/signature/cms.h"
#include "libmod/signature/crypto-key.h"
#include "libmod/signature/keyring.h"
#include "libmod/signature/pkcs7.h"
#include "libmod/sys/replace.h"

#include <errno.h>
#include <sys/stat.h>
#include <syslog.h>

enum { KEY_LIMIT = 1 << 20 }; /* bytes of a key's file */

struct mod_signer {
	struct mod_keyring *keyring; /* of the certificate's file */
	struct mod_crypto_key *key;
	struct mod_cms_signer as; /* without a signature */
};

void mod_signer_free(struct mod_signer *signer)
{
	if (!signer)
		return;
	mod_crypto_key_free(signer->key);
	mod_keyring_free(signer->keyring);
	free(signer);
}
MOD_CLEANUP(struct mod_signer *, mod_signer_free)

/* ---- key and certificate */

static int key_fail(struct mod_ctx *ctx, const char *path, int r,
		    const char *what)
{
	return mod_error_set(ctx, MOD_ORIGIN_FILE, r, path, "%s: %s", path,
			     what ? what : strerror(-r));
}

/* The reason why the key of a file cannot be used, or NULL. */
static const char *flaw(int r, const char *pin)
{
	switch (r) {
	case -EACCES:
		return pin ? "wrong pass phrase"
			   : "encrypted, and no pass phrase is given";
	case -EBADMSG:
		return "no private key, or a corrupt one";
	case -EOPNOTSUPP:
		return "a key of another kind than RSA and EC";
	}
	return NULL;
}

/* Others may read the key: whoever does signs what he likes. */
static void warn_of_mode(struct mod_ctx *ctx, const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && st.st_mode & (S_IROTH | S_IWOTH | S_IWGRP))
		mod_log(ctx, LOG_WARNING,
			"%s: a private key with mode %04o: others can %s it",
			path, st.st_mode & 07777,
			st.st_mode & S_IROTH ? "read" : "change");
}

static int parse_key(struct mod_signer *signer, struct mod_file *file,
		     const char *pin)
{
	size_t len = (size_t)file->src.size;
	_free_ uint8_t *bytes = malloc(len + 1);

	if (!bytes)
		return -ENOMEM;
	int r = mod_file_read_at(file, 0, bytes, len);
	if (r == 0)
		r = mod_crypto_key_new(signer->keyring->crypto,
				       (struct mod_bytes){ bytes, len }, pin,
				       &signer->key);
	explicit_bzero(bytes, len);
	return r;
}

static int read_key(struct mod_ctx *ctx, struct mod_signer *signer,
		    const struct mod_signer_opts *opts)
{
	_cleanup_(mod_file_fini) struct mod_file file = { .fd = -1 };

	int r = mod_file_source(&file, opts->key);
	if (r < 0)
		return key_fail(ctx, opts->key, r,
				r == -ENOTSUP ? "not a regular file" : NULL);
	if (file.src.size > KEY_LIMIT)
		return key_fail(ctx, opts->key, -E2BIG, "too large for a key");
	r = parse_key(signer, &file, opts->pin);
	if (r < 0)
		return key_fail(ctx, opts->key, r, flaw(r, opts->pin));
	warn_of_mode(ctx, opts->key, file.fd);
	return 0;
}

/* Of the certificates in the file, the one of the key. */
static int choose_cert(struct mod_ctx *ctx, struct mod_signer *signer,
		       const struct mod_signer_opts *opts)
{
	const struct mod_keyring *keyring = signer->keyring;

	for (size_t i = 0; i < keyring->n; i++) {
		const struct mod_x509 *cert = &keyring->at[i].cert;
		int r = mod_crypto_key_fits(signer->key, cert->der);
		if (r == -ENOMEM)
			return r;
		if (r != 0)
			continue;
		if (!opts->by_key_id) {
			signer->as.issuer = cert->issuer;
			signer->as.serial = cert->serial;
			return 0;
		}
		if (cert->key_id.len == 0)
			return mod_error_set(
				ctx, MOD_ORIGIN_FILE, -EBADMSG, opts->cert,
				"%s: the certificate has no key id",
				opts->cert);
		signer->as.key_id = cert->key_id;
		return 0;
	}
	return mod_error_set(ctx, MOD_ORIGIN_FILE, -EKEYREJECTED, opts->cert,
			     "%s: not the certificate of the key %s",
			     opts->cert, opts->key);
}

static int set_digest(struct mod_ctx *ctx, struct mod_signer *signer,
		      const char *hash)
{
	struct mod_bytes oid = mod_pkcs7_digest_oid(hash);

	if (oid.len > 0 &&
	    mod_cms_can_make(mod_crypto_key_kind(signer->key), hash)) {
		/* The name that stays. */
		signer->as.digest = mod_pkcs7_digest(oid);
		return 0;
	}
	return mod_error_set(ctx, MOD_ORIGIN_CALLER, -EINVAL, hash,
			     "modules are not signed with the digest '%s'",
			     hash);
}

int mod_signer_new(struct mod_ctx *ctx, const struct mod_signer_opts *given,
		   struct mod_signer **out)
{
	struct mod_signer_opts own = { 0 }, *opts = &own;
	_cleanup_(mod_signer_freep) struct mod_signer *signer =
		calloc(1, sizeof *signer);

	mod_error_clear(ctx);
	if (!signer)
		return mod_error_end(ctx, -ENOMEM);
	int r = mod_sized_copy(&own, sizeof own, given);
	if (r < 0)
		return mod_error_end(
			ctx,
			mod_error_set(ctx, MOD_ORIGIN_CALLER, r, NULL,
				      "the size of the options is invalid"));
	if (!opts->key || !opts->cert)
		return mod_error_end(
			ctx,
			mod_error_set(ctx, MOD_ORIGIN_CALLER, -EINVAL, NULL,
				      "signing takes a key and a certificate"));
	r = mod_keyring_make(ctx, &signer->keyring);
	if (r == 0)
		r = mod_keyring_read(signer->keyring, opts->cert);
	if (r == 0)
		r = read_key(ctx, signer, opts);
	if (r == 0)
		r = choose_cert(ctx, signer, opts);
	if (r == 0)
		r = set_digest(ctx, signer, opts->hash ? opts->hash : "sha256");
	if (r < 0)
		return mod_error_end(ctx, r);
	signer->as.key = mod_crypto_key_kind(signer->key);
	*out = mod_take(signer);
	return 0;
}

/* ---- files */

/* The module's own bytes, without signatures.  1: there were none. */
static int read_bare(struct mod_module *module, struct mod_bytes *out)
{
	struct mod_source *src;
	uint64_t len;

	int r = mod_module_source(module, &src);
	if (r < 0)
		return r;
	int bare = mod_trailer_unsigned_len(src, &len);
	if (bare == -EBADMSG)
		return mod_error_set(
			module->ctx, MOD_ORIGIN_FILE, -EBADMSG, module->path,
			"%s: its signature's trailer is corrupt", module->path);
	if (bare < 0)
		return mod_module_fail(module, bare);
	if (bare == 1)
		len = src->size;
	r = mod_module_front(module, len, out);
	return r < 0 ? r : bare;
}

static int write_fail(struct mod_module *module, int r)
{
	const char *what = r == -EAGAIN ? "somebody else changed it meanwhile"
		: r == -ENOSYS
		? "this build, or system, cannot compress it again"
		: r == -E2BIG ? "too large"
			      : strerror(-r);

	return mod_error_set(module->ctx, MOD_ORIGIN_FILE, r, module->path,
			     "%s: %s", module->path, what);
}

/* Writes the module with bytes appended, compressed as it was. */
static int write_module(struct mod_module *module, struct mod_bytes bare,
			struct mod_bytes appended)
{
	struct mod_bytes parts[] = { bare, appended };
	_free_ uint8_t *compressed = NULL;
	_free_ uint8_t *all = NULL;
	size_t n = 2;
	int r = 0;

	if (module->codec != MOD_CODEC_NONE) {
		size_t len = bare.len + appended.len;
		all = malloc(len + 1);
		if (!all)
			return -ENOMEM;
		memcpy(all, bare.at, bare.len);
		if (appended.len > 0)
			memcpy(all + bare.len, appended.at, appended.len);
		r = mod_compress(module->codec, (struct mod_bytes){ all, len },
				 &compressed, &len);
		parts[0] = (struct mod_bytes){ compressed, len };
		n = 1;
	}
	if (r == 0)
		r = mod_replace_content(module->path, module->file.fd, parts,
					n);
	return r < 0 ? write_fail(module, r) : 0;
}

static int make_digest(const struct mod_signer *signer, struct mod_bytes bare,
		       struct mod_digest *out)
{
	_cleanup_(mod_crypto_hash_freep) struct mod_crypto_hash *hash = NULL;

	int r = mod_crypto_hash_new(signer->keyring->crypto, signer->as.digest,
				    &hash);
	if (r == 0)
		r = mod_crypto_hash_add(hash, bare);
	if (r == 0)
		r = mod_crypto_hash_end(hash, out);
	return r;
}

/* The message and the trailer. */
static int make_signature(const struct mod_signer *signer,
			  struct mod_bytes bare, struct mod_str *out)
{
	_str_ struct mod_str raw = { 0 };
	struct mod_cms_signer as = signer->as;
	struct mod_digest digest;

	int r = make_digest(signer, bare, &digest);
	if (r == 0)
		r = mod_crypto_key_sign(signer->key, as.digest, &digest, &raw);
	if (r < 0)
		return r;
	as.signature = (struct mod_bytes){ (const uint8_t *)raw.at, raw.len };
	mod_cms_make(out, &as);
	mod_trailer_add(out, (uint32_t)out->len);
	return out->bad ? -ENOMEM : 0;
}

static int sign_module(const struct mod_signer *signer,
		       struct mod_module *module, unsigned flags)
{
	_str_ struct mod_str appended = { 0 };
	const struct mod_elf *elf;
	struct mod_bytes bare;

	int r = mod_module_elf(module, &elf);
	if (r == 0)
		r = read_bare(module, &bare);
	if (r < 0)
		return r;
	if (r == 0 && !(flags & MOD_SIGN_AGAIN))
		return 1;
	r = make_signature(signer, bare, &appended);
	if (r == -EINVAL || r == -EOPNOTSUPP)
		return mod_error_set(module->ctx, MOD_ORIGIN_CALLER, r,
				     module->path,
				     "%s: the key cannot sign with %s",
				     module->path, signer->as.digest);
	if (r < 0)
		return r;
	return write_module(
		module, bare,
		(struct mod_bytes){ (uint8_t *)appended.at, appended.len });
}

int mod_signer_sign(const struct mod_signer *signer, struct mod_ctx *ctx,
		    const char *path, unsigned flags)
{
	struct mod_module *module;

	mod_error_clear(ctx);
	int r = mod_module_open_file(ctx, path, &module);
	if (r < 0)
		return mod_error_end(ctx, r);
	r = sign_module(signer, module, flags);
	mod_module_free(module);
	return mod_error_end(ctx, r);
}

int mod_signer_strip(struct mod_ctx *ctx, const char *path)
{
	struct mod_module *module;
	struct mod_bytes bare;

	mod_error_clear(ctx);
	int r = mod_module_open_file(ctx, path, &module);
	if (r < 0)
		return mod_error_end(ctx, r);
	r = read_bare(module, &bare);
	if (r == 0)
		r = write_module(module, bare, (struct mod_bytes){ 0 });
	mod_module_free(module);
	return mod_error_end(ctx, r);
}
