/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/trailer.h"
#include "libmod/base/cursor.h"

#include <errno.h>

#define MAGIC "~Module signature appended~\n"

enum {
	MAGIC_LEN = sizeof MAGIC - 1, /* bytes */
	BLOCK = 12,                   /* bytes of struct module_signature */
	PADDING = 3,                  /* of them */
	TRAILER = BLOCK + MAGIC_LEN,
	/* Read at once, as most messages and their trailer are shorter. */
	TAIL = 1024,
};

/* enum pkey_id_type */
static const char *const ids[] = { "PGP", "X509", "PKCS#7" };
enum { ID_PKCS7 = 2 };

/* enum pkey_hash_algo of kernels before 4.3, which signed without PKCS#7 */
static const char *const hashes[] = { "md4",    "md5",    "sha1",
				      "rmd160", "sha256", "sha384",
				      "sha512", "sha224", "sm3" };
enum { ALGORITHMS = 2 }; /* enum pkey_algo: DSA, RSA */

struct block {
	uint8_t algorithm, hash, id;
	uint8_t signer_len, key_len; /* bytes */
	uint8_t padding;             /* all of it, or-ed */
	uint32_t sig_len;
};

/* The block in front of the magic; false when there is no magic. */
static bool read_block(struct mod_bytes tail, struct block *block)
{
	struct mod_cursor c = { .in = tail, .big = true };

	mod_cursor_seek(&c, tail.len - TRAILER);
	block->algorithm = mod_cursor_u8(&c);
	block->hash = mod_cursor_u8(&c);
	block->id = mod_cursor_u8(&c);
	block->signer_len = mod_cursor_u8(&c);
	block->key_len = mod_cursor_u8(&c);
	block->padding = 0;
	for (int i = 0; i < PADDING; i++)
		block->padding |= mod_cursor_u8(&c);
	block->sig_len = mod_cursor_u32(&c);
	const uint8_t *magic = mod_cursor_take(&c, MAGIC_LEN);

	return magic && memcmp(magic, MAGIC, MAGIC_LEN) == 0;
}

/* Can it be shown? */
static bool is_sound(const struct block *block)
{
	return block->algorithm < ALGORITHMS &&
		block->hash < sizeof hashes / sizeof *hashes &&
		block->id < sizeof ids / sizeof *ids && block->sig_len > 0;
}

/* The end of the file, len bytes or all; 1 when it is shorter than a trailer,
 * or has no magic.
 */
static int read_tail(struct mod_source *src, uint64_t len, struct block *block)
{
	struct mod_bytes tail;

	if (src->size < TRAILER)
		return 1;
	if (len > src->size)
		len = src->size;
	int r = mod_source_range(src, src->size - len, len, &tail);
	if (r < 0)
		return r;
	return read_block(tail, block) ? 0 : 1;
}

/* The three parts in front of the block. */
static int read_parts(struct mod_source *src, const struct block *block,
		      struct mod_trailer *trailer)
{
	uint64_t end = src->size - TRAILER;
	uint64_t len =
		(uint64_t)block->signer_len + block->key_len + block->sig_len;
	struct mod_cursor c = { 0 };

	if (len > end)
		return 1;
	trailer->signed_len = end - len;
	int r = mod_source_range(src, trailer->signed_len, len, &c.in);
	if (r < 0)
		return r;
	trailer->signer = mod_cursor_range(&c, 0, block->signer_len);
	trailer->key = mod_cursor_range(&c, block->signer_len, block->key_len);
	trailer->signature =
		mod_cursor_range(&c, len - block->sig_len, block->sig_len);
	return 0;
}

int mod_trailer_read(struct mod_source *src, struct mod_trailer *out)
{
	struct mod_trailer trailer = { 0 };
	struct block block;

	int r = read_tail(src, TAIL, &block);
	if (r != 0)
		return r;
	if (!is_sound(&block))
		return 1;
	trailer.id = ids[block.id];
	trailer.hash = hashes[block.hash];
	trailer.pkcs7 = block.id == ID_PKCS7;
	r = read_parts(src, &block, &trailer);
	if (r == 0)
		*out = trailer;
	return r;
}

/* ---- as the kernel reads it, and writing */

static const char *refusal(const struct mod_source *src,
			   const struct block *block)
{
	if (block->id != ID_PKCS7)
		return "a kind of signature that no kernel since 4.3 takes";
	if (block->algorithm || block->hash || block->signer_len ||
	    block->key_len || block->padding)
		return "its trailer has set what must be zero";
	if (block->sig_len == 0)
		return "its trailer names no signature";
	if (block->sig_len >= src->size - TRAILER)
		return "its trailer names a signature as large as the file";
	return NULL;
}

int mod_trailer_find(struct mod_source *src, struct mod_trailer_place *place,
		     const char **why)
{
	struct block block;

	int r = read_tail(src, TAIL, &block);
	if (r != 0)
		return r;
	*why = refusal(src, &block);
	if (*why)
		return -EBADMSG;
	place->signed_len = src->size - TRAILER - block.sig_len;
	return mod_source_range(src, place->signed_len, block.sig_len,
				&place->der);
}

/* The source up to a length. */
struct front {
	struct mod_source src;
	struct mod_source *all;
};

static int front_range(struct mod_source *src, uint64_t off, size_t len,
		       struct mod_bytes *out)
{
	return mod_source_range(((struct front *)src)->all, off, len, out);
}

int mod_trailer_unsigned_len(struct mod_source *src, uint64_t *len)
{
	struct front front = { { src->size, front_range }, src };
	struct block block;
	int r;

	while ((r = read_tail(&front.src, TRAILER, &block)) == 0) {
		uint64_t end = front.src.size - TRAILER;
		uint64_t parts = (uint64_t)block.signer_len + block.key_len +
			block.sig_len;
		if (block.sig_len == 0 || parts >= end)
			return -EBADMSG;
		front.src.size = end - parts;
	}
	if (r < 0)
		return r;
	*len = front.src.size;
	return front.src.size == src->size ? 1 : 0;
}

void mod_trailer_add(struct mod_str *out, uint32_t der_len)
{
	const uint8_t block[BLOCK] = {
		[2] = ID_PKCS7,
		[8] = (uint8_t)(der_len >> 24),
		[9] = (uint8_t)(der_len >> 16),
		[10] = (uint8_t)(der_len >> 8),
		[11] = (uint8_t)der_len,
	};

	mod_str_addn(out, block, sizeof block);
	mod_str_addn(out, MAGIC, MAGIC_LEN);
}
