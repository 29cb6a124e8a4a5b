/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "libmod/module/symbols.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/image.h"
#include "testsuite/unit/suite.h"

typedef int read_fn(const struct mod_elf *elf, struct mod_symbols *out);

/* Whether something was left out, of the last that was read so. */
static bool left_out;

static int exports_left(const struct mod_elf *elf, struct mod_symbols *out)
{
	return mod_symbols_exports_left(elf, out, &left_out);
}

static int imports_left(const struct mod_elf *elf, struct mod_symbols *out)
{
	return mod_symbols_imports_left(elf, out, &left_out);
}

static read_fn *const readers[] = { mod_symbols_exports, mod_symbols_versions,
				    mod_symbols_imports, exports_left,
				    imports_left };
enum { READERS = sizeof readers / sizeof *readers };

/* Reads into text: "name:crcbind" for each symbol, or the status. */
static const char *text_of(read_fn *read, struct mod_source *src)
{
	static char text[1024];
	struct mod_elf elf;
	struct mod_symbols syms = { 0 };
	int n = 0;

	*text = '\0';
	ck_assert_int_eq(mod_elf_open(&elf, src), 0);
	int r = read(&elf, &syms);
	if (r != 0)
		return r == 1 ? "none" : r == -EBADMSG ? "broken" : "error";
	for (size_t i = 0; r == 0 && i < syms.n; i++)
		n += snprintf(text + n, sizeof text - (size_t)n,
			      "%s%s:%llx%.1s", i ? " " : "", syms.at[i].name,
			      (unsigned long long)syms.at[i].crc,
			      syms.at[i].bind ? &syms.at[i].bind : "");
	mod_symbols_fini(&syms);
	return text;
}

static const char *read_image(read_fn *read, struct image *im)
{
	struct mod_source_memory mem;

	mod_source_from_memory(&mem, image_finish(im));
	return text_of(read, &mem.src);
}

static void symtab(struct image *im)
{
	image_sec(im, ".symtab", SHT_SYMTAB);
	image_sym(im, "", 0, 0, 0, 0);
}

/* All symbols so far are local. */
static void globals(struct image *im)
{
	im->secs[im->sec_count - 1].info = (uint32_t)im->syms;
}

static void sym(struct image *im, const char *name, uint16_t sec,
		uint64_t value)
{
	image_sym(im, name, STB_LOCAL, STT_NOTYPE, sec, value);
}

static void import(struct image *im, const char *name, int bind)
{
	image_sym(im, name, bind, STT_NOTYPE, SHN_UNDEF, 0);
}

static void version(struct image *im, const char *name, uint64_t crc)
{
	char field[60] = "";

	image_word(im, crc);
	memcpy(field, name, strlen(name));
	image_bytes(im, field, im->wide ? 56 : 60);
}

/* ---------------------------------------------------------------- exports */

START_TEST(crc_is_a_value_or_a_place)
{
	struct image im;

	image_init(&im, _i);
	image_sec(&im, "__kcrctab", SHT_PROGBITS);
	image_num(&im, 4, 0xaaaa0001);
	image_num(&im, 4, 0xaaaa0002);
	uint16_t tab = image_end(&im);
	image_sec(&im, "__kcrctab_gpl", SHT_PROGBITS);
	image_num(&im, 4, 0xbbbb0001);
	uint16_t gpl = image_end(&im);
	symtab(&im);
	sym(&im, "__crc_second", tab, 4);
	sym(&im, "local", tab, 0);
	sym(&im, "__crc_gpl", gpl, 0);
	sym(&im, "__crc_first", tab, 0);
	globals(&im);
	image_sym(&im, "__crc_absolute", STB_GLOBAL, 0, SHN_ABS, 0x1234);
	image_sym(&im, "__crc_undefined", STB_WEAK, 0, SHN_UNDEF, 0x56);
	image_sym(&im, "first", STB_GLOBAL, STT_FUNC, tab, 0);
	image_end(&im);
	ck_assert_str_eq(read_image(mod_symbols_exports, &im),
			 "second:aaaa0002 gpl:bbbb0001 first:aaaa0001 "
			 "absolute:1234 undefined:56");
}
END_TEST

/* Where a CRC cannot be read it is all ones, as kmod prints it. */
static const struct place {
	const char *what;
	uint16_t sec;
	uint64_t off;
} nowhere[] = {
	{ "at the end", 1, 8 },
	{ "two bytes left", 1, 6 },
	{ "far behind", 1, UINT32_MAX },
	{ "in an empty section", 2, 0 },
	{ "in a section without bytes", 3, 0 },
	{ "in a section outside of the file", 4, 0 },
	{ "behind the last section", 100, 0 },
	{ "common", SHN_COMMON, 0 },
	{ "extended index", SHN_XINDEX, 0 },
};

START_TEST(crc_nowhere_is_all_ones)
{
	struct image im;

	image_init(&im, 0);
	image_add(&im, "__kcrctab", "12345678", 8);
	image_add(&im, "empty", "", 0);
	image_sec(&im, ".bss", SHT_NOBITS)->len = 8;
	image_sec(&im, "outside", SHT_PROGBITS)->len = 1 << 20;
	symtab(&im);
	sym(&im, "__crc_x", nowhere[_i].sec, nowhere[_i].off);
	image_end(&im);
	const char *got = read_image(mod_symbols_exports, &im);
	ck_assert_msg(strcmp(got, "x:ffffffffffffffff") == 0, "%s: %s",
		      nowhere[_i].what, got);
}
END_TEST

static void no_modversions(struct image *im, int kind)
{
	static const char strings[] = "\0one\0\0\0two\0SPACE";

	image_init(im, kind);
	image_add(im, "__ksymtab", "", 0);
	image_add(im, "__ksymtab_strings", strings, sizeof strings);
}

START_TEST(without_crc_the_strings_count)
{
	struct image im;

	no_modversions(&im, _i);
	ck_assert_str_eq(read_image(mod_symbols_exports, &im),
			 "one:0 two:0 SPACE:0");
	no_modversions(&im, _i);
	symtab(&im);
	sym(&im, "stripped", 1, 0);
	image_end(&im);
	ck_assert_str_eq(read_image(mod_symbols_exports, &im),
			 "one:0 two:0 SPACE:0");
}
END_TEST

START_TEST(namespaces_are_told_apart)
{
	struct image im;

	no_modversions(&im, _i);
	symtab(&im);
	sym(&im, "__kstrtabns_one", 2, 0);
	sym(&im, "__ksymtab_one", 1, 0);
	sym(&im, "__ksymtab_two", 1, 0);
	image_end(&im);
	ck_assert_str_eq(read_image(mod_symbols_exports, &im),
			 "one:0 two:0 SPACE:0N");
}
END_TEST

START_TEST(unended_string_is_broken)
{
	struct image im;

	image_init(&im, 0);
	image_add(&im, "__ksymtab_strings", "one\0two", 7);
	ck_assert_str_eq(read_image(mod_symbols_exports, &im), "broken");
}
END_TEST

/* Most modules export nothing: their symbols are not even read. */
START_TEST(no_export_section_no_export)
{
	struct image im;
	struct mod_elf elf;
	struct mod_symbols syms;

	image_init(&im, 0);
	image_add(&im, "_ksymtab", "", 0);
	symtab(&im);
	sym(&im, "__crc_x", SHN_ABS, 1);
	image_end(&im);
	struct counted src = counted(image_finish(&im));
	ck_assert_int_eq(mod_elf_open(&elf, &src.src), 0);
	unsigned before = src.ranges;
	ck_assert_int_eq(mod_symbols_exports(&elf, &syms), 1);
	ck_assert_uint_eq(src.ranges, before);
}
END_TEST

/* --------------------------------------------------------------- versions */

START_TEST(versions_in_order)
{
	struct image im;

	image_init(&im, _i);
	image_sec(&im, "__versions", SHT_PROGBITS);
	version(&im, "module_layout", 0xdeadbeef);
	version(&im, ".dotted", 2);
	version(&im, "a", 0);
	image_end(&im);
	ck_assert_str_eq(read_image(mod_symbols_versions, &im),
			 "module_layout:deadbeef dotted:2 a:0");
}
END_TEST

START_TEST(no_versions_and_empty_ones_differ)
{
	struct image im;

	image_init(&im, _i);
	ck_assert_str_eq(read_image(mod_symbols_versions, &im), "none");
	image_init(&im, _i);
	image_add(&im, "__versions", "", 0);
	ck_assert_str_eq(read_image(mod_symbols_versions, &im), "");
}
END_TEST

START_TEST(broken_versions)
{
	static const size_t lens[] = { 1, 63, 65, 127 };
	char record[128] = "";
	struct image im;

	memset(record, 'A', 64);
	for (size_t i = 0; i < 4; i++) {
		image_init(&im, _i);
		image_add(&im, "__versions", record, lens[i]);
		ck_assert_str_eq(read_image(mod_symbols_versions, &im),
				 "broken");
	}
	image_init(&im, _i);
	image_add(&im, "__versions", record, 128); /* no NUL in the first */
	ck_assert_str_eq(read_image(mod_symbols_versions, &im), "broken");
	record[63] = '\0';
	image_init(&im, _i);
	image_add(&im, "__versions", record, 64);
	ck_assert_str_ne(read_image(mod_symbols_versions, &im), "broken");
}
END_TEST

static void extended(struct image *im, size_t crcs, const char *names, size_t n)
{
	image_sec(im, "__version_ext_crcs", SHT_PROGBITS);
	for (size_t i = 0; i < crcs; i++)
		image_num(im, 4, 0xe0000000 + i);
	image_end(im);
	image_add(im, "__version_ext_names", names, n);
}

START_TEST(extended_versions)
{
	static const char names[] = "one\0.two\0a_very_long_name_that_does_not_"
				    "fit_into_the_56_bytes_of_the_old_field";
	struct image im;

	image_init(&im, _i);
	extended(&im, 3, names, sizeof names);
	ck_assert_str_eq(read_image(mod_symbols_versions, &im),
			 "one:e0000000 two:e0000001 "
			 "a_very_long_name_that_does_not_"
			 "fit_into_the_56_bytes_of_the_old_field:e0000002");
}
END_TEST

START_TEST(plain_versions_come_first)
{
	struct image im;

	image_init(&im, _i);
	extended(&im, 3, "one\0two\0three", 14);
	image_sec(&im, "__versions", SHT_PROGBITS);
	version(&im, "two", 2);
	version(&im, "four", 4);
	image_end(&im);
	ck_assert_str_eq(read_image(mod_symbols_versions, &im),
			 "two:2 four:4 one:e0000000 three:e0000002");
}
END_TEST

static const struct ext {
	const char *what;
	size_t crcs; /* bytes */
	const char *names;
	size_t names_len;
	const char *want;
} exts[] = {
	{ "as many", 8, "a\0b", 4, "a:30303030 b:30303030" },
	{ "more names", 4, "a\0b", 4, "a:30303030" },
	{ "none", 0, "", 0, "" },
	{ "fewer names", 8, "a", 2, "broken" },
	{ "no names", 8, "", 0, "broken" },
	{ "last not ended", 8, "a\0b", 3, "broken" },
	{ "odd size", 7, "a\0b", 4, "broken" },
	{ "no section of names", 4, NULL, 0, "broken" },
};

START_TEST(extended_versions_must_pair)
{
	const struct ext *e = &exts[_i];
	struct image im;

	image_init(&im, 0);
	image_add(&im, "__version_ext_crcs", "00000000", e->crcs);
	if (e->names)
		image_add(&im, "__version_ext_names", e->names, e->names_len);
	const char *got = read_image(mod_symbols_versions, &im);
	ck_assert_msg(strcmp(got, e->want) == 0, "%s: %s", e->what, got);
}
END_TEST

/* ---------------------------------------------------------------- imports */

static void needs(struct image *im, int kind)
{
	image_init(im, kind);
	image_sec(im, "__versions", SHT_PROGBITS);
	version(im, "module_layout", 1);
	version(im, "strong", 2);
	version(im, ".dotted", 3);
	version(im, "strong", 4);
	image_end(im);
	symtab(im);
	sym(im, "local", 1, 0);
	globals(im);
	import(im, "weak", STB_WEAK);
	import(im, ".dotted", STB_GLOBAL);
	image_sym(im, "defined", STB_GLOBAL, STT_FUNC, 1, 0);
	import(im, "strong", STB_GLOBAL);
	import(im, "", STB_GLOBAL);
	image_end(im);
}

START_TEST(undefined_symbols_then_what_is_left)
{
	struct image im;

	needs(&im, _i);
	ck_assert_str_eq(read_image(mod_symbols_imports, &im),
			 "weak:0W .dotted:3U strong:2U "
			 "module_layout:1U strong:4U");
}
END_TEST

START_TEST(imports_need_no_versions)
{
	struct image im;

	image_init(&im, _i);
	symtab(&im);
	import(&im, "a", STB_GLOBAL);
	image_end(&im);
	ck_assert_str_eq(read_image(mod_symbols_imports, &im), "a:0U");
}
END_TEST

START_TEST(no_symbol_table_is_an_answer)
{
	struct image im;

	image_init(&im, _i);
	image_sec(&im, "__versions", SHT_PROGBITS);
	version(&im, "module_layout", 1);
	image_end(&im);
	ck_assert_str_eq(read_image(mod_symbols_imports, &im), "none");
}
END_TEST

START_TEST(empty_symbol_table_imports_nothing)
{
	struct image im;

	image_init(&im, _i);
	image_add(&im, ".symtab", "", 0);
	image_add(&im, ".strtab", "", 0);
	ck_assert_str_eq(read_image(mod_symbols_imports, &im), "");
}
END_TEST

/* sh_info counts the local symbols; where it cannot be true it is not used. */
START_TEST(first_global_is_believed_when_it_can_be)
{
	static const struct {
		uint32_t info;
		const char *want;
	} rows[] = { { 2, "global:0U" },
		     { 3, "" },
		     { 1, "local:0U global:0U" },
		     { 0, "local:0U global:0U" },
		     { 4, "local:0U global:0U" },
		     { UINT32_MAX, "local:0U global:0U" } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct image im;

		image_init(&im, _i);
		symtab(&im);
		import(&im, "local", STB_LOCAL);
		import(&im, "global", STB_GLOBAL);
		im.secs[1].info = rows[i].info;
		image_end(&im);
		ck_assert_str_eq(read_image(mod_symbols_imports, &im),
				 rows[i].want);
	}
}
END_TEST

START_TEST(registers_of_sparc_are_no_imports)
{
	struct image im;

	for (int i = 0; i < 2; i++) {
		image_init(&im, 2);
		im.machine = i ? EM_SPARCV9 : EM_PPC64;
		symtab(&im);
		image_sym(&im, "g2", STB_GLOBAL, STT_SPARC_REGISTER, SHN_UNDEF,
			  2);
		import(&im, "a", STB_GLOBAL);
		image_end(&im);
		ck_assert_str_eq(read_image(mod_symbols_imports, &im),
				 i ? "a:0U" : "g2:0U a:0U");
	}
}
END_TEST

START_TEST(local_symbols_are_not_read)
{
	struct image im;

	image_init(&im, 0);
	symtab(&im);
	for (int i = 0; i < 50; i++)
		sym(&im, "x", 1, 0);
	globals(&im);
	import(&im, "a", STB_GLOBAL);
	image_end(&im);
	struct counted src = counted(image_finish(&im));
	size_t fixed = 64 + im.sec_count * 64 + im.secs[3].len;
	ck_assert_str_eq(text_of(mod_symbols_imports, &src.src), "a:0U");
	ck_assert_uint_eq(src.asked,
			  fixed + im.strings_len + sizeof(Elf64_Sym));
	ck_assert_uint_eq(src.ranges, 4); /* symbols come with their strings */
}
END_TEST

/* ------------------------------------------------------------- all readers */

START_TEST(broken_symbol_table)
{
	read_fn *both[] = { mod_symbols_exports, mod_symbols_imports };
	struct image im;

	for (int i = 0; i < 2; i++) {
		no_modversions(&im, _i);
		symtab(&im);
		import(&im, "a", STB_GLOBAL);
		im.at[im.len - 4]++; /* within the entry */
		im.len--;
		image_end(&im);
		ck_assert_str_eq(read_image(both[i], &im), "broken");

		no_modversions(&im, _i);
		symtab(&im);
		import(&im, "outside", STB_GLOBAL);
		image_end(&im);
		im.strings_len = 4;
		ck_assert_str_eq(read_image(both[i], &im), "broken");

		no_modversions(&im, _i);
		symtab(&im);
		import(&im, "not ended", STB_GLOBAL);
		image_end(&im);
		im.strings_len--;
		ck_assert_str_eq(read_image(both[i], &im), "broken");
	}
}
END_TEST

START_TEST(what_is_left_of_a_broken_file)
{
	char record[128] = "";
	struct image im;

	/* A symbol table with a name that does not end, and an odd byte. */
	image_init(&im, _i);
	image_add(&im, "__ksymtab_strings", "one\0two", 8);
	symtab(&im);
	sym(&im, "__ksymtab_one", 1, 0);
	import(&im, "a", STB_GLOBAL);
	import(&im, "not ended", STB_GLOBAL);
	image_num(&im, 1, 0);
	image_end(&im);
	im.strings_len--;
	ck_assert_str_eq(read_image(imports_left, &im), "a:0U");
	ck_assert(left_out);
	ck_assert_str_eq(read_image(exports_left, &im), "one:0 two:0N");
	ck_assert(left_out);

	/* A __versions of no size, and one with a name that does not end. */
	memset(record, 'A', 64);
	strcpy(record + 64 + (im.wide ? 8 : 4), "b");
	for (size_t n = 127; n <= 128; n++) {
		image_init(&im, _i);
		image_add(&im, "__versions", record, n);
		symtab(&im);
		import(&im, "a", STB_GLOBAL);
		image_end(&im);
		ck_assert_str_eq(read_image(imports_left, &im),
				 n == 127 ? "a:0U" : "a:0U b:0U");
		ck_assert(left_out);
	}

	needs(&im, _i);
	ck_assert_str_ne(read_image(imports_left, &im), "broken");
	ck_assert(!left_out);
}
END_TEST

/* A file that has something for every reader. */
static void full(struct image *im, int kind)
{
	needs(im, kind);
	image_add(im, "__kcrctab", "crc.", 4);
	extended(im, 2, "ext\0strong", 11);
	image_add(im, "__ksymtab_strings", "one\0two", 8);
}

/* The same with __crc_ symbols in place of strings. */
static void full_crc(struct image *im, int kind)
{
	image_init(im, kind);
	image_add(im, "__kcrctab", "crc.", 4);
	symtab(im);
	sym(im, "__crc_a", 1, 0);
	sym(im, "__ksymtab_b", 1, 0);
	image_end(im);
}

static void build(struct image *im, int i)
{
	if (i < IMAGE_KINDS)
		full(im, i);
	else
		full_crc(im, i - IMAGE_KINDS);
	image_finish(im);
}

enum { BUILDS = 2 * IMAGE_KINDS };

START_TEST(survives_no_memory)
{
	struct image im;
	struct mod_source_memory mem;
	struct mod_elf elf;
	struct mod_symbols syms;

	build(&im, _i);
	mod_source_from_memory(&mem, (struct mod_bytes){ im.at, im.len });
	ck_assert_int_eq(mod_elf_open(&elf, &mem.src), 0);
	for (int reader = 0; reader < READERS; reader++) {
		int done;

		fail_off();
		done = readers[reader](&elf, &syms);
		if (done == 0)
			mod_symbols_fini(&syms);
		for (size_t n = 0;; n++) {
			fail_at(n);
			int r = readers[reader](&elf, &syms);
			bool hit = fail_off();
			ck_assert_int_eq(r, hit ? -ENOMEM : done);
			if (r == 0)
				mod_symbols_fini(&syms);
			if (!hit)
				break;
		}
	}
}
END_TEST

START_TEST(hands_up_errors_of_the_source)
{
	struct image im;
	struct mod_elf elf;
	struct mod_symbols syms;

	build(&im, _i);
	for (int reader = 0; reader < READERS; reader++)
		for (unsigned n = 1;; n++) {
			struct counted src =
				counted((struct mod_bytes){ im.at, im.len });
			ck_assert_int_eq(mod_elf_open(&elf, &src.src), 0);
			unsigned opened = src.ranges;
			src.fail_at = opened + n;
			int r = readers[reader](&elf, &syms);
			if (r == 0)
				mod_symbols_fini(&syms);
			if (src.ranges < src.fail_at)
				break;
			ck_assert_int_eq(r, -EIO);
		}
}
END_TEST

/* False when a reader returns a result that it may not. */
static bool reads_well(struct mod_bytes bytes)
{
	struct mod_source_memory mem;
	struct mod_elf elf;
	struct mod_symbols syms;
	size_t seen = 0;

	mod_source_from_memory(&mem, bytes);
	if (mod_elf_open(&elf, &mem.src) < 0)
		return true;
	for (int reader = 0; reader < READERS; reader++) {
		int r = readers[reader](&elf, &syms);
		if (r != 0 && r != 1 && r != -EBADMSG)
			return false;
		for (size_t i = 0; r == 0 && i < syms.n; i++)
			seen += strlen(syms.at[i].name);
		if (r == 0)
			mod_symbols_fini(&syms);
	}
	return seen < 1 << 20;
}

START_TEST(every_byte_may_lie)
{
	struct image im;

	build(&im, _i);
	for (size_t i = 0; i < im.len; i++) {
		static const uint8_t lies[] = { 0x01, 0xff };
		for (size_t k = 0; k < sizeof lies; k++) {
			im.at[i] ^= lies[k];
			if (!reads_well((struct mod_bytes){ im.at, im.len }))
				ck_abort_msg("byte %zu ^ %#x", i, lies[k]);
			im.at[i] ^= lies[k];
		}
	}
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	struct image im;

	build(&im, _i);
	for (size_t n = 0; n < im.len; n++) {
		_free_ uint8_t *cut = malloc(n + !n); /* exact, for ASan */
		memcpy(cut, im.at, n);
		if (!reads_well((struct mod_bytes){ cut, n }))
			ck_abort_msg("%zu bytes", n);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("syms");
	TCase *tc = tcase_create("syms");

	tcase_set_timeout(tc, 60); /* seconds; a busy machine is no failure */
	tcase_add_loop_test(tc, crc_is_a_value_or_a_place, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, crc_nowhere_is_all_ones, 0,
			    sizeof nowhere / sizeof *nowhere);
	tcase_add_loop_test(tc, without_crc_the_strings_count, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, namespaces_are_told_apart, 0, IMAGE_KINDS);
	tcase_add_test(tc, unended_string_is_broken);
	tcase_add_test(tc, no_export_section_no_export);
	tcase_add_loop_test(tc, versions_in_order, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, no_versions_and_empty_ones_differ, 0,
			    IMAGE_KINDS);
	tcase_add_loop_test(tc, broken_versions, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, what_is_left_of_a_broken_file, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, extended_versions, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, plain_versions_come_first, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, extended_versions_must_pair, 0,
			    sizeof exts / sizeof *exts);
	tcase_add_loop_test(tc, undefined_symbols_then_what_is_left, 0,
			    IMAGE_KINDS);
	tcase_add_loop_test(tc, imports_need_no_versions, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, no_symbol_table_is_an_answer, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, empty_symbol_table_imports_nothing, 0,
			    IMAGE_KINDS);
	tcase_add_loop_test(tc, first_global_is_believed_when_it_can_be, 0,
			    IMAGE_KINDS);
	tcase_add_test(tc, registers_of_sparc_are_no_imports);
	tcase_add_test(tc, local_symbols_are_not_read);
	tcase_add_loop_test(tc, broken_symbol_table, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, survives_no_memory, 0, BUILDS);
	tcase_add_loop_test(tc, hands_up_errors_of_the_source, 0, BUILDS);
	tcase_add_loop_test(tc, every_byte_may_lie, 0, BUILDS);
	tcase_add_loop_test(tc, every_prefix_is_safe, 0, BUILDS);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
