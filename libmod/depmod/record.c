/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/record.h"

#include "libmod/base/cursor.h"
#include "libmod/depmod/kmod-hash.h"
#include "libmod/module/modinfo.h"
#include "libmod/module/symbols.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

enum {
	EXPORTS,
	NEEDS,
	TEXTS,
	NAMES = TEXTS + MOD_RECORD_TEXTS, /* sizes of exports' and needs' */
	COUNTS = NAMES + 2,
};

static const char *const keys[MOD_RECORD_TEXTS] = {
	[MOD_RECORD_ALIAS] = "alias",
	[MOD_RECORD_SOFTDEP] = "softdep",
	[MOD_RECORD_WEAKDEP] = "weakdep",
};

enum { NAMES_LIMIT = 64 << 20 }; /* bytes; the largest modules have one MB */

enum { HASH = 4, CRC = 8, PLACE = 4, BIND = 1, LENGTH = 4 }; /* bytes */

/* Appends a number, little-endian, then bytes and a NUL. */
static void add_text(struct mod_str *out, const void *bytes, size_t len)
{
	uint32_t number = htole32((uint32_t)len);
	char *at = NULL;

	if (len < UINT32_MAX)
		at = mod_str_room(out, LENGTH + len + 1);
	out->bad |= !at;
	if (!at)
		return;
	memcpy(at, &number, LENGTH);
	if (len)
		memcpy(at + LENGTH, bytes, len);
	at[LENGTH + len] = '\0';
}

static uint8_t *put_u32(uint8_t *at, uint32_t number)
{
	number = htole32(number);
	memcpy(at, &number, sizeof number);
	return at + sizeof number;
}

/* False when they are more than any module has: symbols may share one name that
 * is very long.
 */
static bool count_names(const struct mod_symbols *syms, size_t *bytes)
{
	*bytes = 0;
	for (size_t i = 0; i < syms->n && *bytes <= NAMES_LIMIT; i++)
		*bytes += strlen(syms->at[i].name) + 1;
	return *bytes <= NAMES_LIMIT;
}

/* Appends symbols whose names have so many bytes. */
static void put_symbols(const struct mod_symbols *syms, size_t names,
			bool with_bind, struct mod_str *out)
{
	size_t each = HASH + CRC + PLACE + (with_bind ? BIND : 0), n = syms->n;
	uint8_t *at = NULL;

	if (n && n < UINT32_MAX / 2 / each)
		at = (uint8_t *)mod_str_room(out, n * each + names);
	out->bad |= n && !at;
	if (!at)
		return;
	uint8_t *crcs = at + n * HASH, *places = crcs + n * CRC;
	uint8_t *binds = places + n * PLACE;
	uint8_t *first = at + n * each, *name = first;
	for (size_t i = 0; i < n; i++) {
		const struct mod_symbol *sym = &syms->at[i];
		size_t len = strlen(sym->name);
		uint64_t crc = htole64(sym->crc);
		memcpy(name, sym->name, len + 1);
		size_t dot = with_bind && *sym->name == '.';
		at = put_u32(at, mod_kmod_hash_n(sym->name + dot, len - dot));
		memcpy(crcs + i * CRC, &crc, CRC);
		places = put_u32(places, (uint32_t)(name - first));
		if (with_bind)
			binds[i] = (uint8_t)sym->bind;
		name += len + 1;
	}
}

typedef int read_fn(const struct mod_elf *elf, struct mod_symbols *out,
		    bool *broken);

/* Appends all symbols of a part, which is EXPORTS or NEEDS. */
static int add_symbols(const struct mod_elf *elf, read_fn *read,
		       struct mod_str *out, int part, uint32_t counts[COUNTS])
{
	struct mod_symbols syms = { 0 };
	bool broken = false;
	size_t names;
	int r = read(elf, &syms, &broken);

	if (r == 0 && !count_names(&syms, &names))
		r = -EBADMSG;
	if (r == 0) {
		put_symbols(&syms, names, part == NEEDS, out);
		counts[part] = (uint32_t)syms.n;
		counts[NAMES + part] = (uint32_t)names;
	}
	mod_symbols_fini(&syms);
	return r < 0 ? r : broken ? -EBADMSG : 0;
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
		add_text(out, pair.value.at, pair.value.len);
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
	errors->exports = add_symbols(elf, mod_symbols_exports_left, out,
				      EXPORTS, counts);
	errors->needs =
		add_symbols(elf, mod_symbols_imports_left, out, NEEDS, counts);
	int r = mod_elf_find_data(elf, ".modinfo", &info);
	errors->info = r < 0 ? r : 0;
	for (size_t i = 0; r == 0 && i < MOD_RECORD_TEXTS; i++)
		counts[TEXTS + i] = add_values(info, keys[i], out);
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

const char *mod_record_text(struct mod_cursor *cur, size_t *len)
{
	*len = mod_cursor_u32(cur);
	const uint8_t *at = mod_cursor_take(cur, *len + (size_t)1);

	if (!at || at[*len] != '\0') {
		cur->bad = true;
		*len = 0;
		return "";
	}
	return (const char *)at;
}

struct mod_record_symbol
mod_record_symbol(const struct mod_record_symbols *symbols, size_t i)
{
	struct mod_record_symbol sym = { "", 0, mod_record_hash(symbols, i),
					 0 };
	uint32_t place;

	memcpy(&sym.crc, symbols->crcs + i * CRC, CRC);
	sym.crc = le64toh(sym.crc);
	memcpy(&place, symbols->places + i * PLACE, PLACE);
	place = le32toh(place);
	if (place < symbols->names.len)
		sym.name = (const char *)symbols->names.at + place;
	if (symbols->binds)
		sym.bind = (char)symbols->binds[i];
	return sym;
}

static void open_symbols(struct mod_record_symbols *symbols,
			 struct mod_cursor *c, uint32_t count, uint32_t names,
			 bool with_bind)
{
	size_t n = mod_cursor_count(
		c, count, HASH + CRC + PLACE + (with_bind ? BIND : 0));

	*symbols = (struct mod_record_symbols){
		.n = n,
		.hashes = mod_cursor_take(c, n * HASH),
		.crcs = mod_cursor_take(c, n * CRC),
		.places = mod_cursor_take(c, n * PLACE),
		.binds = with_bind ? mod_cursor_take(c, n * BIND) : NULL,
	};
	symbols->names = (struct mod_bytes){ mod_cursor_take(c, names), names };
	if (!c->bad && n && !mod_bytes_is_ended(symbols->names))
		c->bad = true;
}

int mod_record_open(struct mod_record *record, struct mod_bytes bytes)
{
	struct mod_cursor c = { .in = bytes };
	uint32_t counts[COUNTS];
	size_t len;

	for (size_t i = 0; i < COUNTS; i++)
		counts[i] = mod_cursor_u32(&c);
	open_symbols(&record->exports, &c, counts[EXPORTS],
		     counts[NAMES + EXPORTS], false);
	open_symbols(&record->needs, &c, counts[NEEDS], counts[NAMES + NEEDS],
		     true);
	for (size_t t = 0; t < MOD_RECORD_TEXTS; t++) {
		record->text_cur[t] = c;
		record->texts[t] = counts[TEXTS + t];
		for (size_t i = 0; i < record->texts[t] && !c.bad; i++)
			mod_record_text(&c, &len);
	}
	return c.bad || c.pos != bytes.len ? -EBADMSG : 0;
}
