/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <stdlib.h>

#include "libmod/module/force.h"
#include "testsuite/unit/image.h"
#include "testsuite/unit/suite.h"

/* Every section is allocated and writable; which ones are hidden then. */
static const struct section {
	const char *name, *text;
	size_t len;
	bool versions;
} sections[] = {
	{ ".text", "code", 4, false },
	{ "__versions", "0123", 4, true },
	{ ".modinfo", "license=GPL\0vermagic=6.6.6 SMP \0xvermagic=1\0depends=",
	  53, false },
	{ "__version_ext_crcs", "4567", 4, true },
	{ "__version_ext_names", "sym", 4, true },
	{ "__versions_of_others", "89", 2, false },
};

enum { SECTIONS = sizeof sections / sizeof *sections };

/* Where the flags of a section are. */
static size_t flags_at(const struct image *im, size_t sec)
{
	return im->wide ? im->sec_off + sec * sizeof(Elf64_Shdr) +
			offsetof(Elf64_Shdr, sh_flags)
			: im->sec_off + sec * sizeof(Elf32_Shdr) +
			offsetof(Elf32_Shdr, sh_flags);
}

static void set_flags(struct image *im, size_t sec, uint64_t flags)
{
	size_t len = im->len;

	im->len = flags_at(im, sec);
	image_word(im, flags);
	im->len = len;
}

static void build(struct image *im, int kind)
{
	image_init(im, kind);
	for (size_t i = 0; i < SECTIONS; i++)
		image_add(im, sections[i].name, sections[i].text,
			  sections[i].len);
	image_finish(im);
	for (size_t i = 0; i < SECTIONS; i++)
		set_flags(im, i + 1, SHF_ALLOC | SHF_WRITE);
}

START_TEST(hides_versions_and_nothing_else)
{
	struct image im, want;

	build(&im, _i);
	want = im;
	for (size_t i = 0; i < SECTIONS; i++)
		if (sections[i].versions)
			set_flags(&want, i + 1, SHF_WRITE);
	ck_assert_int_eq(mod_force_hide_versions(im.at, im.len), 0);
	ck_assert_mem_eq(im.at, want.at, im.len);
	ck_assert_int_eq(mod_force_hide_versions(im.at, im.len), 0);
	ck_assert_mem_eq(im.at, want.at, im.len);
}
END_TEST

START_TEST(blanks_vermagic_and_nothing_else)
{
	static const char text[] = "vermagic=6.6.6 SMP ";
	struct image im, want;

	build(&im, _i);
	want = im;
	memset(want.at + want.secs[3].off + sizeof "license=GPL", 0,
	       sizeof text);
	ck_assert_int_eq(mod_force_clear_vermagic(im.at, im.len), 0);
	ck_assert_mem_eq(im.at, want.at, im.len);
	ck_assert_int_eq(mod_force_clear_vermagic(im.at, im.len), -ENODATA);
	ck_assert_mem_eq(im.at, want.at, im.len);
}
END_TEST

START_TEST(what_is_not_there_is_fine)
{
	struct image im;

	image_init(&im, _i);
	image_add(&im, ".text", "code", 4);
	image_finish(&im);
	ck_assert_int_eq(mod_force_hide_versions(im.at, im.len), 0);
	ck_assert_int_eq(mod_force_clear_vermagic(im.at, im.len), 0);
}
END_TEST

/* In memory of that size, so that a sanitizer sees writes after its end.
 */
START_TEST(every_prefix_is_safe)
{
	struct image im;

	build(&im, _i);
	for (size_t n = 0; n < im.len; n++) {
		uint8_t *copy = malloc(n + !n);
		memcpy(copy, im.at, n);
		(void)!mod_force_hide_versions(copy, n);
		(void)!mod_force_clear_vermagic(copy, n);
		free(copy);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("strip");
	TCase *tc = tcase_create("strip");

	tcase_add_loop_test(tc, hides_versions_and_nothing_else, 0,
			    IMAGE_KINDS);
	tcase_add_loop_test(tc, blanks_vermagic_and_nothing_else, 0,
			    IMAGE_KINDS);
	tcase_add_loop_test(tc, what_is_not_there_is_fine, 0, IMAGE_KINDS);
	tcase_add_loop_test(tc, every_prefix_is_safe, 0, IMAGE_KINDS);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
