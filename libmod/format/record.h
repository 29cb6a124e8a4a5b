/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* record.h - what depmod wants to know of one module file, as bytes.
 *
 * A record is a value: it can be made by any thread in any order, kept in a
 * file and compared.  Little-endian: five u32 counts (exports, needs, aliases,
 * softdeps, weakdeps), then so many entries of each: exports u64 CRC and name;
 * needs u64 CRC, u8 bind and name; the rest a text.  Texts end in NUL.
 */
#pragma once

#include "libmod/base/bytes.h"
#include "libmod/base/cleanup.h"
#include "libmod/base/str.h"
#include "libmod/format/elf.h"

enum mod_record_text {
	MOD_RECORD_ALIAS,
	MOD_RECORD_SOFTDEP,
	MOD_RECORD_WEAKDEP,
	MOD_RECORD_TEXTS,
};

struct mod_record {
	size_t exports, needs, texts[MOD_RECORD_TEXTS];
	/* Where each part begins; to be taken as copies and read onwards. */
	struct mod_cur export_cur, need_cur, text_cur[MOD_RECORD_TEXTS];
};

struct mod_record_symbol {
	const char *name;
	uint64_t crc;
	char bind; /* 'U', 'W'; 0 for exports */
};

/* What went wrong with a part of a module; parts are independent. */
struct mod_record_errors {
	int exports, needs, info; /* 0 or -errno */
};

/* Appends the record of a module to out.  A part that cannot be read is left
 * empty and noted in errors.  Returns 0 or -ENOMEM.
 */
_check_ int mod_record_write(const struct mod_elf *elf, struct mod_str *out,
			     struct mod_record_errors *errors);

/* Appends the record of a module of which nothing is known. */
void mod_record_write_empty(struct mod_str *out);

/* Checks all of a record, so that reading on cannot fail.  0 or -EBADMSG. */
_check_ int mod_record_open(struct mod_record *record, struct mod_bytes bytes);

/* The next of as many as the record counts. */
struct mod_record_symbol mod_record_export(struct mod_cur *cur);
struct mod_record_symbol mod_record_need(struct mod_cur *cur);
const char *mod_record_text(struct mod_cur *cur);
