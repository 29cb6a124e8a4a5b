/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* image.h - ELF files made in code, in both classes and byte orders, and a
 * source that counts its calls.
 */
#pragma once

#include <elf.h>
#include <errno.h>

#include "libmod/base/source.h"

enum { IMAGE_KINDS = 4 }; /* 64 and 32 bits, little- and big-endian */

struct image {
	bool wide, big;
	uint16_t machine;
	size_t len; /* bytes */
	uint8_t at[8 * 1024];
	struct image_sec {
		const char *name;
		uint32_t type, info;
		size_t off, len;
	} secs[16];
	size_t sec_count, sec_off;
	size_t syms; /* appended since the section began */
	size_t strings_len;
	char strings[2 * 1024]; /* .strtab */
};

static inline void image_num(struct image *im, unsigned bytes, uint64_t v)
{
	for (unsigned i = 0; i < bytes; i++) {
		unsigned at = im->big ? bytes - 1 - i : i;
		im->at[im->len++] = (uint8_t)(v >> 8 * at);
	}
}

static inline void image_word(struct image *im, uint64_t v)
{
	image_num(im, im->wide ? 8 : 4, v);
}

static inline void image_bytes(struct image *im, const void *bytes, size_t n)
{
	memcpy(im->at + im->len, bytes, n);
	im->len += n;
}

/* An empty file; kind counts from 0 to IMAGE_KINDS - 1. */
static inline void image_init(struct image *im, int kind)
{
	*im = (struct image){ .wide = !(kind & 1),
			      .big = kind & 2,
			      .machine = EM_X86_64,
			      .sec_count = 1,
			      .strings_len = 1 };
	im->len = im->wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
}

/* Starts a section; bytes appended from now on are in it. */
static inline struct image_sec *image_sec(struct image *im, const char *name,
					  uint32_t type)
{
	struct image_sec *sec = &im->secs[im->sec_count++];

	*sec = (struct image_sec){ name, type, 0, im->len, 0 };
	im->syms = 0;
	return sec;
}

/* Ends the section; returns its index. */
static inline uint16_t image_end(struct image *im)
{
	struct image_sec *sec = &im->secs[im->sec_count - 1];

	sec->len = im->len - sec->off;
	return (uint16_t)(im->sec_count - 1);
}

static inline uint16_t image_add(struct image *im, const char *name,
				 const void *bytes, size_t n)
{
	image_sec(im, name, SHT_PROGBITS);
	image_bytes(im, bytes, n);
	return image_end(im);
}

/* A symbol, into a section that is .symtab. */
static inline void image_sym(struct image *im, const char *name, int bind,
			     int type, uint16_t sec, uint64_t value)
{
	size_t n = strlen(name) + 1, off = im->strings_len;
	uint8_t info = (uint8_t)ELF64_ST_INFO(bind, type);

	if (n == 1)
		off = 0;
	memcpy(im->strings + off, name, n);
	im->strings_len += n == 1 ? 0 : n;
	image_num(im, 4, off);
	if (im->wide) {
		image_num(im, 1, info);
		image_num(im, 1, 0);
		image_num(im, 2, sec);
		image_num(im, 8, value);
		image_num(im, 8, 0);
	} else {
		image_num(im, 4, value);
		image_num(im, 4, 0);
		image_num(im, 1, info);
		image_num(im, 1, 0);
		image_num(im, 2, sec);
	}
	im->syms++;
}

static inline void image_header(struct image *im, const struct image_sec *sec,
				uint32_t name)
{
	image_num(im, 4, name);
	image_num(im, 4, sec->type);
	image_word(im, 0); /* sh_flags */
	image_word(im, 0); /* sh_addr */
	image_word(im, sec->off);
	image_word(im, sec->len);
	image_num(im, 4, 0); /* sh_link */
	image_num(im, 4, sec->info);
	image_word(im, 0); /* sh_addralign */
	image_word(im, 0); /* sh_entsize */
}

/* Writes .strtab if there are symbols, .shstrtab and all headers. */
static inline struct mod_bytes image_finish(struct image *im)
{
	uint32_t names[16] = { 0 }, n = 1;
	const size_t end = im->strings_len;

	if (end > 1) {
		image_sec(im, ".strtab", SHT_STRTAB);
		image_bytes(im, im->strings, end);
		image_end(im);
	}
	image_sec(im, ".shstrtab", SHT_STRTAB);
	image_num(im, 1, 0);
	for (size_t i = 1; i < im->sec_count; i++) {
		size_t len = strlen(im->secs[i].name) + 1;
		names[i] = n;
		image_bytes(im, im->secs[i].name, len);
		n += (uint32_t)len;
	}
	uint16_t names_at = image_end(im);
	im->sec_off = im->len;
	for (size_t i = 0; i < im->sec_count; i++)
		image_header(im, &im->secs[i], names[i]);

	size_t len = im->len;
	im->len = 0;
	image_bytes(im, ELFMAG, SELFMAG);
	image_num(im, 1, im->wide ? ELFCLASS64 : ELFCLASS32);
	image_num(im, 1, im->big ? ELFDATA2MSB : ELFDATA2LSB);
	image_bytes(im, "\1\0\0\0\0\0\0\0\0", 10);
	image_num(im, 2, ET_REL);
	image_num(im, 2, im->machine);
	image_num(im, 4, EV_CURRENT);
	image_word(im, 0); /* e_entry */
	image_word(im, 0); /* e_phoff */
	image_word(im, im->sec_off);
	image_num(im, 4, 0); /* e_flags */
	image_num(im, 2, im->wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr));
	image_num(im, 4, 0); /* e_phentsize, e_phnum */
	image_num(im, 2, im->wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr));
	image_num(im, 2, im->sec_count);
	image_num(im, 2, names_at);
	im->len = len;
	return (struct mod_bytes){ im->at, len };
}

/* A source over memory that counts, and that can fail. */
struct counted {
	struct mod_source src;
	struct mod_bytes bytes;
	unsigned ranges, fail_at; /* the range that fails, from 1; 0: none */
	size_t asked;             /* bytes */
};

static inline int counted_range(struct mod_source *src, uint64_t off,
				size_t len, struct mod_bytes *out)
{
	struct counted *c = (struct counted *)src;

	if (++c->ranges == c->fail_at)
		return -EIO;
	c->asked += len;
	*out = (struct mod_bytes){ c->bytes.at + off, len };
	return 0;
}

static inline struct counted counted(struct mod_bytes bytes)
{
	return (struct counted){
		.src = { .size = bytes.len, .range = counted_range },
		.bytes = bytes,
	};
}
