/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/compress/decompress.h"

#include "libmod/base/str.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <endian.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>

/* Files are made here, byte by byte, of pieces that hold their text as it is:
 * the fault of a corrupt one can be read in its row.
 */
static void put(struct mod_str *s, unsigned bytes, uint64_t value)
{
	value = htole64(value);
	mod_str_addn(s, &value, bytes);
}

static uint32_t crc_of(const char *at, size_t n)
{
	uint32_t crc = UINT32_MAX;

	for (; n > 0; n--, at++) {
		crc ^= (uint8_t)*at;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void put_crc(struct mod_str *s, size_t from)
{
	put(s, 4, crc_of(s->at + from, s->len - from));
}

/* RFC 1952; one stored block of RFC 1951, at most 65,535 bytes. */
static void add_gz(struct mod_str *s, const char *text, size_t len)
{
	mod_str_addn(s, "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
	put(s, 1, 1); /* last block, stored */
	put(s, 2, len);
	put(s, 2, ~len);
	mod_str_addn(s, text, len);
	put(s, 4, crc_of(text, len));
	put(s, 4, len);
}

static void pad(struct mod_str *s)
{
	while (s->len % 4)
		put(s, 1, 0);
}

/* Seven bits a byte, low ones first. */
static void put_vli(struct mod_str *s, size_t n)
{
	for (; n > 0x7f; n >>= 7)
		put(s, 1, n | 0x80);
	put(s, 1, n);
}

/* One stream of one block of one stored LZMA2 chunk, 1 to 65,536 bytes, with
 * CRC32.  `dict` is the code for the size of the dictionary: 40 is the most.
 */
static void add_xz_dict(struct mod_str *s, const char *text, size_t len,
			unsigned dict)
{
	size_t at = s->len;

	mod_str_addn(s,
		     "\xfd"
		     "7zXZ\0\0\x01",
		     8);
	put_crc(s, at + 6);

	size_t block = s->len;
	mod_str_addn(s, "\x02\0\x21\x01",
		     4); /* 12 bytes; LZMA2, one property */
	put(s, 4, dict);
	put_crc(s, block);
	put(s, 1, 1); /* stored, dictionary reset */
	put(s, 2, htobe16((uint16_t)(len - 1)));
	mod_str_addn(s, text, len);
	put(s, 1, 0); /* no more chunks */
	size_t unpadded = s->len - block + 4;
	pad(s);
	put(s, 4, crc_of(text, len));

	size_t index = s->len;
	put(s, 2, 0x0100); /* an index of one record */
	put_vli(s, unpadded);
	put_vli(s, len);
	pad(s);
	put_crc(s, index);

	size_t footer = s->len + 4;
	struct mod_str tail = { 0 };
	put(&tail, 4, (s->len - index) / 4 - 1);
	mod_str_addn(&tail, "\0\x01", 2);
	put(s, 4, crc_of(tail.at, tail.len));
	mod_str_addn(s, tail.at, tail.len);
	mod_str_add(s, "YZ");
	mod_str_fini(&tail);
	ck_assert_uint_eq(s->len, footer + 8);
}

static void add_xz(struct mod_str *s, const char *text, size_t len)
{
	add_xz_dict(s, text, len, 0);
}

/* RFC 8878; one raw block of at most 128 KiB.  `says` is the content size in
 * the header.
 */
static void add_zst_says(struct mod_str *s, const char *text, size_t len,
			 uint64_t says)
{
	put(s, 4, 0xfd2fb528);
	put(s, 1, 0xe0); /* eight bytes of content size, no window */
	put(s, 8, says);
	put(s, 3, len << 3 | 1); /* last block, raw */
	mod_str_addn(s, text, len);
}

static void add_zst(struct mod_str *s, const char *text, size_t len)
{
	add_zst_says(s, text, len, len);
}

/* The same, without a content size, as zstd(1) makes it from a pipe. */
static void add_zst_pipe(struct mod_str *s, const char *text, size_t len)
{
	put(s, 4, 0xfd2fb528);
	put(s, 2, 0x5800); /* a window of 2 MiB */
	put(s, 3, len << 3 | 1);
	mod_str_addn(s, text, len);
}

static void add_skippable(struct mod_str *s)
{
	put(s, 4, 0x184d2a53);
	put(s, 4, 5);
	mod_str_add(s, "skip!");
}

typedef void add_fn(struct mod_str *s, const char *text, size_t len);

static const struct kind {
	enum mod_codec codec;
	add_fn *add;
} kinds[] = {
#ifdef HAVE_ZLIB
	{ MOD_CODEC_GZ, add_gz },
#endif
#ifdef HAVE_XZ
	{ MOD_CODEC_XZ, add_xz },
#endif
#ifdef HAVE_ZSTD
	{ MOD_CODEC_ZST, add_zst }, { MOD_CODEC_ZST, add_zst_pipe },
#endif
	{ MOD_CODEC_NONE, NULL }, /* when there is no other */
};
enum { KINDS = sizeof kinds / sizeof *kinds - 1 };

static bool have(enum mod_codec codec)
{
	for (int i = 0; i < KINDS; i++)
		if (kinds[i].codec == codec)
			return true;
	return false;
}

static struct mod_bytes bytes_of(const struct mod_str *s)
{
	return (struct mod_bytes){ (const uint8_t *)s->at, s->len };
}

static const char *why;

/* The result of decompression, from memory of its exact size (for ASan);
 * with the image, when it is 0, in `image`.
 */
static int unpack_n(const struct mod_str *file, size_t n, size_t limit,
		    struct mod_str *image)
{
	_free_ uint8_t *exact = malloc(n + !n);
	_free_ uint8_t *at = NULL;
	size_t len;

	memcpy(exact, file->at, n);
	why = NULL;
	int r = mod_decompress(mod_codec_of(bytes_of(file)),
			       (struct mod_bytes){ exact, n }, limit, &at, &len,
			       &why);
	if (r == 0) {
		ck_assert_ptr_nonnull(at);
		ck_assert_uint_le(len, limit);
		image->len = 0;
		mod_str_addn(image, at, len);
	}
	ck_assert_int_eq(r == -EBADMSG, why != NULL);
	return r;
}

static int unpack(const struct mod_str *file, struct mod_str *image)
{
	return unpack_n(file, file->len, MOD_DECOMPRESS_LIMIT, image);
}

static const struct {
	uint8_t head[8];
	size_t len;
	enum mod_codec codec;
} heads[] = {
	{ "", 0, MOD_CODEC_NONE },
	{ "\x1f\x8b", 2, MOD_CODEC_GZ },
	{ "\x1f", 1, MOD_CODEC_NONE },
	{ "\x1f\x8c\x08", 3, MOD_CODEC_NONE },
	{ "\xfd"
	  "7zXZ\0",
	  6, MOD_CODEC_XZ },
	{ "\xfd"
	  "7zXZ\0",
	  5, MOD_CODEC_NONE },
	{ "\xfd"
	  "7zXZ\1",
	  6, MOD_CODEC_NONE },
	{ "\x28\xb5\x2f\xfd", 4, MOD_CODEC_ZST },
	{ "\x28\xb5\x2f\xfd", 3, MOD_CODEC_NONE },
	{ "\x29\xb5\x2f\xfd", 4, MOD_CODEC_NONE },
	{ "\x50\x2a\x4d\x18", 4, MOD_CODEC_ZST },
	{ "\x5f\x2a\x4d\x18", 4, MOD_CODEC_ZST },
	{ "\x4f\x2a\x4d\x18", 4, MOD_CODEC_NONE },
	{ "\x60\x2a\x4d\x18", 4, MOD_CODEC_NONE },
	{ "\x7f"
	  "ELF\2\1",
	  6, MOD_CODEC_NONE },
	{ "\x5d\0\0\x80\0", 6, MOD_CODEC_NONE }, /* .lzma */
};

START_TEST(the_first_bytes_tell)
{
	struct mod_bytes head = { heads[_i].head, heads[_i].len };

	ck_assert_int_eq(mod_codec_of(head), heads[_i].codec);
}
END_TEST

START_TEST(codecs_have_names)
{
	ck_assert_str_eq(mod_codec_name(MOD_CODEC_NONE), "none");
	ck_assert_str_eq(mod_codec_name(MOD_CODEC_GZ), "gz");
	ck_assert_str_eq(mod_codec_name(MOD_CODEC_XZ), "xz");
	ck_assert_str_eq(mod_codec_name(MOD_CODEC_ZST), "zst");
	ck_assert_str_eq(mod_codec_kernel_name(MOD_CODEC_NONE), "none");
	ck_assert_str_eq(mod_codec_kernel_name(MOD_CODEC_GZ), "gzip");
	ck_assert_str_eq(mod_codec_kernel_name(MOD_CODEC_XZ), "xz");
	ck_assert_str_eq(mod_codec_kernel_name(MOD_CODEC_ZST), "zstd");
}
END_TEST

START_TEST(reports_codecs_that_are_not_built)
{
	uint8_t *at = NULL;
	size_t len;

	for (int c = MOD_CODEC_NONE; c < MOD_CODECS; c++) {
		enum mod_codec codec = (enum mod_codec)c;
		if (have(codec))
			continue;
		int r = mod_decompress(codec, (struct mod_bytes){ 0 }, 1, &at,
				       &len, &why);
		ck_assert_int_eq(r, -ENOSYS);
	}
}
END_TEST

START_TEST(decompresses_one_or_several)
{
	_str_ struct mod_str file = { 0 }, image = { 0 };

	kinds[_i].add(&file, "first ", 6);
	ck_assert_int_eq(unpack(&file, &image), 0);
	ck_assert_str_eq(image.at, "first ");
	kinds[_i].add(&file, "second", 6);
	ck_assert_int_eq(unpack(&file, &image), 0);
	ck_assert_str_eq(image.at, "first second");
}
END_TEST

/* Long enough for the image to grow several times. */
START_TEST(decompresses_what_is_long)
{
	enum { LEN = 60000, TIMES = 20 };
	_str_ struct mod_str file = { 0 }, image = { 0 }, text = { 0 };

	while (text.len < LEN)
		mod_str_addf(&text, "%zu ", text.len);
	text.len = LEN;
	for (int i = 0; i < TIMES; i++)
		kinds[_i].add(&file, text.at, LEN);
	ck_assert_int_eq(unpack(&file, &image), 0);
	ck_assert_uint_eq(image.len, LEN * TIMES);
	for (int i = 0; i < TIMES; i++)
		ck_assert_mem_eq(image.at + i * LEN, text.at, LEN);
}
END_TEST

START_TEST(keeps_the_limit)
{
	_str_ struct mod_str file = { 0 }, image = { 0 };
	char text[5000] = { 0 };

	kinds[_i].add(&file, text, sizeof text);
	ck_assert_int_eq(unpack_n(&file, file.len, SIZE_MAX, &image), 0);
	ck_assert_int_eq(unpack_n(&file, file.len, sizeof text, &image), 0);
	ck_assert_uint_eq(image.len, sizeof text);
	ck_assert_int_eq(unpack_n(&file, file.len, sizeof text - 1, &image),
			 -E2BIG);
	ck_assert_int_eq(unpack_n(&file, file.len, 1, &image), -E2BIG);
	ck_assert_int_eq(unpack_n(&file, file.len, 0, &image), -E2BIG);
	kinds[_i].add(&file, text, 1);
	ck_assert_int_eq(unpack_n(&file, file.len, sizeof text, &image),
			 -E2BIG);
	ck_assert_int_eq(unpack_n(&file, file.len, sizeof text + 1, &image), 0);
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	_str_ struct mod_str file = { 0 }, image = { 0 };

	kinds[_i].add(&file, "the text", 8);
	for (size_t n = 0; n < file.len; n++) {
		int r = unpack_n(&file, n, MOD_DECOMPRESS_LIMIT, &image);
		ck_assert_msg(r == -EBADMSG, "%zu bytes: %d", n, r);
	}
	size_t one = file.len;
	kinds[_i].add(&file, "and more", 8);
	for (size_t n = one + 2; n < file.len; n++) {
		int r = unpack_n(&file, n, MOD_DECOMPRESS_LIMIT, &image);
		ck_assert_msg(r == -EBADMSG, "%zu bytes: %d", n, r);
	}
}
END_TEST

START_TEST(every_wrong_byte_is_safe)
{
	_str_ struct mod_str file = { 0 }, image = { 0 };

	kinds[_i].add(&file, "the text", 8);
	for (size_t n = 0; n < file.len; n++)
		for (int bit = 0; bit < 8; bit++) {
			file.at[n] ^= (char)(1 << bit);
			int r = unpack_n(&file, file.len, 1 << 16, &image);
			ck_assert(r == 0 || r == -EBADMSG || r == -E2BIG ||
				  r == -ENOSYS);
			file.at[n] ^= (char)(1 << bit);
		}
}
END_TEST

/* What may follow a whole file that holds "x". */
static const struct {
	enum mod_codec codec;
	const char *what, *at;
	size_t len;
	int want;
} tails[] = {
	{ MOD_CODEC_GZ, "zeroes", "\0\0\0\0\0", 5, 0 },
	{ MOD_CODEC_GZ, "other bytes", "garbage", 7, 0 },
	{ MOD_CODEC_GZ, "half a magic", "\x1f", 1, 0 },
	{ MOD_CODEC_GZ, "a magic", "\x1f\x8b", 2, -EBADMSG },
	{ MOD_CODEC_GZ, "a bad header", "\x1f\x8b\x07\0\0\0\0\0\0\x03", 10,
	  -EBADMSG },
	{ MOD_CODEC_XZ, "padding", "\0\0\0\0\0\0\0\0", 8, 0 },
	{ MOD_CODEC_XZ, "half of padding", "\0\0\0\0\0\0", 6, -EBADMSG },
	{ MOD_CODEC_XZ, "other bytes", "garbage", 7, -EBADMSG },
	{ MOD_CODEC_XZ, "many other bytes", "garbage garbage garbage", 23,
	  -EBADMSG },
	{ MOD_CODEC_ZST, "zeroes", "\0\0\0\0", 4, -EBADMSG },
	{ MOD_CODEC_ZST, "one byte", "g", 1, -EBADMSG },
	{ MOD_CODEC_ZST, "other bytes", "garbage garbage", 15, -EBADMSG },
	{ MOD_CODEC_ZST, "a frame of zstd 0.7", "\x27\xb5\x2f\xfd\0\0\0\0", 8,
	  -EBADMSG },
	{ MOD_CODEC_ZST, "skipped data", "\x5a\x2a\x4d\x18\2\0\0\0xy", 10, 0 },
	{ MOD_CODEC_ZST, "more skipped than there is",
	  "\x5a\x2a\x4d\x18\3\0\0\0xy", 10, -EBADMSG },
};

START_TEST(minds_what_follows)
{
	for (int i = 0; i < KINDS; i++) {
		_str_ struct mod_str file = { 0 }, image = { 0 };

		if (kinds[i].codec != tails[_i].codec)
			continue;
		kinds[i].add(&file, "x", 1);
		mod_str_addn(&file, tails[_i].at, tails[_i].len);
		int r = unpack(&file, &image);
		ck_assert_msg(r == tails[_i].want, "%s: %d", tails[_i].what, r);
		if (r == 0)
			ck_assert_str_eq(image.at, "x");
	}
}
END_TEST

START_TEST(gz_checks_its_sum)
{
	_str_ struct mod_str file = { 0 }, image = { 0 };

	if (!have(MOD_CODEC_GZ))
		return;
	add_gz(&file, "text", 4);
	file.at[file.len - 8] ^= 1;
	ck_assert_int_eq(unpack(&file, &image), -EBADMSG);
	ck_assert_str_eq(why, "incorrect data check");
}
END_TEST

START_TEST(xz_checks_its_sum)
{
	_str_ struct mod_str file = { 0 }, image = { 0 };

	if (!have(MOD_CODEC_XZ))
		return;
	add_xz(&file, "text", 4);
	file.at[27] ^= 1; /* the first of the text */
	ck_assert_int_eq(unpack(&file, &image), -EBADMSG);
	ck_assert_str_eq(why, "File is corrupt");
	ck_assert_int_eq(unpack_n(&file, 26, 100, &image), -EBADMSG);
	ck_assert_str_eq(why, "Unexpected end of input");
}
END_TEST

START_TEST(xz_keeps_its_memory_limit)
{
	_str_ struct mod_str most = { 0 }, enough = { 0 }, image = { 0 };

	if (!have(MOD_CODEC_XZ))
		return;
	add_xz_dict(&most, "x", 1, 40); /* 4 GiB */
	ck_assert_int_eq(unpack(&most, &image), -E2BIG);
	add_xz_dict(&enough, "x", 1, 28); /* 64 MiB, as xz -9 has */
	ck_assert_int_eq(unpack(&enough, &image), 0);
	ck_assert_str_eq(image.at, "x");
}
END_TEST

START_TEST(zst_skips_frames)
{
	_str_ struct mod_str file = { 0 }, image = { 0 };

	if (!have(MOD_CODEC_ZST))
		return;
	add_skippable(&file);
	ck_assert_int_eq(unpack(&file, &image), 0);
	ck_assert_uint_eq(image.len, 0);
	add_zst_pipe(&file, "a", 1);
	add_skippable(&file);
	add_zst(&file, "", 0);
	add_zst(&file, "b", 1);
	ck_assert_int_eq(unpack(&file, &image), 0);
	ck_assert_str_eq(image.at, "ab");
}
END_TEST

static const struct {
	uint64_t says;
	size_t limit;
	int want;
} says[] = {
	{ 4, 4, 0 },
	{ 3, 100, -EBADMSG },
	{ 5, 100, -EBADMSG },
	{ 0, 100, -EBADMSG },
	{ 100, 1000, -EBADMSG },
	{ 101, 100, -E2BIG },
	/* not believed, and no memory asked for them */
	{ 1 << 30, SIZE_MAX, -EBADMSG },
	{ UINT64_MAX - 2, SIZE_MAX, -EBADMSG },
};

START_TEST(zst_size_is_a_hint)
{
	_str_ struct mod_str file = { 0 }, image = { 0 };

	if (!have(MOD_CODEC_ZST))
		return;
	add_zst_says(&file, "text", 4, says[_i].says);
	int r = unpack_n(&file, file.len, says[_i].limit, &image);
	ck_assert_int_eq(r, says[_i].want);
}
END_TEST

/* An empty block at the end; the content size is not all there. */
START_TEST(zst_holds_what_it_says)
{
	_str_ struct mod_str file = { 0 }, image = { 0 };

	if (!have(MOD_CODEC_ZST))
		return;
	put(&file, 4, 0xfd2fb528);
	put(&file, 1, 0xe0);
	put(&file, 8, 1 << 20);
	put(&file, 3, 4 << 3);
	mod_str_add(&file, "text");
	put(&file, 3, 1);
	ck_assert_int_eq(unpack(&file, &image), -EBADMSG);
}
END_TEST

/* 4 bytes for 128 KiB, 1.3 GB in all: refused when the limit is reached. */
START_TEST(zst_bomb_is_refused)
{
	_str_ struct mod_str file = { 0 }, image = { 0 };

	if (!have(MOD_CODEC_ZST))
		return;
	put(&file, 4, 0xfd2fb528);
	put(&file, 2, 0x3800); /* a window of 128 KiB */
	for (int i = 0; i < 10000; i++) {
		put(&file, 3, 128 << 10 << 3 | 1 << 1 | (i == 9999));
		put(&file, 1, 'x'); /* so many of them */
	}
	ck_assert_int_eq(unpack_n(&file, file.len, 1 << 20, &image), -E2BIG);
}
END_TEST

START_TEST(unpacker_serves_many_files)
{
	_cleanup_(mod_decompress_fini) struct mod_decompressor unpacker = { 0 };
	struct mod_bytes out;

	const int n = KINDS > 0 ? KINDS : 1; /* a build may have no decoder */
	for (int round = 0; KINDS > 0 && round < 300; round++) {
		const struct kind *kind = &kinds[round % n];
		_str_ struct mod_str file = { 0 }, text = { 0 };
		size_t cut = round % 5 == 3; /* some are broken */
		size_t limit = round % 7 == 4 ? 3 : 1 << 20;

		for (int i = 0; i <= round * 7 % 1000; i++)
			mod_str_addf(&text, "%d ", round + i);
		kind->add(&file, text.at, text.len);
		int r = mod_decompress_with(
			&unpacker, kind->codec,
			(struct mod_bytes){ (uint8_t *)file.at,
					    file.len - cut },
			limit, &out, &why);
		bool big = text.len > limit;
		if (!cut && !big) {
			ck_assert_int_eq(r, 0);
			ck_assert_uint_eq(out.len, text.len);
			ck_assert_mem_eq(out.at, text.at, text.len);
		} else {
			ck_assert(r == -EBADMSG || (big && r == -E2BIG));
		}
	}
}
END_TEST

START_TEST(survives_no_memory)
{
	_str_ struct mod_str file = { 0 };
	char text[20000] = { 0 };

	kinds[_i].add(&file, text, 1);
	kinds[_i].add(&file, text, sizeof text);
	for (size_t n = 0;; n++) {
		_free_ uint8_t *at = NULL;
		size_t len = 0;

		fail_at(n);
		int r = mod_decompress(kinds[_i].codec, bytes_of(&file),
				       MOD_DECOMPRESS_LIMIT, &at, &len, &why);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit) {
			ck_assert_uint_eq(len, 1 + sizeof text);
			ck_assert_uint_gt(n, 0);
			break;
		}
		ck_assert_uint_lt(n, 50);
	}
}
END_TEST

static void *unpack_all(void *data)
{
	struct mod_str *files = data;

	for (int i = 0; i < KINDS; i++) {
		_free_ uint8_t *at = NULL;
		const char *text;
		size_t len;
		int r = mod_decompress(kinds[i].codec, bytes_of(&files[i]), 100,
				       &at, &len, &text);
		if (r < 0 || len != 4 || memcmp(at, "text", 4) != 0)
			return data;
	}
	return NULL;
}

/* Each may be the first that needs a library. */
START_TEST(threads_share_the_libraries)
{
	struct mod_str files[KINDS + 1] = { 0 };
	pthread_t threads[4];
	void *bad;

	for (int i = 0; i < KINDS; i++)
		kinds[i].add(&files[i], "text", 4);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(
			pthread_create(&threads[i], NULL, unpack_all, files),
			0);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &bad), 0);
		ck_assert_ptr_null(bad);
	}
	for (int i = 0; i < KINDS; i++)
		mod_str_fini(&files[i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("decompress");
	TCase *tc = tcase_create("decompress");

	tcase_add_loop_test(tc, the_first_bytes_tell, 0,
			    sizeof heads / sizeof *heads);
	tcase_add_test(tc, codecs_have_names);
	tcase_add_test(tc, reports_codecs_that_are_not_built);
	tcase_add_loop_test(tc, decompresses_one_or_several, 0, KINDS);
	tcase_add_loop_test(tc, decompresses_what_is_long, 0, KINDS);
	tcase_add_loop_test(tc, keeps_the_limit, 0, KINDS);
	tcase_add_loop_test(tc, every_prefix_is_refused, 0, KINDS);
	tcase_add_loop_test(tc, every_wrong_byte_is_safe, 0, KINDS);
	tcase_add_loop_test(tc, minds_what_follows, 0,
			    sizeof tails / sizeof *tails);
	tcase_add_test(tc, gz_checks_its_sum);
	tcase_add_test(tc, xz_checks_its_sum);
	tcase_add_test(tc, xz_keeps_its_memory_limit);
	tcase_add_test(tc, zst_skips_frames);
	tcase_add_loop_test(tc, zst_size_is_a_hint, 0,
			    sizeof says / sizeof *says);
	tcase_add_test(tc, zst_holds_what_it_says);
	tcase_add_test(tc, zst_bomb_is_refused);
	tcase_add_test(tc, unpacker_serves_many_files);
	tcase_add_loop_test(tc, survives_no_memory, 0, KINDS);
	tcase_add_test(tc, threads_share_the_libraries);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
