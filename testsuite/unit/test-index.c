/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <check.h>
#include <errno.h>
#include <stdio.h>

#include "libmod/base/cleanup.h"
#include "libmod/base/match.h"
#include "libmod/index/index.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/index-writer.h"
#include "testsuite/unit/suite.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void bytes_free(struct mod_bytes bytes)
{
	free((void *)bytes.at);
}

static void bytes_freep(struct mod_bytes *bytes)
{
	bytes_free(*bytes);
}

#define _bytes_ _cleanup_(bytes_freep)

/* A copy of exactly that size, so that ASan sees a step too far. */
static struct mod_bytes exact(const void *at, size_t len)
{
	void *copy = malloc(len + !len);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, at, len);
	return (struct mod_bytes){ copy, len };
}

/* That of a loop test's turn. */
static enum index_layout layout_of(int turn)
{
	return (enum index_layout)(turn % INDEX_LAYOUTS);
}

static struct mod_bytes written(const struct index_entry *entries, size_t n,
				enum index_layout layout)
{
	_str_ struct mod_str out = { 0 };
	_free_ struct index_entry *copy = malloc((n + 1) * sizeof *copy);

	ck_assert_ptr_nonnull(copy);
	if (n)
		memcpy(copy, entries, n * sizeof *copy);
	index_write(&out, copy, n, layout);
	ck_assert(!out.bad);
	return exact(out.at, out.len);
}

/* The values found, in order, with a blank behind each. */
static int search(const struct mod_index *index, const char *query,
		  struct mod_str *text)
{
	_cleanup_(mod_index_hits_fini) struct mod_index_hits hits = { 0 };
	int r = mod_index_search(index, query, &hits);

	text->len = 0;
	mod_str_add(text, "");
	for (size_t i = 0; i < hits.n; i++)
		mod_str_addf(text, "%s ", hits.at[i].value);
	return r;
}

static int add_line(void *data, const char *key, size_t key_len,
		    const char *value, size_t value_len)
{
	/* Each assertion is a write: millions of lines cannot afford one. */
	if (key_len != strlen(key) || value_len != strlen(value))
		ck_abort_msg("wrong length of %s=%s", key, value);
	mod_str_addf(data, "%s=%s\n", key, value);
	return 0;
}

/* Everything that a reader can be asked; the first error. */
static int use(struct mod_bytes file, const char *query)
{
	_cleanup_(mod_index_hits_fini) struct mod_index_hits hits = { 0 };
	_str_ struct mod_str text = { 0 };
	struct mod_index index;
	const char *value;
	int r = mod_index_open(&index, file);

	if (r == 0)
		r = mod_index_walk(&index, add_line, &text);
	if (r == 0)
		r = mod_index_search(&index, query, &hits);
	if (r == 0)
		r = mod_index_get(&index, query, &value);
	return r < 0 ? r : 0;
}

static const struct index_entry deps[] = {
	{ .key = "lz", .value = "lz.ko:", .priority = 0 },
	{ .key = "lo", .value = "lo.ko:", .priority = 1 },
	{ .key = "loop", .value = "loop.ko: lo.ko", .priority = 2 },
};

/* What kmod 30 and kmod 34 write for deps. */
#define ZEROS_40                                                               \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"                             \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
static const struct {
	const char *bytes;
	size_t len;
} deps_file[INDEX_LAYOUTS] = {
#define FILE_OF(text)                                                          \
	{                                                                      \
		text, sizeof(text) - 1                                         \
	}
	[INDEX_POST_ORDER] = FILE_OF("\xb0\x07\xf4\x57\0\2\0\1\x20\0\0\x7b"
				     "p\0\0\0\0\1\0\0\0\2loop.ko: lo.ko\0"
				     "oo\xc0\0\0\x0c\0\0\0\1\0\0\0\1lo.ko:\0"
				     "\0\0\0\1\0\0\0\0lz.ko:\0"
				     "oz\x60\0\0\x25" ZEROS_40 "\x40\0\0\x3a"
				     "ll\x20\0\0\x49"),
	[INDEX_PRE_ORDER] = FILE_OF("\xb0\x07\xf4\x57\0\2\0\1\x20\0\0\x0c"
				    "ll\x20\0\0\x12"
				    "oz\x60\0\0\x44" ZEROS_40 "\x40\0\0\x72"
				    "oo\xc0\0\0\x59\0\0\0\1\0\0\0\1lo.ko:\0"
				    "p\0\0\0\0\1\0\0\0\2loop.ko: lo.ko\0"
				    "\0\0\0\1\0\0\0\0lz.ko:\0"),
};

START_TEST(test_writer_writes_as_depmod_does)
{
	_bytes_ struct mod_bytes file =
		written(deps, COUNT(deps), layout_of(_i));

	ck_assert_uint_eq(file.len, deps_file[_i].len);
	ck_assert_mem_eq(file.at, deps_file[_i].bytes, file.len);
}
END_TEST

START_TEST(reads_both_layouts)
{
	_bytes_ struct mod_bytes file =
		exact(deps_file[_i].bytes, deps_file[_i].len);
	_str_ struct mod_str text = { 0 };
	struct mod_index index;
	const char *value;

	ck_assert_int_eq(mod_index_open(&index, file), 0);
	ck_assert_int_eq(mod_index_get(&index, "loop", &value), 0);
	ck_assert_str_eq(value, "loop.ko: lo.ko");
	ck_assert_int_eq(mod_index_get(&index, "lz", &value), 0);
	ck_assert_str_eq(value, "lz.ko:");
	ck_assert_int_eq(search(&index, "lo", &text), 0);
	ck_assert_str_eq(text.at, "lo.ko: ");
	text.len = 0;
	ck_assert_int_eq(mod_index_walk(&index, add_line, &text), 0);
	ck_assert_str_eq(text.at,
			 "lo=lo.ko:\nloop=loop.ko: lo.ko\nlz=lz.ko:\n");
}
END_TEST

START_TEST(get_takes_the_whole_key_only)
{
	static const char *const absent[] = { "",     "l",    "loo", "loops",
					      "loox", "lx",   "a",   "z",
					      "*",    "loo?", "lO",  "\xff" };
	_bytes_ struct mod_bytes file =
		written(deps, COUNT(deps), layout_of(_i));
	struct mod_index index;
	const char *value = "untouched";

	ck_assert_int_eq(mod_index_open(&index, file), 0);
	for (size_t i = 0; i < COUNT(absent); i++)
		ck_assert_int_eq(mod_index_get(&index, absent[i], &value), 1);
	ck_assert_str_eq(value, "untouched");
}
END_TEST

START_TEST(get_gives_the_first_value)
{
	static const struct index_entry entries[] = {
		{ .key = "k", .value = "second", .priority = 7 },
		{ .key = "k", .value = "first", .priority = 3 },
	};
	_bytes_ struct mod_bytes file =
		written(entries, COUNT(entries), layout_of(_i));
	struct mod_index index;
	const char *value;

	ck_assert_int_eq(mod_index_open(&index, file), 0);
	ck_assert_int_eq(mod_index_get(&index, "k", &value), 0);
	ck_assert_str_eq(value, "first");
}
END_TEST

START_TEST(nothing_is_in_an_empty_file)
{
	static const char header[] = "\xb0\x07\xf4\x57\0\2\0\1\0\0\0\x0c";
	static const size_t sizes[] = { 0, 12 };
	_bytes_ struct mod_bytes file = exact(header, sizes[_i]);
	_str_ struct mod_str text = { 0 };
	struct mod_index index;
	const char *value;

	ck_assert_int_eq(mod_index_open(&index, file), 0);
	ck_assert_int_eq(mod_index_get(&index, "a", &value), 1);
	ck_assert_int_eq(mod_index_get(&index, "", &value), 1);
	ck_assert_int_eq(search(&index, "a", &text), 0);
	ck_assert_int_eq(mod_index_walk(&index, add_line, &text), 0);
	ck_assert_str_eq(text.at, "");
}
END_TEST

static const struct index_entry aliases[] = {
	{ .key = "t*b", .value = "bi3" },
	{ .key = "ti?b", .value = "bi_two" },
	{ .key = "ti[a-f]b", .value = "bi3" },
	{ .key = "tie*", .value = "bi" },
	{ .key = "tie*", .value = "bi_two" },
	{ .key = "tie*", .value = "bi3" },
	{ .key = "tieb", .value = "bi" },
	{ .key = "pci:v*d*sv*", .value = "late", .priority = 9 },
	{ .key = "pci:v8086d*sv*", .value = "early", .priority = 1 },
	{ .key = "pci:v8086d10D3sv*", .value = "middle", .priority = 5 },
	{ .key = "pci:v8086d10D3sv?", .value = "middle", .priority = 5 },
	{ .key = "q[0-9]z", .value = "digit" },
	{ .key = "q[!0-9]z", .value = "other" },
	{ .key = "q[0", .value = "open" },
	{ .key = "q[]z", .value = "never closed" },
	{ .key = "e*\\*\\[", .value = "escaped" },
	{ .key = "a/*", .value = "slash" },
	{ .key = "x**y", .value = "stars" },
	{ .key = "lone", .value = "" },
};

static const struct {
	const char *query, *want;
} answers[] = {
	{ "tieb", "bi bi bi_two bi3 bi3 bi_two bi3 " },
	{ "tiab", "bi3 bi_two bi3 " },
	{ "tizb", "bi_two bi3 " },
	{ "tie", "bi bi_two bi3 " },
	{ "tib", "bi3 " },
	{ "ti", "" },
	{ "", "" },
	{ "pci:v8086d10D3sv1", "early middle middle late " },
	{ "pci:v8086d10D3sv", "early middle late " },
	{ "pci:v1d2sv3", "late " },
	{ "pci:v1d2s", "" },
	{ "q5z", "digit " },
	{ "qaz", "other " },
	{ "q[0-9]z", "" },
	{ "q[0", "open " },
	{ "q[]z", "never closed " },
	{ "e1*[", "escaped " },
	{ "e*[", "escaped " },
	{ "e1x[", "" },
	{ "a/b/.c", "slash " },
	{ "a/.c", "slash " },
	{ "xy", "stars " },
	{ "xyyy", "stars " },
	{ "lone", " " },
	/* A wildcard in the query is a byte; both ways lead to its key. */
	{ "t*b", "bi3 bi3 " },
	{ "ti?b", "bi_two bi_two bi3 " },
	{ "*", "" },
};

START_TEST(answers_in_order)
{
	size_t row = (size_t)_i / INDEX_LAYOUTS;
	_bytes_ struct mod_bytes file =
		written(aliases, COUNT(aliases), layout_of(_i));
	_str_ struct mod_str text = { 0 };
	struct mod_index index;

	ck_assert_int_eq(mod_index_open(&index, file), 0);
	ck_assert_int_eq(search(&index, answers[row].query, &text), 0);
	ck_assert_msg(strcmp(text.at, answers[row].want) == 0,
		      "%s: got %s, want %s", answers[row].query, text.at,
		      answers[row].want);
}
END_TEST

START_TEST(search_appends)
{
	_bytes_ struct mod_bytes file =
		written(aliases, COUNT(aliases), layout_of(_i));
	_cleanup_(mod_index_hits_fini) struct mod_index_hits hits = { 0 };
	struct mod_index index;

	ck_assert_int_eq(mod_index_open(&index, file), 0);
	ck_assert_int_eq(mod_index_search(&index, "pci:v1d2sv3", &hits), 0);
	ck_assert_int_eq(mod_index_search(&index, "tizb", &hits), 0);
	ck_assert_uint_eq(hits.n, 3);
	ck_assert_str_eq(hits.at[0].value, "late");
	ck_assert_uint_eq(hits.at[0].priority, 9);
	ck_assert_str_eq(hits.at[1].value, "bi_two");
	ck_assert_str_eq(hits.at[2].value, "bi3");
}
END_TEST

/* The order of an answer, said once more and slowly. */

struct match {
	const struct index_entry *entry;
	size_t at;  /* of the key's first wildcard, or its length */
	int wild;   /* rank of that wildcard */
	size_t row; /* of the entry, in byte order of keys */
};

static bool matches(struct match *m, const char *query)
{
	static const char ranks[] = "*?[";
	const char *key = m->entry->key;
	const char *wild = strpbrk(key, ranks);

	m->at = wild ? (size_t)(wild - key) : strlen(key);
	m->wild = wild ? (int)(strchr(ranks, *wild) - ranks) : 3;
	if (!wild)
		return strcmp(key, query) == 0;
	return strncmp(key, query, m->at) == 0 &&
		mod_match(wild, query + m->at);
}

/* Below a wildcard a longer key comes before the one that it begins with. */
static int by_sweep(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	if (!*a || !*b)
		return !*a - !*b;
	return (uint8_t)*a - (uint8_t)*b;
}

static int by_finding(const void *a, const void *b)
{
	const struct match *x = a, *y = b;
	int order;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->wild != y->wild)
		return x->wild - y->wild;
	order = by_sweep(x->entry->key, y->entry->key);
	return order ? order : x->row < y->row ? -1 : 1;
}

/* Lowest priority first; among equals the last found first. */
static void put_in_answer(struct match *m, size_t n, struct mod_str *text)
{
	qsort(m, n, sizeof *m, by_finding);
	text->len = 0;
	mod_str_add(text, "");
	for (uint32_t priority = 0; priority < 4; priority++)
		for (size_t i = n; i-- > 0;)
			if (m[i].entry->priority == priority)
				mod_str_addf(text, "%s ", m[i].entry->value);
}

static void slow_search(const struct index_entry *sorted, size_t n,
			const char *query, struct mod_str *text)
{
	struct match m[256];
	size_t found = 0;

	ck_assert_uint_le(n, COUNT(m));
	for (size_t i = 0; i < n; i++) {
		m[found] = (struct match){ .entry = &sorted[i], .row = i };
		found += matches(&m[found], query);
	}
	put_in_answer(m, found, text);
}

enum { RANDOM_KEYS = 60, RANDOM_QUERIES = 60, RANDOM_TRIES = 200, GROUP = 20 };

static void random_text(char *text, const char *const *pieces, size_t n,
			unsigned *seed)
{
	int count = rand_r(seed) % 7 + 1;

	while (count--)
		text = stpcpy(text, pieces[(size_t)rand_r(seed) % n]);
}

static size_t random_entries(struct index_entry *entries, char (*keys)[64],
			     char (*values)[16], unsigned *seed)
{
	static const char *const pieces[] = {
		"a",     "a",    "b", "ab", "c", "*",   "*",    "?",
		"[a-b]", "[!a]", "[", "]",  ":", "\\b", "[]a]", "\xe9",
	};
	size_t n = (size_t)rand_r(seed) % RANDOM_KEYS + 1;

	for (size_t i = 0; i < n; i++) {
		random_text(keys[i], pieces, COUNT(pieces), seed);
		snprintf(values[i], sizeof values[i], "v%zu", i);
		entries[i] = (struct index_entry){
			.key = keys[i],
			.value = values[i],
			.priority = (uint32_t)rand_r(seed) % 4,
		};
	}
	return n;
}

static void answer_as_the_slow_way_does(unsigned seed)
{
	static const char *const pieces[] = { "a", "a", "b", "ab",  "c",
					      ":", "]", "-", "\xe9" };
	struct index_entry entries[RANDOM_KEYS];
	char keys[RANDOM_KEYS][64], values[RANDOM_KEYS][16], query[64];
	enum index_layout layout = seed % INDEX_LAYOUTS;
	size_t n = random_entries(entries, keys, values, &seed);
	_bytes_ struct mod_bytes file = written(entries, n, layout);
	_str_ struct mod_str got = { 0 }, want = { 0 };
	struct mod_index index;

	qsort(entries, n, sizeof *entries, index_by_key);
	ck_assert_int_eq(mod_index_open(&index, file), 0);
	for (int i = 0; i < RANDOM_QUERIES; i++) {
		random_text(query, pieces, COUNT(pieces), &seed);
		slow_search(entries, n, query, &want);
		ck_assert_int_eq(search(&index, query, &got), 0);
		ck_assert_msg(strcmp(got.at, want.at) == 0,
			      "%s: got %s, want %s", query, got.at, want.at);
	}
}

START_TEST(answers_as_the_slow_way_does)
{
	for (int i = 0; i < GROUP; i++)
		answer_as_the_slow_way_does((unsigned)(_i * GROUP + i));
}
END_TEST

static void walk_all_that_was_written(unsigned seed)
{
	struct index_entry entries[RANDOM_KEYS];
	char keys[RANDOM_KEYS][64], values[RANDOM_KEYS][16];
	enum index_layout layout = seed % INDEX_LAYOUTS;
	size_t n = random_entries(entries, keys, values, &seed);
	_bytes_ struct mod_bytes file = written(entries, n, layout);
	_str_ struct mod_str got = { 0 }, want = { 0 };
	struct mod_index index;
	const char *value;

	for (size_t i = 0; i < n; i++)
		entries[i].added = i;
	qsort(entries, n, sizeof *entries, index_by_key);
	ck_assert_int_eq(mod_index_open(&index, file), 0);
	for (size_t i = 0; i < n; i++) {
		const char *key = entries[i].key;
		mod_str_addf(&want, "%s=%s\n", key, entries[i].value);
		ck_assert_int_eq(mod_index_get(&index, key, &value), 0);
		if (i == 0 || strcmp(key, entries[i - 1].key) != 0)
			ck_assert_str_eq(value, entries[i].value);
	}
	ck_assert_int_eq(mod_index_walk(&index, add_line, &got), 0);
	ck_assert_str_eq(got.at, want.at);
}

START_TEST(walks_all_that_was_written)
{
	for (int i = 0; i < GROUP; i++)
		walk_all_that_was_written((unsigned)(_i * GROUP + i));
}
END_TEST

/* A long common part and two that end it: prefixes of all lengths in front of
 * a table and behind it, over each size that the key's memory grows to.
 */
START_TEST(walks_prefixes_of_every_length)
{
	enum { LONG = 300 };
	char keys[3][2 * LONG];
	struct index_entry entries[3];
	_str_ struct mod_str got = { 0 }, want = { 0 };
	struct mod_index index;

	for (size_t n = 1; n < LONG; n++) {
		memset(keys, 'p', sizeof keys);
		keys[1][n] = 'q';
		keys[2][n] = 'r';
		got.len = want.len = 0;
		for (size_t i = 0; i < 3; i++) {
			entries[i] = (struct index_entry){ .key = keys[i],
							   .value = "v" };
			keys[i][i ? n + 1 + n / i : n] = '\0';
			mod_str_addf(&want, "%s=v\n", keys[i]);
		}
		_bytes_ struct mod_bytes file =
			written(entries, 3, layout_of(_i));
		ck_assert_int_eq(mod_index_open(&index, file), 0);
		ck_assert_int_eq(mod_index_walk(&index, add_line, &got), 0);
		if (strcmp(got.at, want.at) != 0)
			ck_abort_msg("%zu: got %s, want %s", n, got.at,
				     want.at);
	}
}
END_TEST

static int stop_at_loop(void *data, const char *key, size_t key_len,
			const char *value, size_t value_len)
{
	(void)key_len;
	(void)value;
	(void)value_len;
	++*(int *)data;
	return strcmp(key, "loop") == 0 ? -ECANCELED : 0;
}

START_TEST(walk_ends_when_told)
{
	_bytes_ struct mod_bytes file =
		written(deps, COUNT(deps), layout_of(_i));
	struct mod_index index;
	int calls = 0;

	ck_assert_int_eq(mod_index_open(&index, file), 0);
	ck_assert_int_eq(mod_index_walk(&index, stop_at_loop, &calls),
			 -ECANCELED);
	ck_assert_int_eq(calls, 2);
}
END_TEST

/* Each row breaks one number in the pre-order file of deps. */
static const struct broken {
	const char *what;
	size_t at, size;
	uint32_t value;
	int want;
} broken[] = {
	{ "no magic", 0, 4, 0xb007fa57, -ENOEXEC },
	{ "older version", 4, 2, 1, -EOPNOTSUPP },
	{ "newer version", 4, 2, 3, -EOPNOTSUPP },
	{ "other minor version", 6, 2, 9, 0 },
	{ "root at 0", 8, 4, 0x20000000, -EBADMSG },
	{ "root in the header", 8, 4, 0x2000000b, -EBADMSG },
	{ "root at the end", 8, 4, 0x20000081, -EBADMSG },
	{ "root behind the end", 8, 4, 0x20000082, -EBADMSG },
	{ "root far outside", 8, 4, 0x2fffffff, -EBADMSG },
	{ "root is its own child", 14, 4, 0x2000000c, -EBADMSG },
	{ "child is its parent", 20, 4, 0x2000000c, -EBADMSG },
	{ "child in the header", 20, 4, 0x60000004, -EBADMSG },
	{ "child behind the end", 20, 4, 0x60000082, -EBADMSG },
	{ "last byte before the first", 12, 2, 0x6d6c, -EBADMSG },
	{ "first byte is NUL", 12, 1, 0, -EBADMSG },
	{ "slots behind the end", 12, 2, 0x6cff, -EBADMSG },
	{ "too many values", 0x4a, 4, 0xffffffff, -EBADMSG },
	{ "values run out", 0x5b, 4, 4, -EBADMSG },
	{ "shared node", 0x40, 4, 0x60000044, -EBADMSG },
};

START_TEST(refuses_broken)
{
	const struct broken *b = &broken[_i];
	_bytes_ struct mod_bytes file = exact(deps_file[INDEX_PRE_ORDER].bytes,
					      deps_file[INDEX_PRE_ORDER].len);
	uint8_t *at = (uint8_t *)file.at + b->at;

	for (size_t i = 0; i < b->size; i++)
		at[i] = b->value >> (8 * (b->size - 1 - i)) & 0xff;
	int r = use(file, "loop");
	ck_assert_msg(r == b->want, "%s: got %d, want %d", b->what, r, b->want);
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	_bytes_ struct mod_bytes whole =
		written(aliases, COUNT(aliases), INDEX_PRE_ORDER);

	for (size_t n = 1; n < whole.len; n++) {
		_bytes_ struct mod_bytes cut = exact(whole.at, n);
		ck_assert_int_eq(use(cut, "tieb"), n < 4 ? -ENOEXEC : -EBADMSG);
	}
}
END_TEST

START_TEST(every_changed_byte_is_safe)
{
	_bytes_ struct mod_bytes file =
		written(aliases, COUNT(aliases), layout_of(_i));
	uint8_t *at = (uint8_t *)file.at;

	for (size_t i = 0; i < file.len; i++) {
		static const uint8_t by[] = {
			0x01, 0x04, 0x20, 0x40, 0x80, 0xff
		};
		for (size_t k = 0; k < COUNT(by); k++) {
			at[i] ^= by[k];
			ck_assert_int_le(use(file, "tieb"), 0);
			at[i] ^= by[k];
		}
	}
}
END_TEST

/* Hostile files; each is nothing but nodes of 255 slots. */
enum { WIDE = 255, WIDE_SIZE = 2 + WIDE * 4 };

static struct mod_bytes wide_nodes(size_t n, size_t (*target)(size_t, size_t))
{
	_str_ struct mod_str out = { 0 };

	index_put_u32(&out, 0xb007f457);
	index_put_u32(&out, 0x00020001);
	index_put_u32(&out, 0x20000000 | 12);
	for (size_t i = 0; i < n; i++) {
		mod_str_addn(&out, "\x01\xff", 2);
		for (size_t c = 1; c <= WIDE; c++)
			index_put_u32(
				&out,
				(uint32_t)(0x20000000 |
					   (12 + target(i, n) * WIDE_SIZE)));
	}
	ck_assert(!out.bad);
	return exact(out.at, out.len);
}

static size_t to_itself(size_t i, size_t n)
{
	(void)n;
	return i;
}

static size_t to_next(size_t i, size_t n)
{
	return i + 1 < n ? i + 1 : i;
}

static size_t to_first(size_t i, size_t n)
{
	(void)i;
	(void)n;
	return 0;
}

START_TEST(rings_and_bombs_end_soon)
{
	static const struct {
		size_t n;
		size_t (*target)(size_t, size_t);
	} rows[] = { { 1, to_itself },  { 20, to_itself }, { 20, to_first },
		     { 20, to_next },   { 2000, to_next }, { 9000, to_next },
		     { 2000, to_first } };
	_bytes_ struct mod_bytes file = wide_nodes(rows[_i].n, rows[_i].target);
	_str_ struct mod_str text = { 0 };
	char query[600];
	struct mod_index index;
	const char *value;

	memset(query, 'a', sizeof query);
	query[sizeof query - 1] = '\0';
	ck_assert_int_eq(mod_index_open(&index, file), 0);
	ck_assert_int_eq(mod_index_walk(&index, add_line, &text), -EBADMSG);
	ck_assert_int_eq(search(&index, query, &text), -EBADMSG);
	ck_assert_int_eq(mod_index_get(&index, query, &value), 1);
}
END_TEST

/* "a", "aa", ...: as many nodes below each other as a key may have bytes. */
START_TEST(takes_the_longest_keys)
{
	enum { LONG = 4000 };
	_free_ struct index_entry *entries = calloc(LONG, sizeof *entries);
	_free_ char *longest = malloc(LONG + 1);
	_str_ struct mod_str text = { 0 };
	struct mod_index index;
	const char *value;

	memset(longest, '*', LONG);
	longest[LONG] = '\0';
	for (size_t i = 0; i < LONG; i++)
		entries[i] = (struct index_entry){ .key = longest + i,
						   .value = "v" };
	_bytes_ struct mod_bytes file = written(entries, LONG, layout_of(_i));
	ck_assert_int_eq(mod_index_open(&index, file), 0);
	ck_assert_int_eq(mod_index_get(&index, longest, &value), 0);
	ck_assert_int_eq(search(&index, "x", &text), 0);
	ck_assert_uint_eq(text.len, 2U * LONG);
	text.len = 0;
	ck_assert_int_eq(mod_index_walk(&index, add_line, &text), 0);
}
END_TEST

START_TEST(takes_a_query_of_any_length)
{
	static const struct index_entry entries[] = {
		{ .key = "*aaab", .value = "end" },
		{ .key = "*a*a*b", .value = "stars" },
		{ .key = "[a]*b*", .value = "bracket" },
		{ .key = "*aac", .value = "none" },
	};
	_bytes_ struct mod_bytes file =
		written(entries, COUNT(entries), layout_of(_i));
	_str_ struct mod_str text = { 0 };
	struct mod_index index;
	char query[5000];

	ck_assert_int_eq(mod_index_open(&index, file), 0);
	for (size_t n = 60; n < sizeof query; n += n < 200 ? 1 : 601) {
		memset(query, 'a', n);
		query[n - 1] = 'b';
		query[n] = '\0';
		ck_assert_int_eq(search(&index, query, &text), 0);
		ck_assert_str_eq(text.at, "bracket end stars ");
	}
}
END_TEST

/* "*", "*b", "*bb" ...: each is a level of the search, and a hit. */
enum { DEEP = 200 };
static char deep_keys[DEEP][DEEP + 1];

static struct mod_bytes written_deep(void)
{
	static struct index_entry entries[DEEP];

	for (size_t i = 0; i < DEEP; i++) {
		deep_keys[i][0] = '*';
		memset(deep_keys[i] + 1, 'b', i);
		entries[i] = (struct index_entry){ .key = deep_keys[i],
						   .value = deep_keys[i] };
	}
	return written(entries, DEEP, INDEX_PRE_ORDER);
}

/* How many allocations it made, each of which failed once. */
static size_t search_without_memory(const struct mod_index *index,
				    const char *query, size_t *found)
{
	for (size_t n = 0;; n++) {
		_cleanup_(
			mod_index_hits_fini) struct mod_index_hits hits = { 0 };
		fail_at(n);
		int r = mod_index_search(index, query, &hits);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit) {
			for (size_t i = 0; i < hits.n; i++)
				ck_assert_int_ne(*hits.at[i].value, '\0');
			*found = hits.n;
			return n;
		}
	}
}

START_TEST(search_survives_no_memory)
{
	_bytes_ struct mod_bytes file =
		written(aliases, COUNT(aliases), INDEX_PRE_ORDER);
	_bytes_ struct mod_bytes deep = written_deep();
	struct mod_index index;
	size_t found;

	ck_assert_int_eq(mod_index_open(&index, file), 0);
	ck_assert_uint_gt(search_without_memory(&index, "tieb", &found), 0);
	ck_assert_uint_gt(found, 0);
	ck_assert_int_eq(mod_index_open(&index, deep), 0);
	/* 16 hits grow to 256 in four steps, and there are levels, too. */
	ck_assert_uint_gt(
		search_without_memory(&index, deep_keys[DEEP - 1] + 1, &found),
		5);
	ck_assert_uint_eq(found, DEEP);
}
END_TEST

static int no_line(void *data, const char *key, size_t key_len,
		   const char *value, size_t value_len)
{
	(void)key;
	(void)value;
	*(size_t *)data += key_len + value_len;
	return 0;
}

START_TEST(walk_survives_no_memory)
{
	_bytes_ struct mod_bytes file =
		written(aliases, COUNT(aliases), INDEX_PRE_ORDER);
	struct mod_index index;
	size_t bytes = 0;

	ck_assert_int_eq(mod_index_open(&index, file), 0);
	for (size_t n = 0;; n++) {
		fail_at(n);
		int r = mod_index_walk(&index, no_line, &bytes);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("index");
	TCase *tc = tcase_create("index");

	tcase_add_loop_test(tc, test_writer_writes_as_depmod_does, 0,
			    INDEX_LAYOUTS);
	tcase_add_loop_test(tc, reads_both_layouts, 0, INDEX_LAYOUTS);
	tcase_add_loop_test(tc, get_takes_the_whole_key_only, 0, INDEX_LAYOUTS);
	tcase_add_loop_test(tc, get_gives_the_first_value, 0, INDEX_LAYOUTS);
	tcase_add_loop_test(tc, nothing_is_in_an_empty_file, 0, 2);
	tcase_add_loop_test(tc, answers_in_order, 0,
			    COUNT(answers) * INDEX_LAYOUTS);
	tcase_add_loop_test(tc, search_appends, 0, INDEX_LAYOUTS);
	tcase_add_loop_test(tc, answers_as_the_slow_way_does, 0,
			    RANDOM_TRIES / GROUP);
	tcase_add_loop_test(tc, walks_all_that_was_written, 0,
			    RANDOM_TRIES / GROUP);
	tcase_add_loop_test(tc, walks_prefixes_of_every_length, 0,
			    INDEX_LAYOUTS);
	tcase_add_loop_test(tc, walk_ends_when_told, 0, INDEX_LAYOUTS);
	tcase_add_loop_test(tc, refuses_broken, 0, COUNT(broken));
	tcase_add_test(tc, every_prefix_is_refused);
	tcase_add_loop_test(tc, every_changed_byte_is_safe, 0, INDEX_LAYOUTS);
	tcase_add_loop_test(tc, rings_and_bombs_end_soon, 0, 7);
	tcase_add_loop_test(tc, takes_the_longest_keys, 0, INDEX_LAYOUTS);
	tcase_add_loop_test(tc, takes_a_query_of_any_length, 0, INDEX_LAYOUTS);
	tcase_add_test(tc, search_survives_no_memory);
	tcase_add_test(tc, walk_survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
