/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/format/record.h"

#include "libmod/format/modinfo.h"
#include "libmod/format/syms.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

enum { COUNTS = 2 + MOD_RECORD_TEXTS };

static const char *const keys[MOD_RECORD_TEXTS] = {
	[MOD_RECORD_ALIAS] = "alias",
	[MOD_RECORD_SOFTDEP] = "softdep",
	[MOD_RECORD_WEAKDEP] = "weakdep",
};

static void add_symbol(struct mod_str *out, const struct mod_sym *sym,
		       bool with_bind)
{
	uint64_t crc = htole64(sym->crc);

	mod_str_addn(out, &crc, sizeof crc);
	if (with_bind)
		mod_str_addn(out, &sym->bind, 1);
	mod_str_addn(out, sym->name, strlen(sym->name) + 1);
}

typedef int read_fn(const struct mod_elf *elf, struct mod_syms *out);

/* Appends all symbols of a part; *n is how many. */
static int add_symbols(const struct mod_elf *elf, read_fn *read,
		       struct mod_str *out, bool with_bind, uint32_t *n)
{
	struct mod_syms syms = { 0 };
	int r = read(elf, &syms);

	for (size_t i = 0; r == 0 && i < syms.n; i++)
		add_symbol(out, &syms.at[i], with_bind);
	*n = r == 0 ? (uint32_t)syms.n : 0;
	mod_syms_fini(&syms);
	return r < 0 ? r : 0;
}

/* Appends the values of one key. */
static uint32_t add_values(struct mod_bytes info, const char *key,
			   struct mod_str *out)
{
	size_t len = strlen(key);
	struct mod_info pair;
	uint32_t n = 0;

	while (mod_modinfo_next(&info, &pair)) {
		if (pair.key.len != len || memcmp(pair.key.at, key, len) != 0)
			continue;
		if (pair.value.len)
			mod_str_addn(out, pair.value.at, pair.value.len);
		mod_str_addn(out, "", 1);
		n++;
	}
	return n;
}

int mod_record_write(const struct mod_elf *elf, struct mod_str *out,
		     struct mod_record_errors *errors)
{
	uint32_t counts[COUNTS] = { 0 };
	struct mod_bytes info = { 0 };
	size_t start = out->len;

	mod_str_addn(out, counts, sizeof counts);
	errors->exports =
		add_symbols(elf, mod_syms_exports, out, false, &counts[0]);
	errors->needs =
		add_symbols(elf, mod_syms_imports, out, true, &counts[1]);
	int r = mod_elf_find_data(elf, ".modinfo", &info);
	errors->info = r < 0 ? r : 0;
	for (size_t i = 0; r == 0 && i < MOD_RECORD_TEXTS; i++)
		counts[2 + i] = add_values(info, keys[i], out);
	if (out->bad || errors->exports == -ENOMEM ||
	    errors->needs == -ENOMEM || errors->info == -ENOMEM)
		return -ENOMEM;
	for (size_t i = 0; i < COUNTS; i++)
		counts[i] = htole32(counts[i]);
	memcpy(out->at + start, counts, sizeof counts);
	return 0;
}

void mod_record_write_empty(struct mod_str *out)
{
	const uint32_t counts[COUNTS] = { 0 };

	mod_str_addn(out, counts, sizeof counts);
}

static const char *text(struct mod_cur *cur)
{
	const char *s = mod_bytes_str(cur->in, cur->pos);

	if (!s) {
		cur->bad = true;
		return "";
	}
	cur->pos += strlen(s) + 1;
	return s;
}

struct mod_record_symbol mod_record_export(struct mod_cur *cur)
{
	struct mod_record_symbol sym = { .crc = mod_cur_u64(cur) };

	sym.name = text(cur);
	return sym;
}

struct mod_record_symbol mod_record_need(struct mod_cur *cur)
{
	struct mod_record_symbol sym = { .crc = mod_cur_u64(cur) };

	sym.bind = (char)mod_cur_u8(cur);
	sym.name = text(cur);
	return sym;
}

const char *mod_record_text(struct mod_cur *cur)
{
	return text(cur);
}

int mod_record_open(struct mod_record *record, struct mod_bytes bytes)
{
	struct mod_cur c = { .in = bytes };

	record->exports = mod_cur_u32(&c);
	record->needs = mod_cur_u32(&c);
	for (size_t i = 0; i < MOD_RECORD_TEXTS; i++)
		record->texts[i] = mod_cur_u32(&c);
	record->export_cur = c;
	for (size_t i = 0; i < record->exports && !c.bad; i++)
		mod_record_export(&c);
	record->need_cur = c;
	for (size_t i = 0; i < record->needs && !c.bad; i++)
		mod_record_need(&c);
	for (size_t t = 0; t < MOD_RECORD_TEXTS; t++) {
		record->text_cur[t] = c;
		for (size_t i = 0; i < record->texts[t] && !c.bad; i++)
			text(&c);
	}
	return c.bad || c.pos != bytes.len ? -EBADMSG : 0;
}
