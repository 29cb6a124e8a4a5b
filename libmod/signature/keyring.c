/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/keyring.h"

#include "libmod/base/grow.h"
#include "libmod/base/path.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/signature/efi.h"
#include "libmod/signature/kernel-keys.h"
#include "libmod/sys/directory.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <stdio.h>
#include <syslog.h>

/* A bundle with all authorities of the web is 200 KiB. */
enum { LIMIT = 16 << 20 }; /* bytes of a file */

void mod_keyring_free(struct mod_keyring *keyring)
{
	if (!keyring)
		return;
	mod_crypto_free(keyring->crypto);
	mod_arena_fini(&keyring->arena);
	free(keyring->at);
	free(keyring);
}
MOD_CLEANUP(struct mod_keyring *, mod_keyring_free)

int mod_keyring_make(struct mod_ctx *ctx, struct mod_keyring **out)
{
	_cleanup_(mod_keyring_freep) struct mod_keyring *keyring = NULL;

	keyring = calloc(1, sizeof *keyring);
	if (!keyring)
		return -ENOMEM;
	keyring->ctx = ctx;
	int r = mod_crypto_new(&keyring->crypto);
	if (r == -ENOSYS) {
		mod_error_set(ctx, MOD_ORIGIN_SYSTEM, r, NULL, "%s",
			      mod_crypto_absent());
		mod_error_advise(ctx,
				 "install OpenSSL 3 and a libmod that is "
				 "built with it");
	}
	if (r < 0)
		return r;
	*out = mod_take(keyring);
	return 0;
}

int mod_keyring_new(struct mod_ctx *ctx, struct mod_keyring **out)
{
	mod_error_clear(ctx);
	return mod_error_end(ctx, mod_keyring_make(ctx, out));
}

size_t mod_keyring_count(const struct mod_keyring *keyring)
{
	return keyring->n;
}

/* ---- bytes to entries */

static int add(struct mod_keyring *keyring, const struct mod_x509 *cert,
	       const char *path)
{
	struct mod_keyring_entry *at = mod_grow(keyring->at, &keyring->cap,
						keyring->n + 1, sizeof *at);
	if (!at)
		return -ENOMEM;
	keyring->at = at;
	keyring->at[keyring->n++] = (struct mod_keyring_entry){ *cert, path };
	return 0;
}

/* Copied once it is seen that they are certificates to their end; -EBADMSG when
 * they are not.
 */
static int add_der(struct mod_keyring *keyring, struct mod_bytes bytes,
		   const char *path)
{
	struct mod_bytes left = bytes;
	struct mod_x509 cert;
	int r;

	while ((r = mod_x509_next(&left, &cert)) == 0)
		;
	if (r < 0 || bytes.len == 0)
		return r < 0 ? r : 0;
	const char *own = mod_arena_strn(&keyring->arena,
					 (const char *)bytes.at, bytes.len);
	if (!own)
		return -ENOMEM;
	left = (struct mod_bytes){ (const uint8_t *)own, bytes.len };
	r = 0;
	while (r == 0 && mod_x509_next(&left, &cert) == 0)
		r = add(keyring, &cert, path);
	return r;
}

static int add_pem(struct mod_keyring *keyring, struct mod_bytes text,
		   const char *path)
{
	_str_ struct mod_str der = { 0 };
	int r;

	while ((r = mod_x509_pem_next(&text, &der)) == 0) {
		struct mod_bytes bytes = { (const uint8_t *)der.at, der.len };
		r = bytes.len == 0 ? -EBADMSG : add_der(keyring, bytes, path);
		if (r < 0)
			break;
	}
	return r < 0 ? r : 0;
}

static int add_efi(struct mod_keyring *keyring, struct mod_bytes bytes,
		   const char *path)
{
	struct mod_efi_list list = { 0 };
	struct mod_bytes cert;
	int r;

	while ((r = mod_efi_next(&bytes, &list, &cert)) == 0) {
		r = add_der(keyring, cert, path);
		if (r < 0)
			break;
	}
	return r < 0 ? r : 0;
}

/* ---- files and directories */

static int fail(struct mod_keyring *keyring, const char *path, int r)
{
	const char *what = r == -EBADMSG ? "no certificates, or corrupt ones"
		: r == -ENODATA          ? "no certificates in this directory"
		: r == -E2BIG            ? "too large for certificates"
		: r == -ENOTSUP          ? "not a regular file"
					 : strerror(-r);

	return mod_error_set(keyring->ctx, MOD_ORIGIN_FILE, r, path, "%s: %s",
			     path, what);
}

/* The file whole; owned. */
static int read_file(const char *path, uint8_t **out, size_t *out_len)
{
	_cleanup_(mod_file_fini) struct mod_file file = { .fd = -1 };
	_free_ uint8_t *at = NULL;

	int r = mod_file_source(&file, path);
	if (r < 0)
		return r;
	if (file.src.size > LIMIT)
		return -E2BIG;
	size_t len = (size_t)file.src.size;
	at = malloc(len + 1);
	if (!at)
		return -ENOMEM;
	r = mod_file_read_at(&file, 0, at, len);
	if (r < 0)
		return r;
	*out = mod_take(at);
	*out_len = len;
	return 0;
}

enum kind { ANY, EFI };

/* All of a file's certificates or none. */
static int add_file(struct mod_keyring *keyring, const char *path,
		    enum kind kind)
{
	size_t before = keyring->n;
	_free_ uint8_t *at = NULL;
	size_t len;

	int r = read_file(path, &at, &len);
	if (r < 0)
		return r;
	const char *kept = mod_arena_strn(&keyring->arena, path, strlen(path));
	if (!kept)
		return -ENOMEM;
	struct mod_bytes bytes = { at, len };
	if (kind == EFI)
		r = add_efi(keyring, bytes, kept);
	else if (mod_x509_is_pem(bytes))
		r = add_pem(keyring, bytes, kept);
	else
		r = add_der(keyring, bytes, kept);
	if (r == 0 && keyring->n == before)
		r = -EBADMSG;
	if (r < 0)
		keyring->n = before;
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct mod_directory_entry *)a)->name,
		      ((const struct mod_directory_entry *)b)->name);
}

/* A directory may also hold other files: keys, texts, directories.  -ENODATA
 * when there is nothing else.
 */
static int add_directory(struct mod_keyring *keyring, const char *path)
{
	size_t before = keyring->n;
	struct mod_directory dir;

	int r = mod_directory_read(&keyring->arena, path, &dir);
	if (r < 0)
		return r;
	if (dir.n > 0)
		qsort(dir.at, dir.n, sizeof *dir.at, by_name);
	for (size_t i = 0; i < dir.n && r != -ENOMEM; i++) {
		const char *file =
			mod_path_join(&keyring->arena, path, dir.at[i].name);
		r = file ? add_file(keyring, file, ANY) : -ENOMEM;
		if (r < 0 && r != -ENOMEM)
			mod_log(keyring->ctx, LOG_INFO,
				"%s: skipped: no certificate", file);
	}
	if (r == -ENOMEM)
		return r;
	return keyring->n == before ? -ENODATA : 0;
}

static int add_path(struct mod_keyring *keyring, const char *path)
{
	int r = add_file(keyring, path, ANY);

	return r == -EISDIR ? add_directory(keyring, path) : r;
}

int mod_keyring_read(struct mod_keyring *keyring, const char *path)
{
	int r = add_path(keyring, path);
	return r < 0 ? fail(keyring, path, r) : 0;
}

int mod_keyring_add(struct mod_keyring *keyring, const char *path)
{
	mod_error_clear(keyring->ctx);
	return mod_error_end(keyring->ctx, mod_keyring_read(keyring, path));
}

/* ---- the places where systems keep certificates for modules */

/* Of a place that may be absent. */
static int add_place(struct mod_keyring *keyring, const char *path,
		     enum kind kind)
{
	int r = kind == EFI ? add_file(keyring, path, EFI)
			    : add_path(keyring, path);

	/* Most systems have nothing there, or an empty directory. */
	if (r < 0 && r != -ENOMEM && r != -ENOENT && r != -ENOTDIR &&
	    r != -ENODATA)
		mod_log(keyring->ctx, LOG_WARNING, "%s: %s", path,
			r == -EBADMSG ? "no certificates, or corrupt ones"
				      : strerror(-r));
	return r == -ENOMEM ? r : 0;
}

int mod_keyring_add_system(struct mod_keyring *keyring)
{
	static const char *const places[] = {
		"/var/lib/shim-signed/mok/MOK.der", /* Debian, Ubuntu */
		"/var/lib/dkms/mok.pub",            /* dkms */
		"/etc/pki/akmods/certs",            /* Fedora */
		"/etc/uefi/certs",                  /* openSUSE */
	};
	static const char released[] = "/usr/share/doc/kernel-keys/";
	static const char enrolled[] = "/firmware/efi/mok-variables/MokListRT";
	struct mod_ctx *ctx = keyring->ctx;
	_str_ struct mod_str path = { 0 };
	const char *release;

	mod_error_clear(ctx);
	int r = mod_kernel_keys_release(ctx, &release);
	for (size_t i = 0; i < sizeof places / sizeof *places && r == 0; i++) {
		path.len = 0;
		mod_str_addf(&path, "%s%s", ctx->root, places[i]);
		r = path.bad ? -ENOMEM : add_place(keyring, path.at, ANY);
	}
	if (r == 0) {
		path.len = 0;
		mod_str_addf(&path, "%s%s%s", ctx->root, released, release);
		r = path.bad ? -ENOMEM : add_place(keyring, path.at, ANY);
	}
	if (r == 0) {
		path.len = 0;
		mod_str_addf(&path, "%s%s", ctx->sys, enrolled);
		r = path.bad ? -ENOMEM : add_place(keyring, path.at, EFI);
	}
	return mod_error_end(ctx, r);
}

int mod_keyring_add_builtin(struct mod_keyring *keyring)
{
	struct mod_bytes list;
	const char *path;

	mod_error_clear(keyring->ctx);
	int r = mod_kernel_keys_certs(keyring->ctx, &keyring->arena, &path,
				      &list);
	if (r == 0)
		r = add_der(keyring, list, path);
	return mod_error_end(keyring->ctx, r);
}
