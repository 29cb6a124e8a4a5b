/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>

#include "libmod/module/build-id.h"
#include "testsuite/unit/image.h"
#include "testsuite/unit/suite.h"

static const char id[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDE";

/* A note as its section holds it, and what reading it gives. */
static const struct note {
	const char *what;
	uint32_t name_len, len, type;
	const char *name; /* four bytes */
	size_t bytes;     /* of content */
	int want;
} notes[] = {
	{ "no byte", 4, 0, NT_GNU_BUILD_ID, "GNU", 0, 0 },
	{ "MD5", 4, 16, NT_GNU_BUILD_ID, "GNU", 16, 0 },
	{ "SHA-1", 4, 20, NT_GNU_BUILD_ID, "GNU", 20, 0 },
	{ "odd", 4, 41, NT_GNU_BUILD_ID, "GNU", 41, 0 },
	{ "something behind", 4, 20, NT_GNU_BUILD_ID, "GNU", 24, 0 },
	{ "other type", 4, 20, NT_GNU_ABI_TAG, "GNU", 20, 1 },
	{ "other name", 4, 20, NT_GNU_BUILD_ID, "GNX", 20, 1 },
	{ "longer name", 5, 20, NT_GNU_BUILD_ID, "GNU", 20, 1 },
	{ "no name", 0, 20, NT_GNU_BUILD_ID, "GNU", 20, 1 },
	{ "cut", 4, 20, NT_GNU_BUILD_ID, "GNU", 19, 1 },
	{ "length that wraps", 4, UINT32_MAX, NT_GNU_BUILD_ID, "GNU", 20, 1 },
};

static struct mod_bytes build(struct image *im, int kind,
			      const struct note *note)
{
	image_init(im, kind);
	image_sec(im, ".note.gnu.build-id", SHT_NOTE);
	image_num(im, 4, note->name_len);
	image_num(im, 4, note->len);
	image_num(im, 4, note->type);
	image_bytes(im, note->name, 4);
	image_bytes(im, id, note->bytes);
	image_end(im);
	return image_finish(im);
}

static int read_id(struct mod_bytes file, struct mod_bytes *out)
{
	struct mod_source_memory mem;
	struct mod_elf elf;

	mod_source_from_memory(&mem, file);
	ck_assert_int_eq(mod_elf_open(&elf, &mem.src), 0);
	return mod_build_id_read(&elf, out);
}

START_TEST(reads_what_is_sound)
{
	const struct note *note = &notes[_i];

	for (int kind = 0; kind < IMAGE_KINDS; kind++) {
		struct image im;
		struct mod_bytes got;

		int r = read_id(build(&im, kind, note), &got);
		ck_assert_msg(r == note->want, "%s: got %d", note->what, r);
		if (r != 0)
			continue;
		ck_assert_uint_eq(got.len, note->len);
		ck_assert_mem_eq(got.at, id, got.len);
	}
}
END_TEST

START_TEST(short_sections_hold_no_id)
{
	for (size_t n = 0; n < 16 + 20; n++) {
		struct image im;
		struct mod_bytes got;

		build(&im, 0, &notes[2]);
		size_t off = im.secs[1].off;
		uint8_t note[16 + 20];
		memcpy(note, im.at + off, sizeof note);
		image_init(&im, 0);
		image_add(&im, ".note.gnu.build-id", note, n);
		ck_assert_int_eq(read_id(image_finish(&im), &got), 1);
	}
}
END_TEST

START_TEST(no_section_is_no_id)
{
	struct image im;
	struct mod_bytes got;

	image_init(&im, 0);
	ck_assert_int_eq(read_id(image_finish(&im), &got), 1);
}
END_TEST

START_TEST(hands_up_errors_of_the_source)
{
	struct image im;
	struct counted src = counted(build(&im, 0, &notes[2]));
	struct mod_elf elf;
	struct mod_bytes got;

	ck_assert_int_eq(mod_elf_open(&elf, &src.src), 0);
	src.fail_at = src.ranges + 1;
	ck_assert_int_eq(mod_build_id_read(&elf, &got), -EIO);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("note");
	TCase *tc = tcase_create("note");

	tcase_add_loop_test(tc, reads_what_is_sound, 0,
			    sizeof notes / sizeof *notes);
	tcase_add_test(tc, short_sections_hold_no_id);
	tcase_add_test(tc, no_section_is_no_id);
	tcase_add_test(tc, hands_up_errors_of_the_source);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
