/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/record.h"

#include "libmod/depmod/kmod-hash.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/image.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <stdio.h>

static const char info[] = "alias=pci:1\0license=GPL\0alias\0softdep=pre: a\0"
			   "weakdep=w\0alias=pci:1\0aliases=no";

static void build(struct image *im, int kind)
{
	image_init(im, kind);
	image_add(im, ".modinfo", info, sizeof info);
	image_add(im, "__ksymtab_strings", "out", 4);
	image_sec(im, ".symtab", SHT_SYMTAB);
	image_sym(im, "", 0, 0, 0, 0);
	image_sym(im, "__crc_out", STB_GLOBAL, 0, SHN_ABS, 0x1234);
	image_sym(im, "in", STB_GLOBAL, 0, SHN_UNDEF, 0);
	image_sym(im, "maybe", STB_WEAK, 0, SHN_UNDEF, 0);
	image_sym(im, ".dot", STB_GLOBAL, 0, SHN_UNDEF, 0);
	image_end(im);
}

/* The record of an image; its bytes are out's. */
static int record_of(struct mod_bytes file, struct mod_str *out,
		     struct mod_record_errors *errors)
{
	struct mod_source_memory mem;
	struct mod_elf elf;

	mod_source_from_memory(&mem, file);
	int r = mod_elf_open(&elf, &mem.src);
	return r < 0 ? r : mod_record_write(&elf, out, errors);
}

/* All that a record says, in words. */
static const char *text_of(struct mod_bytes bytes)
{
	static char text[1024];
	struct mod_record rec;
	struct mod_record_symbol sym;
	char *at = text;
	size_t len;

	if (mod_record_open(&rec, bytes) < 0)
		return "broken";
	at += sprintf(at, "out");
	for (size_t i = 0; i < rec.exports.n; i++) {
		sym = mod_record_symbol(&rec.exports, i);
		at += sprintf(at, " %s:%llx", sym.name,
			      (unsigned long long)sym.crc);
	}
	at += sprintf(at, " in");
	for (size_t i = 0; i < rec.needs.n; i++) {
		sym = mod_record_symbol(&rec.needs, i);
		at += sprintf(at, " %s:%llx%c", sym.name,
			      (unsigned long long)sym.crc, sym.bind);
	}
	for (int t = 0; t < MOD_RECORD_TEXTS; t++) {
		at += sprintf(at, " |");
		for (size_t i = 0; i < rec.texts[t]; i++)
			at += sprintf(at, " %s",
				      mod_record_text(&rec.text_cur[t], &len));
	}
	return text;
}

static struct mod_bytes bytes_of(const struct mod_str *s)
{
	return (struct mod_bytes){ (const uint8_t *)s->at, s->len };
}

START_TEST(reads_what_was_written)
{
	_str_ struct mod_str out = { 0 };
	struct mod_record_errors errors;
	struct image im;

	build(&im, _i);
	ck_assert_int_eq(record_of(image_finish(&im), &out, &errors), 0);
	ck_assert_int_eq(errors.exports, 0);
	ck_assert_int_eq(errors.needs, 0);
	ck_assert_int_eq(errors.info, 0);
	ck_assert_str_eq(
		text_of(bytes_of(&out)),
		"out out:1234 in in:0U maybe:0W .dot:0U | pci:1  pci:1 | "
		"pre: a | w");
}
END_TEST

START_TEST(hashes_are_those_of_names)
{
	_str_ struct mod_str out = { 0 };
	struct mod_record_errors errors;
	struct mod_record rec;
	struct image im;

	build(&im, _i);
	ck_assert_int_eq(record_of(image_finish(&im), &out, &errors), 0);
	ck_assert_int_eq(mod_record_open(&rec, bytes_of(&out)), 0);
	ck_assert_uint_eq(rec.exports.n, 1);
	ck_assert_uint_eq(mod_record_hash(&rec.exports, 0),
			  mod_kmod_hash("out"));
	ck_assert_uint_eq(rec.needs.n, 3);
	ck_assert_uint_eq(mod_record_hash(&rec.needs, 1),
			  mod_kmod_hash("maybe"));
	ck_assert_uint_eq(mod_record_hash(&rec.needs, 2), mod_kmod_hash("dot"));
	ck_assert_uint_eq(mod_record_symbol(&rec.needs, 2).hash,
			  mod_kmod_hash("dot"));
}
END_TEST

/* A file of a megabyte with symbols that share one long name. */
struct bomb {
	Elf64_Ehdr head;
	Elf64_Shdr secs[4];
	Elf64_Sym syms[1000];
	char sec_names[32], names[1 << 20];
};

static struct bomb *make_bomb(size_t syms)
{
	static const char sec_names[32] = "\0.symtab\0.strtab\0.shstrtab";
	struct bomb *b = calloc(1, sizeof *b);

	b->head = (Elf64_Ehdr){ .e_ident = ELFMAG,
				.e_shoff = offsetof(struct bomb, secs),
				.e_shentsize = sizeof *b->secs,
				.e_shnum = 4,
				.e_shstrndx = 3 };
	b->head.e_ident[EI_CLASS] = ELFCLASS64;
	b->head.e_ident[EI_DATA] = htole16(1) == 1 ? ELFDATA2LSB : ELFDATA2MSB;
	b->secs[1] = (Elf64_Shdr){ .sh_name = 1,
				   .sh_offset = offsetof(struct bomb, syms),
				   .sh_size = syms * sizeof *b->syms };
	b->secs[2] = (Elf64_Shdr){ .sh_name = 9,
				   .sh_offset = offsetof(struct bomb, names),
				   .sh_size = sizeof b->names };
	b->secs[3] =
		(Elf64_Shdr){ .sh_name = 17,
			      .sh_offset = offsetof(struct bomb, sec_names),
			      .sh_size = sizeof b->sec_names };
	memcpy(b->sec_names, sec_names, sizeof sec_names);
	memset(b->names, 'a', sizeof b->names - 1);
	for (size_t i = 1; i < syms; i++)
		b->syms[i].st_name = 1;
	return b;
}

START_TEST(names_are_no_bomb)
{
	for (size_t syms = 10; syms <= 1000; syms *= 10) {
		_free_ struct bomb *bomb = make_bomb(syms);
		_str_ struct mod_str out = { 0 };
		struct mod_record_errors errors;
		struct mod_record rec;

		ck_assert_int_eq(record_of((struct mod_bytes){ (uint8_t *)bomb,
							       sizeof *bomb },
					   &out, &errors),
				 0);
		ck_assert_int_eq(errors.needs, syms > 10 ? -EBADMSG : 0);
		ck_assert_int_eq(mod_record_open(&rec, bytes_of(&out)), 0);
		ck_assert_uint_eq(rec.needs.n, syms > 10 ? 0 : syms - 1);
	}
}
END_TEST

/* A name that lies nowhere is none; names without an end are no record. */
START_TEST(names_stay_inside)
{
	enum { COUNTS = 4 * (2 + MOD_RECORD_TEXTS + 2), PLACES = 12 };
	_str_ struct mod_str out = { 0 };
	uint32_t counts[COUNTS / 4] = { htole32(1) };
	struct mod_record rec;

	counts[2 + MOD_RECORD_TEXTS] = htole32(4);
	mod_str_addn(&out, counts, sizeof counts);
	mod_str_addn(&out, "hash--crc---\3\0\0\0out", 20);
	ck_assert_int_eq(mod_record_open(&rec, bytes_of(&out)), 0);
	ck_assert_str_eq(mod_record_symbol(&rec.exports, 0).name, "");
	out.at[COUNTS + PLACES] = 1;
	ck_assert_str_eq(mod_record_symbol(&rec.exports, 0).name, "ut");
	memset(out.at + COUNTS + PLACES, 0xff, 4);
	ck_assert_str_eq(mod_record_symbol(&rec.exports, 0).name, "");
	out.at[out.len - 1] = 'x';
	ck_assert_int_eq(mod_record_open(&rec, bytes_of(&out)), -EBADMSG);
}
END_TEST

START_TEST(nothing_is_a_record)
{
	_str_ struct mod_str out = { 0 };

	mod_record_write_empty(&out);
	ck_assert_str_eq(text_of(bytes_of(&out)), "out in | | |");
}
END_TEST

/* Neither shorter nor longer; on copies, for ASan. */
START_TEST(no_prefix_is_a_record)
{
	_str_ struct mod_str out = { 0 };
	struct mod_record_errors errors;
	struct image im;

	build(&im, 0);
	ck_assert_int_eq(record_of(image_finish(&im), &out, &errors), 0);
	for (size_t n = 0; n < out.len; n++) {
		_free_ uint8_t *cut = malloc(n + !n);
		memcpy(cut, out.at, n);
		ck_assert_str_eq(text_of((struct mod_bytes){ cut, n }),
				 "broken");
	}
	mod_str_addn(&out, "", 1);
	ck_assert_str_eq(text_of(bytes_of(&out)), "broken");
}
END_TEST

START_TEST(refuses_counts_that_nothing_backs)
{
	_str_ struct mod_str out = { 0 };

	mod_record_write_empty(&out);
	memset(out.at + 4 * _i, 0xff, 4);
	ck_assert_str_eq(text_of(bytes_of(&out)), "broken");
}
END_TEST

START_TEST(a_broken_part_leaves_the_others)
{
	_str_ struct mod_str out = { 0 };
	struct mod_record_errors errors;
	struct image im;

	build(&im, 0);
	/* Three bytes of .symtab are none. */
	struct mod_bytes file = image_finish(&im);
	memset(im.at + im.sec_off + 3 * sizeof(Elf64_Shdr) +
		       offsetof(Elf64_Shdr, sh_size),
	       3, 1);
	ck_assert_int_eq(record_of(file, &out, &errors), 0);
	ck_assert_str_eq(text_of(bytes_of(&out)),
			 "out in | pci:1  pci:1 | pre: a | w");
	ck_assert_int_eq(errors.exports, -EBADMSG);
	ck_assert_int_eq(errors.needs, -EBADMSG);
	ck_assert_int_eq(errors.info, 0);
}
END_TEST

START_TEST(survives_no_memory)
{
	struct image im;

	build(&im, 0);
	struct mod_bytes file = image_finish(&im);
	for (size_t n = 0;; n++) {
		_str_ struct mod_str out = { 0 };
		struct mod_record_errors errors;
		fail_from(n);
		int r = record_of(file, &out, &errors);
		if (!fail_off())
			break;
		ck_assert_int_eq(r, -ENOMEM);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("record");
	TCase *tc = tcase_create("record");

	tcase_add_loop_test(tc, reads_what_was_written, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, hashes_are_those_of_names, 0, IMAGE_KINDS);
	tcase_add_test(tc, names_are_no_bomb);
	tcase_add_test(tc, names_stay_inside);
	tcase_add_test(tc, nothing_is_a_record);
	tcase_add_test(tc, no_prefix_is_a_record);
	tcase_add_loop_test(tc, refuses_counts_that_nothing_backs, 0,
			    2 + MOD_RECORD_TEXTS + 2);
	tcase_add_test(tc, a_broken_part_leaves_the_others);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
