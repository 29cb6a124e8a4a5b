/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/elf.h"
#include "libmod/base/cursor.h"

#include <elf.h>
#include <errno.h>

/* The ELF header's data about the section headers, not checked yet. */
struct claim {
	uint16_t each; /* bytes */
	uint64_t count;
	uint32_t names; /* index of the section-name table */
};

static uint64_t cur_word(struct mod_cursor *c, bool wide)
{
	return wide ? mod_cursor_u64(c) : mod_cursor_u32(c);
}

/* Size of one section header. */
static size_t sec_bytes(const struct mod_elf *elf)
{
	return elf->wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
}

static bool inside(const struct mod_elf *elf, const struct mod_sec *sec)
{
	return sec->off <= elf->src->size &&
		sec->len <= elf->src->size - sec->off;
}

static int read_ident(struct mod_elf *elf, struct mod_cursor *c)
{
	const uint8_t *id = mod_cursor_take(c, EI_NIDENT);

	if (!id || memcmp(id, ELFMAG, SELFMAG) != 0)
		return -ENOEXEC;
	if (id[EI_CLASS] != ELFCLASS32 && id[EI_CLASS] != ELFCLASS64)
		return -EBADMSG;
	if (id[EI_DATA] != ELFDATA2LSB && id[EI_DATA] != ELFDATA2MSB)
		return -EBADMSG;
	elf->wide = id[EI_CLASS] == ELFCLASS64;
	elf->big = c->big = id[EI_DATA] == ELFDATA2MSB;
	return 0;
}

static int read_header(struct mod_elf *elf, struct mod_bytes head,
		       struct claim *claim)
{
	struct mod_cursor c = { .in = head };

	int r = read_ident(elf, &c);
	if (r < 0)
		return r;
	elf->type = mod_cursor_u16(&c);
	elf->machine = mod_cursor_u16(&c);
	mod_cursor_u32(&c);      /* e_version */
	cur_word(&c, elf->wide); /* e_entry */
	cur_word(&c, elf->wide); /* e_phoff */
	elf->sec_off = cur_word(&c, elf->wide);
	/* e_flags, e_ehsize, e_phentsize, e_phnum */
	mod_cursor_take(&c, 4 + 3 * 2);
	claim->each = mod_cursor_u16(&c);
	claim->count = mod_cursor_u16(&c);
	claim->names = mod_cursor_u16(&c);
	return c.bad || claim->each != sec_bytes(elf) ? -EBADMSG : 0;
}

/* The `count` section headers, as one range. */
static int read_sections(struct mod_elf *elf, uint64_t count)
{
	uint64_t size = elf->src->size;

	if (elf->sec_off == 0 || elf->sec_off > size ||
	    count > (size - elf->sec_off) / sec_bytes(elf))
		return -EBADMSG;
	int r = mod_source_range(elf->src, elf->sec_off, count * sec_bytes(elf),
				 &elf->headers);
	if (r < 0)
		return r;
	elf->sec_count = elf->headers.len / sec_bytes(elf);
	return 0;
}

/* Numbers too large for the ELF header are in section 0: the count in its
 * sh_size, the index of the names in its sh_link.
 */
static int extend(struct mod_elf *elf, struct claim *claim)
{
	struct mod_sec zero;

	if (claim->names >= SHN_LORESERVE && claim->names != SHN_XINDEX)
		return -EBADMSG;
	if (claim->count != 0 && claim->names != SHN_XINDEX)
		return 0;
	int r = read_sections(elf, 1);
	if (r == 0)
		r = mod_elf_sec(elf, 0, &zero);
	if (r < 0)
		return r;
	if (claim->count == 0)
		claim->count = zero.len;
	if (claim->names == SHN_XINDEX)
		claim->names = zero.link;
	return 0;
}

static int read_names(struct mod_elf *elf, uint32_t index)
{
	struct mod_sec sec;

	if (index == SHN_UNDEF)
		return -EBADMSG;
	int r = mod_elf_sec(elf, index, &sec);
	if (r == 0)
		r = mod_elf_data(elf, &sec, &elf->names);
	if (r < 0)
		return r;
	size_t len = elf->names.len;
	return len == 0 || elf->names.at[len - 1] != '\0' ? -EBADMSG : 0;
}

int mod_elf_open(struct mod_elf *out, struct mod_source *src)
{
	struct mod_elf elf = { .src = src };
	struct mod_bytes head;
	struct claim claim;

	if (src->size <= EI_NIDENT)
		return -ENOEXEC;
	uint64_t len =
		src->size < sizeof(Elf64_Ehdr) ? src->size : sizeof(Elf64_Ehdr);
	int r = mod_source_range(src, 0, len, &head);
	if (r == 0)
		r = read_header(&elf, head, &claim);
	if (r == 0)
		r = extend(&elf, &claim);
	if (r == 0)
		r = read_sections(&elf, claim.count);
	if (r == 0)
		r = read_names(&elf, claim.names);
	if (r < 0)
		return r;
	*out = elf;
	return 0;
}

int mod_elf_sec(const struct mod_elf *elf, size_t i, struct mod_sec *sec)
{
	struct mod_cursor c = { .in = elf->headers, .big = elf->big };

	if (i >= elf->sec_count)
		return -EBADMSG;
	mod_cursor_seek(&c, i * sec_bytes(elf));

	const char *name = mod_bytes_str(elf->names, mod_cursor_u32(&c));
	sec->name = name ? name : "";
	sec->index = i;
	sec->type = mod_cursor_u32(&c);
	sec->flags = cur_word(&c, elf->wide);
	cur_word(&c, elf->wide); /* sh_addr */
	sec->off = cur_word(&c, elf->wide);
	sec->len = cur_word(&c, elf->wide);
	sec->link = mod_cursor_u32(&c);
	sec->info = mod_cursor_u32(&c);
	return c.bad ? -EBADMSG : 0;
}

/* True when section i bears this name, of n bytes with its NUL. */
static bool named(const struct mod_elf *elf, size_t i, const char *name,
		  size_t n)
{
	struct mod_cursor header = { .in = elf->headers, .big = elf->big };
	struct mod_cursor names = { .in = elf->names };

	mod_cursor_seek(&header, i * sec_bytes(elf));
	mod_cursor_seek(&names, mod_cursor_u32(&header));
	const uint8_t *at = mod_cursor_take(&names, n);
	/* Most names differ at their ends: they mostly begin with a dot. */
	return at && at[n - 1] == '\0' && at[n / 2] == (uint8_t)name[n / 2] &&
		memcmp(at, name, n) == 0;
}

int mod_elf_find(const struct mod_elf *elf, const char *name,
		 struct mod_sec *sec)
{
	size_t n = strlen(name) + 1;

	for (size_t i = 1; i < elf->sec_count; i++) {
		if (!named(elf, i, name, n))
			continue;
		int r = mod_elf_sec(elf, i, sec);
		if (r < 0)
			return r;
		if (inside(elf, sec))
			return 0;
	}
	return 1;
}

int mod_elf_data(const struct mod_elf *elf, const struct mod_sec *sec,
		 struct mod_bytes *data)
{
	*data = (struct mod_bytes){ 0 };
	if (sec->type == SHT_NOBITS || sec->len == 0)
		return 0;
	return mod_source_range(elf->src, sec->off, sec->len, data);
}

int mod_elf_data_of_two(const struct mod_elf *elf, const struct mod_sec *first,
			const struct mod_sec *second,
			struct mod_bytes *first_data,
			struct mod_bytes *second_data)
{
	struct mod_sec both = *first;

	if (first->type == SHT_NOBITS || second->type == SHT_NOBITS ||
	    first->len == 0 || second->off - first->off != first->len) {
		int r = mod_elf_data(elf, first, first_data);
		return r == 0 ? mod_elf_data(elf, second, second_data) : r;
	}
	both.len += second->len;
	struct mod_cursor c = { 0 };
	int r = mod_elf_data(elf, &both, &c.in);
	*first_data = mod_cursor_range(&c, 0, first->len);
	*second_data = mod_cursor_range(&c, first->len, second->len);
	return r;
}

int mod_elf_find_data(const struct mod_elf *elf, const char *name,
		      struct mod_bytes *data)
{
	struct mod_sec sec;

	int r = mod_elf_find(elf, name, &sec);
	return r ? r : mod_elf_data(elf, &sec, data);
}
