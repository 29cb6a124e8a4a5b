/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <stdlib.h>

#include "libmod/module/elf.h"
#include "testsuite/unit/image.h"
#include "testsuite/unit/suite.h"

/* The structures of <elf.h> are in the order of the machine that runs this. */
#if BYTE_ORDER == LITTLE_ENDIAN
enum { OUR_ORDER = ELFDATA2LSB, OTHER_ORDER = ELFDATA2MSB };
#else
enum { OUR_ORDER = ELFDATA2MSB, OTHER_ORDER = ELFDATA2LSB };
#endif

/* The smallest module the reader accepts: no-section, name table, .modinfo. */
struct tiny {
	Elf64_Ehdr eh;
	Elf64_Shdr sh[4];
	char names[32];
	char info[16];
	char other[16];
};

static struct tiny tiny(void)
{
#define PLACE(f)                                                               \
	.sh_offset = offsetof(struct tiny, f),                                 \
	.sh_size = sizeof(((struct tiny *)0)->f)
	return (struct tiny){
		.eh = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64,
				     OUR_ORDER },
			.e_type = ET_REL,
			.e_machine = EM_X86_64,
			.e_shoff = offsetof(struct tiny, sh),
			.e_shentsize = sizeof(Elf64_Shdr),
			.e_shnum = 4,
			.e_shstrndx = 1 },
		.sh = { [1] = { .sh_name = 1,
				.sh_type = SHT_STRTAB,
				PLACE(names) },
			[2] = { .sh_name = 11,
				.sh_type = SHT_PROGBITS,
				PLACE(info) },
			[3] = { .sh_name = 11,
				.sh_type = SHT_PROGBITS,
				PLACE(other) } },
		.names = "\0.shstrtab\0.modinfo\0.modinfo.x",
		.info = "license=GPL",
		.other = "license=other",
	};
}

static struct mod_bytes bytes_of(const struct tiny *t)
{
	return (struct mod_bytes){ (const uint8_t *)t, sizeof *t };
}

/* Opens bytes and finds .modinfo. */
static int modinfo_of(struct mod_bytes bytes, struct mod_bytes *info)
{
	struct mod_source_memory mem;
	struct mod_elf elf;

	mod_source_from_memory(&mem, bytes);
	int r = mod_elf_open(&elf, &mem.src);
	return r < 0 ? r : mod_elf_find_data(&elf, ".modinfo", info);
}

START_TEST(reads_every_class_and_order)
{
	struct image im;
	struct mod_source_memory mem;
	struct mod_elf elf;
	struct mod_sec sec;
	struct mod_bytes data;

	image_init(&im, _i);
	image_add(&im, ".text", "code", 4);
	image_add(&im, ".modinfo", "a=b", 4);
	image_sec(&im, ".symtab", SHT_SYMTAB)->info = 7;
	image_end(&im);
	mod_source_from_memory(&mem, image_finish(&im));
	ck_assert_int_eq(mod_elf_open(&elf, &mem.src), 0);
	ck_assert_int_eq(elf.wide, im.wide);
	ck_assert_int_eq(elf.big, im.big);
	ck_assert_int_eq(elf.type, ET_REL);
	ck_assert_int_eq(elf.machine, EM_X86_64);
	ck_assert_uint_eq(elf.sec_count, 5);
	ck_assert_int_eq(mod_elf_find_data(&elf, ".modinfo", &data), 0);
	ck_assert_uint_eq(data.len, 4);
	ck_assert_str_eq((const char *)data.at, "a=b");
	ck_assert_int_eq(mod_elf_find(&elf, ".symtab", &sec), 0);
	ck_assert_uint_eq(sec.index, 3);
	ck_assert_uint_eq(sec.type, SHT_SYMTAB);
	ck_assert_uint_eq(sec.info, 7);
	ck_assert_str_eq(sec.name, ".symtab");
	ck_assert_int_eq(mod_elf_find_data(&elf, ".none", &data), 1);
	ck_assert_int_eq(mod_elf_sec(&elf, 5, &sec), -EBADMSG);
}
END_TEST

START_TEST(name_must_be_equal)
{
	struct tiny t = tiny();
	struct mod_bytes info;

	t.sh[2].sh_name = 20; /* .modinfo.x */
	ck_assert_int_eq(modinfo_of(bytes_of(&t), &info), 0);
	ck_assert_str_eq((const char *)info.at, "license=other");
}
END_TEST

START_TEST(first_of_two_counts)
{
	struct tiny t = tiny();
	struct mod_bytes info;

	ck_assert_int_eq(modinfo_of(bytes_of(&t), &info), 0);
	ck_assert_str_eq((const char *)info.at, "license=GPL");
}
END_TEST

START_TEST(empty_section_is_there)
{
	struct tiny t = tiny();
	struct mod_bytes info;

	t.sh[2].sh_size = 0;
	ck_assert_int_eq(modinfo_of(bytes_of(&t), &info), 0);
	ck_assert_uint_eq(info.len, 0);
}
END_TEST

START_TEST(nobits_has_no_bytes)
{
	struct tiny t = tiny();
	struct mod_bytes info;

	t.sh[2].sh_type = SHT_NOBITS;
	ck_assert_int_eq(modinfo_of(bytes_of(&t), &info), 0);
	ck_assert_uint_eq(info.len, 0);
}
END_TEST

/* Each row breaks one field of a good file and says what must come back. */
static const struct broken {
	const char *what;
	size_t at, size;
	uint64_t value;
	int want;
} broken[] = {
#define FIELD(f) offsetof(struct tiny, f), sizeof(((struct tiny *)0)->f)
	{ "no magic", FIELD(eh.e_ident[0]), 0, -ENOEXEC },
	{ "class 0", FIELD(eh.e_ident[EI_CLASS]), 0, -EBADMSG },
	{ "class 3", FIELD(eh.e_ident[EI_CLASS]), 3, -EBADMSG },
	{ "class of 32 bits", FIELD(eh.e_ident[EI_CLASS]), 1, -EBADMSG },
	{ "byte order 0", FIELD(eh.e_ident[EI_DATA]), 0, -EBADMSG },
	{ "byte order 3", FIELD(eh.e_ident[EI_DATA]), 3, -EBADMSG },
	{ "other byte order", FIELD(eh.e_ident[EI_DATA]), OTHER_ORDER,
	  -EBADMSG },
	{ "no headers", FIELD(eh.e_shoff), 0, -EBADMSG },
	{ "headers past the end", FIELD(eh.e_shoff), sizeof(struct tiny),
	  -EBADMSG },
	{ "header offset wraps", FIELD(eh.e_shoff), UINT64_MAX - 63, -EBADMSG },
	{ "more headers than bytes", FIELD(eh.e_shnum), 0xffff, -EBADMSG },
	{ "no header, none in section 0", FIELD(eh.e_shnum), 0, -EBADMSG },
	{ "header of 32 bits", FIELD(eh.e_shentsize), 40, -EBADMSG },
	{ "header size 56", FIELD(eh.e_shentsize), 56, -EBADMSG },
	{ "names in section 0", FIELD(eh.e_shstrndx), 0, -EBADMSG },
	{ "names behind the last section", FIELD(eh.e_shstrndx), 4, -EBADMSG },
	{ "names in section 99", FIELD(eh.e_shstrndx), 99, -EBADMSG },
	{ "names in no section", FIELD(eh.e_shstrndx), 0xfff0, -EBADMSG },
	{ "names extended, not there", FIELD(eh.e_shstrndx), 0xffff, -EBADMSG },
	{ "name table outside", FIELD(sh[1].sh_offset), 1 << 20, -EBADMSG },
	{ "name table wraps", FIELD(sh[1].sh_size), UINT64_MAX, -EBADMSG },
	{ "name table empty", FIELD(sh[1].sh_size), 0, -EBADMSG },
	{ "name not ended", FIELD(sh[1].sh_size), 5, -EBADMSG },
	{ "name table without bytes", FIELD(sh[1].sh_type), SHT_NOBITS,
	  -EBADMSG },
	{ "section outside", FIELD(sh[2].sh_offset), 1 << 20, 1 },
	{ "section offset wraps", FIELD(sh[2].sh_offset), UINT64_MAX, 1 },
	{ "section too long", FIELD(sh[2].sh_size), 49, 1 },
	{ "section wraps", FIELD(sh[2].sh_size), UINT64_MAX, 1 },
	{ "section name outside", FIELD(sh[2].sh_name), 32, 1 },
	{ "section name far outside", FIELD(sh[2].sh_name), UINT32_MAX, 1 },
};

START_TEST(refuses_broken)
{
	const struct broken *b = &broken[_i];
	struct tiny t = tiny();
	struct mod_bytes info;
	const uint64_t value = htole64(b->value);

	t.sh[3].sh_name = 1; /* only one .modinfo */
	for (size_t i = 0; i < b->size; i++) {
		size_t to = OUR_ORDER == ELFDATA2LSB ? i : b->size - 1 - i;
		((char *)&t)[b->at + to] = ((const char *)&value)[i];
	}
	int r = modinfo_of(bytes_of(&t), &info);
	ck_assert_msg(r == b->want, "%s: got %d, want %d", b->what, r, b->want);
}
END_TEST

START_TEST(passes_over_what_lies_outside)
{
	struct tiny t = tiny();
	struct mod_bytes info;

	t.sh[2].sh_offset = sizeof t; /* the second .modinfo is sound */
	ck_assert_int_eq(modinfo_of(bytes_of(&t), &info), 0);
	ck_assert_str_eq((const char *)info.at, "license=other");
}
END_TEST

START_TEST(sixteen_bytes_are_no_elf)
{
	struct tiny t = tiny();
	struct mod_bytes info;

	for (size_t n = 0; n <= EI_NIDENT; n++)
		ck_assert_int_eq(
			modinfo_of((struct mod_bytes){ (uint8_t *)&t, n },
				   &info),
			-ENOEXEC);
	for (size_t n = EI_NIDENT + 1; n <= sizeof t.eh; n++)
		ck_assert_int_eq(
			modinfo_of((struct mod_bytes){ (uint8_t *)&t, n },
				   &info),
			-EBADMSG);
}
END_TEST

/* The count and the index of the names may stand in section 0. */
START_TEST(understands_extended_numbers)
{
	struct tiny t = tiny();
	struct mod_bytes info;

	t.eh.e_shnum = 0;
	t.sh[0].sh_size = 4;
	ck_assert_int_eq(modinfo_of(bytes_of(&t), &info), 0);
	t.eh.e_shstrndx = SHN_XINDEX;
	ck_assert_int_eq(modinfo_of(bytes_of(&t), &info), -EBADMSG);
	t.sh[0].sh_link = 1;
	ck_assert_int_eq(modinfo_of(bytes_of(&t), &info), 0);
	t.eh.e_shnum = 4;
	ck_assert_int_eq(modinfo_of(bytes_of(&t), &info), 0);
	t.sh[0].sh_link = 4;
	ck_assert_int_eq(modinfo_of(bytes_of(&t), &info), -EBADMSG);
	t.sh[0].sh_link = 1;
	t.eh.e_shnum = 0;
	t.sh[0].sh_size = UINT64_MAX / 64 + 2;
	ck_assert_int_eq(modinfo_of(bytes_of(&t), &info), -EBADMSG);
}
END_TEST

START_TEST(asks_for_little)
{
	struct tiny t = tiny();
	struct counted src = counted(bytes_of(&t));
	struct mod_elf elf;
	struct mod_sec sec;
	struct mod_bytes info;

	ck_assert_int_eq(mod_elf_open(&elf, &src.src), 0);
	ck_assert_uint_eq(src.ranges, 3);
	ck_assert_uint_eq(src.asked, 64 + sizeof t.sh + sizeof t.names);
	ck_assert_int_eq(mod_elf_find(&elf, ".modinfo", &sec), 0);
	ck_assert_uint_eq(src.ranges, 3);
	ck_assert_int_eq(mod_elf_data(&elf, &sec, &info), 0);
	ck_assert_uint_eq(src.ranges, 4);
}
END_TEST

START_TEST(hands_up_errors_of_the_source)
{
	struct tiny t = tiny();

	t.eh.e_shnum = 0; /* one range more */
	t.sh[0].sh_size = 4;
	for (unsigned n = 1;; n++) {
		struct counted src = counted(bytes_of(&t));
		struct mod_elf elf;
		struct mod_bytes info;

		src.fail_at = n;
		int r = mod_elf_open(&elf, &src.src);
		if (r == 0)
			r = mod_elf_find_data(&elf, ".modinfo", &info);
		ck_assert_int_eq(r, n <= 5 ? -EIO : 0);
		if (r == 0)
			break;
	}
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	struct tiny t = tiny();
	struct mod_bytes info;

	for (size_t n = 0; n < sizeof t - sizeof t.other; n++) {
		_free_ uint8_t *cut = malloc(n + !n); /* exact, for ASan */
		memcpy(cut, &t, n);
		int r = modinfo_of((struct mod_bytes){ cut, n }, &info);
		if (n < offsetof(struct tiny, info))
			ck_assert_int_lt(r, 0);
		else
			ck_assert_int_eq(r, 1);
	}
}
END_TEST

START_TEST(every_byte_may_lie)
{
	struct mod_bytes info;

	for (size_t i = 0; i < sizeof(struct tiny); i++)
		for (int bit = 0; bit < 8; bit++) {
			struct tiny t = tiny();
			((uint8_t *)&t)[i] ^= (uint8_t)(1 << bit);
			int r = modinfo_of(bytes_of(&t), &info);
			ck_assert(r == 0 || r == 1 || r == -EBADMSG ||
				  r == -ENOEXEC);
			if (r == 0 && info.len > 0)
				ck_assert(info.at + info.len <=
					  (uint8_t *)(&t + 1));
		}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("elf");
	TCase *tc = tcase_create("elf");

	tcase_set_timeout(tc, 60); /* seconds; a busy machine is no failure */
	tcase_add_loop_test(tc, reads_every_class_and_order, 0, IMAGE_KINDS);
	tcase_add_test(tc, name_must_be_equal);
	tcase_add_test(tc, first_of_two_counts);
	tcase_add_test(tc, empty_section_is_there);
	tcase_add_test(tc, nobits_has_no_bytes);
	tcase_add_loop_test(tc, refuses_broken, 0,
			    sizeof broken / sizeof *broken);
	tcase_add_test(tc, passes_over_what_lies_outside);
	tcase_add_test(tc, sixteen_bytes_are_no_elf);
	tcase_add_test(tc, understands_extended_numbers);
	tcase_add_test(tc, asks_for_little);
	tcase_add_test(tc, hands_up_errors_of_the_source);
	tcase_add_test(tc, every_prefix_is_safe);
	tcase_add_test(tc, every_byte_may_lie);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
