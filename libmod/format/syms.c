/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/format/syms.h"

#include "libmod/base/map.h"

#include <elf.h>
#include <errno.h>

#define _syms_ _cleanup_(mod_syms_fini)

#define CRC "__crc_"
#define KSYMTAB "__ksymtab_"

enum {
	VERSION = 64, /* bytes of a __versions record; source: modpost, struct
		       * modversion_info */
	EXT_CRC = 4,  /* bytes */
};

/* The symbol table, as it is walked. */
struct table {
	const struct mod_elf *elf;
	struct mod_cur cur;
	struct mod_bytes names; /* .strtab */
	size_t left;            /* entries */
};

struct entry {
	const char *name;
	uint64_t value;
	uint16_t sec;
	uint8_t bind, type;
};

/* Bytes of sections that hold CRCs, each read once, by index. */
struct crcs {
	const struct mod_elf *elf;
	struct mod_bytes *secs; /* elf->sec_count of them */
};

void mod_syms_fini(struct mod_syms *syms)
{
	free(syms->at);
	*syms = (struct mod_syms){ 0 };
}

static struct mod_syms take(struct mod_syms *syms)
{
	struct mod_syms taken = *syms;

	*syms = (struct mod_syms){ 0 };
	return taken;
}

static int add(struct mod_syms *syms, struct mod_sym sym)
{
	if (syms->n == syms->cap) {
		size_t cap = syms->cap ? syms->cap * 2 : 64;
		struct mod_sym *at = realloc(syms->at, cap * sizeof *at);
		if (!at)
			return -ENOMEM;
		syms->at = at;
		syms->cap = cap;
	}
	syms->at[syms->n++] = sym;
	return 0;
}

/* What follows prefix in text, or NULL. */
static const char *after(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(text, prefix, n) == 0 ? text + n : NULL;
}

/* ------------------------------------------------------- the symbol table */

static size_t entry_bytes(const struct mod_elf *elf)
{
	return elf->wide ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
}

/* Opens the table at its first symbol, or at the first one that is not local
 * (sh_info).  Returns 0, 1 when there is none, or a negative errno.
 */
static int table_open(struct table *t, const struct mod_elf *elf, bool globals)
{
	struct mod_sec sec;
	size_t each = entry_bytes(elf);

	*t = (struct table){ .elf = elf, .cur.big = elf->big };
	int r = mod_elf_find(elf, ".symtab", &sec);
	if (r == 0)
		r = mod_elf_find_data(elf, ".strtab", &t->names);
	if (r != 0)
		return r;
	if (sec.len % each != 0)
		return -EBADMSG;
	/* Symbol 0 is none.  A wrong sh_info is no reason to miss symbols. */
	uint64_t skip = globals && sec.info > 0 ? sec.info : 1;
	if (skip > sec.len / each)
		skip = sec.len > 0;
	sec.off += skip * each;
	sec.len -= skip * each;
	r = mod_elf_data(elf, &sec, &t->cur.in);
	t->left = t->cur.in.len / each;
	return r;
}

/* Returns 0, 1 at the end, -EBADMSG. */
static int table_next(struct table *t, struct entry *e)
{
	struct mod_cur *c = &t->cur;
	uint8_t info;

	if (t->left == 0)
		return 1;
	t->left--;
	uint32_t name = mod_cur_u32(c);
	if (t->elf->wide) {
		info = mod_cur_u8(c);
		mod_cur_u8(c); /* st_other */
		e->sec = mod_cur_u16(c);
		e->value = mod_cur_u64(c);
		mod_cur_u64(c); /* st_size */
	} else {
		e->value = mod_cur_u32(c);
		mod_cur_u32(c); /* st_size */
		info = mod_cur_u8(c);
		mod_cur_u8(c); /* st_other */
		e->sec = mod_cur_u16(c);
	}
	e->bind = ELF64_ST_BIND(info);
	e->type = ELF64_ST_TYPE(info);
	e->name = name ? mod_bytes_str(t->names, name) : "";
	return c->bad || !e->name ? -EBADMSG : 0;
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
	struct mod_cur c = { .in = *data, .big = crcs->elf->big };
	mod_cur_seek(&c, off);
	uint32_t word = mod_cur_u32(&c);
	if (!c.bad)
		*crc = word;
	return 0;
}

/* Kernels before 5.19 make the CRC the symbol's value, later ones its place. */
static int crc_of(struct crcs *crcs, const struct entry *e, uint64_t *crc)
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
	struct mod_sec sec;

	for (size_t i = 1; i < elf->sec_count; i++)
		if (mod_elf_sec(elf, i, &sec) == 0 &&
		    (after(sec.name, "__ksymtab") ||
		     after(sec.name, "__kcrctab")))
			return true;
	return false;
}

/* Exports by their __crc_X.  Names of __ksymtab_X go to `real` on the way. */
static int exports_by_crc(const struct mod_elf *elf, struct mod_syms *syms,
			  struct mod_map *real)
{
	_cleanup_(crcs_fini) struct crcs crcs = { .elf = elf };
	struct table t;
	struct entry e;
	void **slot;

	int r = table_open(&t, elf, false);
	while (r == 0 && (r = table_next(&t, &e)) == 0) {
		struct mod_sym sym = { .name = after(e.name, CRC) };
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
static int exports_by_string(const struct mod_elf *elf, struct mod_syms *syms,
			     const struct mod_map *real)
{
	struct mod_cur c = { 0 };

	int r = mod_elf_find_data(elf, "__ksymtab_strings", &c.in);
	if (r != 0)
		return r;
	while (c.pos < c.in.len) {
		struct mod_sym sym = { .name = mod_bytes_str(c.in, c.pos) };

		if (!sym.name)
			return -EBADMSG;
		mod_cur_take(&c, strlen(sym.name) + 1);
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

int mod_syms_exports(const struct mod_elf *elf, struct mod_syms *out)
{
	_syms_ struct mod_syms syms = { 0 };
	_cleanup_(mod_map_fini) struct mod_map real = { 0 };

	if (!may_export(elf))
		return 1;
	int r = exports_by_crc(elf, &syms, &real);
	if (r == 0 && syms.n == 0)
		r = exports_by_string(elf, &syms, &real);
	if (r != 0)
		return r;
	*out = take(&syms);
	return 0;
}

/* --------------------------------------------------------------- versions */

/* The records of __versions, a leading '.' kept.  0, 1, negative errno. */
static int read_plain(const struct mod_elf *elf, struct mod_syms *syms)
{
	const size_t crc = elf->wide ? 8 : 4, name = VERSION - crc; /* bytes */
	struct mod_cur c = { .big = elf->big };

	int r = mod_elf_find_data(elf, "__versions", &c.in);
	if (r != 0)
		return r;
	if (c.in.len % VERSION != 0)
		return -EBADMSG;
	while (c.pos < c.in.len) {
		struct mod_sym sym = { 0 };

		sym.crc = elf->wide ? mod_cur_u64(&c) : mod_cur_u32(&c);
		struct mod_bytes field = { mod_cur_take(&c, name), name };
		sym.name = mod_bytes_str(field, 0);
		r = sym.name ? add(syms, sym) : -EBADMSG;
		if (r < 0)
			return r;
	}
	return 0;
}

static int put_all(struct mod_map *map, const struct mod_syms *syms)
{
	for (size_t i = 0; i < syms->n; i++) {
		void **slot;
		int r = mod_map_put(map, syms->at[i].name, &slot);
		if (r < 0)
			return r;
		if (!*slot)
			*slot = &syms->at[i];
	}
	return 0;
}

/* The records that __versions has not. */
static int add_extended(struct mod_bytes crcs, struct mod_bytes names, bool big,
			struct mod_syms *syms)
{
	_cleanup_(mod_map_fini) struct mod_map known = { 0 };
	struct mod_cur crc = { .in = crcs, .big = big };
	struct mod_cur text = { .in = names };

	if (crcs.len % EXT_CRC != 0)
		return -EBADMSG;
	int r = put_all(&known, syms);
	while (r == 0 && crc.pos < crcs.len) {
		struct mod_sym sym = { .crc = mod_cur_u32(&crc) };

		sym.name = mod_bytes_str(names, text.pos);
		if (!sym.name)
			return -EBADMSG;
		mod_cur_take(&text, strlen(sym.name) + 1);
		if (!mod_map_get(&known, sym.name))
			r = add(syms, sym);
	}
	return r;
}

/* All records, a leading '.' kept.  0, 1 without any section, or negative. */
static int read_versions(const struct mod_elf *elf, struct mod_syms *syms)
{
	struct mod_bytes crcs, names;

	int plain = read_plain(elf, syms);
	if (plain < 0)
		return plain;
	int r = mod_elf_find_data(elf, "__version_ext_crcs", &crcs);
	if (r != 0)
		return r < 0 ? r : plain;
	r = mod_elf_find_data(elf, "__version_ext_names", &names);
	if (r != 0)
		return r < 0 ? r : -EBADMSG;
	return add_extended(crcs, names, elf->big, syms);
}

int mod_syms_versions(const struct mod_elf *elf, struct mod_syms *out)
{
	_syms_ struct mod_syms syms = { 0 };

	int r = read_versions(elf, &syms);
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
		     struct mod_syms *syms)
{
	struct table t;
	struct entry e;

	int r = table_open(&t, elf, true);
	if (r != 0)
		return r;
	while ((r = table_next(&t, &e)) == 0) {
		if (e.sec != SHN_UNDEF || !*e.name)
			continue;
		if (e.type == STT_SPARC_REGISTER && is_sparc(elf))
			continue;
		struct mod_sym sym = { .name = e.name };
		struct mod_sym *version = mod_map_get(versions, e.name);
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

int mod_syms_imports(const struct mod_elf *elf, struct mod_syms *out)
{
	_syms_ struct mod_syms syms = { 0 }, versions = { 0 };
	_cleanup_(mod_map_fini) struct mod_map map = { 0 };

	int r = read_versions(elf, &versions);
	if (r >= 0)
		r = put_all(&map, &versions);
	if (r == 0)
		r = undefined(elf, &map, &syms);
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
