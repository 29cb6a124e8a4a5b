/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* record.h - what depmod wants to know of one module file, as bytes.
 *
 * A record is a value: it can be made by any thread in any order, kept in a
 * file and compared.  Little-endian: five u32 counts (exports, needs, aliases,
 * softdeps, weakdeps) and two u32 sizes (bytes of the names of exports, of
 * needs).  Then the exports: of all of them the hash (u32; see kmod-hash.h),
 * the CRC (u64), where the name begins (u32); then the names, each ended by a
 * NUL. The needs are the same, with a u8 bind before the names.  Then the rest:
 * a u32 length, so many bytes and a NUL each.
 */
#pragma once

#include "libmod/base/cleanup.h"
#include "libmod/base/cursor.h"
#include "libmod/base/str.h"
#include "libmod/module/elf.h"

enum mod_record_text {
	MOD_RECORD_ALIAS,
	MOD_RECORD_SOFTDEP,
	MOD_RECORD_WEAKDEP,
	MOD_RECORD_TEXTS,
};

/* Exports or needs; n of each, not aligned. */
struct mod_record_symbols {
	size_t n;
	const uint8_t *hashes, *crcs, *places, *binds; /* binds may be NULL */
	struct mod_bytes names;                        /* ended, if n > 0 */
};

struct mod_record {
	struct mod_record_symbols exports, needs;
	size_t texts[MOD_RECORD_TEXTS];
	/* Where each part begins; to be taken as copies and read onwards. */
	struct mod_cursor text_cur[MOD_RECORD_TEXTS];
};

struct mod_record_symbol {
	const char *name;
	uint64_t crc;
	uint32_t hash; /* mod_kmod_hash() of the name; that of a need leaves
			* out a '.' that it begins with */
	char bind;     /* 'U', 'W'; 0 for exports */
};

/* What went wrong with a part of a module; parts are independent. */
struct mod_record_errors {
	int exports, needs, info; /* 0 or -errno */
};

/* Appends the record of a module to out.  Parts that cannot be read are left
 * out and noted in errors.  Returns 0 or -ENOMEM.
 */
_check_ int mod_record_write(const struct mod_elf *elf, struct mod_str *out,
			     struct mod_record_errors *errors);

/* Appends the record of a module of which nothing is known. */
void mod_record_write_empty(struct mod_str *out);

/* Checks that all parts of a record are there, and its texts, so that reading
 * on cannot fail.  0 or -EBADMSG.
 */
_check_ int mod_record_open(struct mod_record *record, struct mod_bytes bytes);

/* Its hash alone, which is quickly looked at; i is below n. */
static inline uint32_t mod_record_hash(const struct mod_record_symbols *symbols,
				       size_t i)
{
	uint32_t hash;

	memcpy(&hash, symbols->hashes + i * sizeof hash, sizeof hash);
	return le32toh(hash);
}

/* Number i, below n.  A name that lies nowhere is "". */
struct mod_record_symbol
mod_record_symbol(const struct mod_record_symbols *symbols, size_t i);

/* The next of as many as the record counts. */
const char *mod_record_text(struct mod_cursor *cur, size_t *len);
