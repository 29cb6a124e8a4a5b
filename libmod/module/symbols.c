/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/symbols.h"

#include "libmod/base/cursor.h"
#include "libmod/base/grow.h"
#include "libmod/base/map.h"
#include "libmod/module/symbol-table.h"

#include <elf.h>
#include <errno.h>

#define _syms_ _cleanup_(mod_symbols_fini)

#define CRC "__crc_"
#define KSYMTAB "__ksymtab_"

enum {
	VERSION = 64, /* bytes of a __versions record; source: modpost, struct
		       * modversion_info */
	EXT_CRC = 4,  /* bytes */
};

/* Bytes of sections that hold CRCs, each read once, by index. */
struct crcs {
	const struct mod_elf *elf;
	struct mod_bytes *secs; /* elf->sec_count of them */
};

void mod_symbols_fini(struct mod_symbols *syms)
{
	free(syms->at);
	*syms = (struct mod_symbols){ 0 };
}

static struct mod_symbols take(struct mod_symbols *syms)
{
	struct mod_symbols taken = *syms;

	*syms = (struct mod_symbols){ 0 };
	return taken;
}

/* Room for n symbols in all. */
static int reserve(struct mod_symbols *syms, size_t n)
{
	struct mod_symbol *at = mod_grow(syms->at, &syms->cap, n, sizeof *at);

	if (!at)
		return -ENOMEM;
	syms->at = at;
	return 0;
}

static int add(struct mod_symbols *syms, struct mod_symbol sym)
{
	int r = reserve(syms, syms->n + 1);

	if (r == 0)
		syms->at[syms->n++] = sym;
	return r;
}

/* What follows prefix in text, or NULL. */
static inline const char *after(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	/* Most differ at once. */
	return *text == *prefix && strncmp(text, prefix, n) == 0 ? text + n
								 : NULL;
}

/* ---------------------------------------------------------------- exports */

static void crcs_fini(struct crcs *crcs)
{
	free(crcs->secs);
}

/* The 32-bit word at off in a section; all ones when it lies nowhere. */
static int crc_in(struct crcs *crcs, uint16_t index, uint64_t off,
		  uint64_t *crc)
{
	struct mod_bytes *data = &crcs->secs[index];
	struct mod_sec sec;

	*crc = UINT64_MAX;
	if (!data->at) {
		int r = mod_elf_sec(crcs->elf, index, &sec);
		if (r == 0)
			r = mod_elf_data(crcs->elf, &sec, data);
		if (r < 0)
			return r == -EBADMSG ? 0 : r;
	}
	struct mod_cursor c = { .in = *data, .big = crcs->elf->big };
	mod_cursor_seek(&c, off);
	uint32_t word = mod_cursor_u32(&c);
	if (!c.bad)
		*crc = word;
	return 0;
}

/* Kernels before 5.19 make the CRC the symbol's value, later ones its place. */
static int crc_of(struct crcs *crcs, const struct mod_symbol_table_entry *e,
		  uint64_t *crc)
{
	*crc = e->value;
	if (e->sec == SHN_ABS || e->sec == SHN_UNDEF)
		return 0;
	*crc = UINT64_MAX;
	if (e->sec >= SHN_LORESERVE || e->sec >= crcs->elf->sec_count)
		return 0;
	if (!crcs->secs)
		crcs->secs = calloc(crcs->elf->sec_count, sizeof *crcs->secs);
	if (!crcs->secs)
		return -ENOMEM;
	return crc_in(crcs, e->sec, e->value, crc);
}

static bool may_export(const struct mod_elf *elf)
{
	static const char hint[] = "__k";
	struct mod_sec sec;

	if (!memmem(elf->names.at, elf->names.len, hint, strlen(hint)))
		return false;
	for (size_t i = 1; i < elf->sec_count; i++)
		if (mod_elf_sec(elf, i, &sec) == 0 &&
		    (after(sec.name, "__ksymtab") ||
		     after(sec.name, "__kcrctab")))
			return true;
	return false;
}

/* Exports by their __crc_X.  Names of __ksymtab_X go to `real` on the way. */
static int exports_by_crc(const struct mod_elf *elf, struct mod_symbols *syms,
			  struct mod_map *real, bool *broken)
{
	_cleanup_(crcs_fini) struct crcs crcs = { .elf = elf };
	struct mod_symbol_table t;
	struct mod_symbol_table_entry e;
	void **slot;

	int r = mod_symbol_table_open(&t, elf, false, broken);
	while (r == 0 && (r = mod_symbol_table_next(&t, &e)) == 0) {
		struct mod_symbol sym = { .name = after(e.name, CRC) };
		const char *name = after(e.name, KSYMTAB);

		if (sym.name)
			r = crc_of(&crcs, &e, &sym.crc);
		if (sym.name && r == 0)
			r = add(syms, sym);
		if (name && syms->n == 0)
			r = mod_map_put(real, name, &slot);
		if (name && syms->n == 0 && r == 0)
			*slot = (void *)name;
	}
	return r < 0 ? r : 0;
}

/* Exports without CRC: the strings, whatever they name. */
static int exports_by_string(const struct mod_elf *elf,
			     struct mod_symbols *syms,
			     const struct mod_map *real, bool *broken)
{
	struct mod_cursor c = { 0 };

	int r = mod_elf_find_data(elf, "__ksymtab_strings", &c.in);
	if (r != 0)
		return r;
	while (c.pos < c.in.len) {
		struct mod_symbol sym = { .name = mod_bytes_str(c.in, c.pos) };

		if (!sym.name)
			return mod_symbol_table_give_up(broken);
		mod_cursor_take(&c, strlen(sym.name) + 1);
		if (!*sym.name)
			continue;
		if (real->count > 0 && !mod_map_get(real, sym.name))
			sym.bind = 'N';
		r = add(syms, sym);
		if (r < 0)
			return r;
	}
	return 0;
}

static int exports(const struct mod_elf *elf, struct mod_symbols *out,
		   bool *broken)
{
	_syms_ struct mod_symbols syms = { 0 };
	_cleanup_(mod_map_fini) struct mod_map real = { 0 };

	if (!may_export(elf))
		return 1;
	int r = exports_by_crc(elf, &syms, &real, broken);
	if (r == 0 && syms.n == 0)
		r = exports_by_string(elf, &syms, &real, broken);
	if (r != 0)
		return r;
	*out = take(&syms);
	return 0;
}

int mod_symbols_exports(const struct mod_elf *elf, struct mod_symbols *out)
{
	return exports(elf, out, NULL);
}

int mod_symbols_exports_left(const struct mod_elf *elf, struct mod_symbols *out,
			     bool *broken)
{
	*broken = false;
	return exports(elf, out, broken);
}

/* --------------------------------------------------------------- versions */

/* The records of __versions, a leading '.' kept.  0, 1, negative errno. */
static int read_plain(const struct mod_elf *elf, struct mod_symbols *syms,
		      bool *broken)
{
	const size_t crc = elf->wide ? 8 : 4, name = VERSION - crc; /* bytes */
	struct mod_cursor c = { .big = elf->big };

	int r = mod_elf_find_data(elf, "__versions", &c.in);
	if (r != 0)
		return r;
	if (c.in.len % VERSION != 0)
		return mod_symbol_table_give_up(broken);
	r = c.in.len ? reserve(syms, c.in.len / VERSION) : 0;
	if (r < 0)
		return r;
	while (c.pos < c.in.len) {
		struct mod_symbol sym = { 0 };

		sym.crc = elf->wide ? mod_cursor_u64(&c) : mod_cursor_u32(&c);
		struct mod_bytes field = { mod_cursor_take(&c, name), name };
		sym.name = mod_bytes_str(field, 0);
		r = sym.name ? add(syms, sym)
			     : mod_symbol_table_give_up(broken);
		if (r < 0)
			return r;
	}
	return 0;
}

static int put_all(struct mod_map *map, const struct mod_symbols *syms)
{
	int r = mod_map_reserve(map, syms->n);

	if (r < 0)
		return r;
	for (size_t i = 0; i < syms->n; i++) {
		void **slot;
		r = mod_map_put(map, syms->at[i].name, &slot);
		if (r < 0)
			return r;
		if (!*slot)
			*slot = &syms->at[i];
	}
	return 0;
}

/* The records that __versions has not. */
static int add_extended(struct mod_bytes crcs, struct mod_bytes names, bool big,
			struct mod_symbols *syms, bool *broken)
{
	_cleanup_(mod_map_fini) struct mod_map known = { 0 };
	struct mod_cursor crc = { .in = crcs, .big = big };
	struct mod_cursor text = { .in = names };

	if (crcs.len % EXT_CRC != 0)
		return mod_symbol_table_give_up(broken);
	int r = put_all(&known, syms);
	while (r == 0 && crc.pos < crcs.len) {
		struct mod_symbol sym = { .crc = mod_cursor_u32(&crc) };

		sym.name = mod_bytes_str(names, text.pos);
		if (!sym.name)
			return mod_symbol_table_give_up(broken);
		mod_cursor_take(&text, strlen(sym.name) + 1);
		if (!mod_map_get(&known, sym.name))
			r = add(syms, sym);
	}
	return r;
}

/* All records, a leading '.' kept.  0, 1 without any section, or negative. */
static int read_versions(const struct mod_elf *elf, struct mod_symbols *syms,
			 bool *broken)
{
	struct mod_bytes crcs, names;

	int plain = read_plain(elf, syms, broken);
	if (plain < 0)
		return plain;
	int r = mod_elf_find_data(elf, "__version_ext_crcs", &crcs);
	if (r != 0)
		return r < 0 ? r : plain;
	r = mod_elf_find_data(elf, "__version_ext_names", &names);
	if (r != 0)
		return r < 0 ? r : mod_symbol_table_give_up(broken);
	return add_extended(crcs, names, elf->big, syms, broken);
}

int mod_symbols_versions(const struct mod_elf *elf, struct mod_symbols *out)
{
	_syms_ struct mod_symbols syms = { 0 };

	int r = read_versions(elf, &syms, NULL);
	if (r != 0)
		return r;
	for (size_t i = 0; i < syms.n; i++)
		if (syms.at[i].name[0] == '.')
			syms.at[i].name++;
	*out = take(&syms);
	return 0;
}

/* ---------------------------------------------------------------- imports */

static bool is_sparc(const struct mod_elf *elf)
{
	return elf->machine == EM_SPARC || elf->machine == EM_SPARC32PLUS ||
		elf->machine == EM_SPARCV9;
}

/* Undefined symbols.  The versions that they match are marked by a bind. */
static int undefined(const struct mod_elf *elf, const struct mod_map *versions,
		     struct mod_symbols *syms, bool *broken)
{
	struct mod_symbol_table t;
	struct mod_symbol_table_entry e;

	int r = mod_symbol_table_open(&t, elf, true, broken);
	if (r != 0)
		return r;
	while ((r = mod_symbol_table_next(&t, &e)) == 0) {
		if (e.sec != SHN_UNDEF || !*e.name)
			continue;
		if (e.type == STT_SPARC_REGISTER && is_sparc(elf))
			continue;
		struct mod_symbol sym = { .name = e.name };
		struct mod_symbol *version = mod_map_get(versions, e.name);
		sym.bind = e.bind == STB_WEAK ? 'W' : 'U';
		if (version) {
			version->bind = sym.bind;
			sym.crc = version->crc;
		}
		r = add(syms, sym);
		if (r < 0)
			return r;
	}
	return r < 0 ? r : 0;
}

static int imports(const struct mod_elf *elf, struct mod_symbols *out,
		   bool *broken)
{
	_syms_ struct mod_symbols syms = { 0 }, versions = { 0 };
	_cleanup_(mod_map_fini) struct mod_map map = { 0 };

	int r = read_versions(elf, &versions, broken);
	if (r >= 0)
		r = put_all(&map, &versions);
	if (r == 0 && versions.n) /* about as many as there will be */
		r = reserve(&syms, versions.n);
	if (r == 0)
		r = undefined(elf, &map, &syms, broken);
	for (size_t i = 0; r == 0 && i < versions.n; i++) {
		if (versions.at[i].bind)
			continue;
		versions.at[i].bind = 'U';
		r = add(&syms, versions.at[i]);
	}
	if (r != 0)
		return r;
	*out = take(&syms);
	return 0;
}

int mod_symbols_imports(const struct mod_elf *elf, struct mod_symbols *out)
{
	return imports(elf, out, NULL);
}

int mod_symbols_imports_left(const struct mod_elf *elf, struct mod_symbols *out,
			     bool *broken)
{
	*broken = false;
	return imports(elf, out, broken);
}
