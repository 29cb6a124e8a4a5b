/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/cycles.h"
#include "libmod/depmod/graph.h"
#include "libmod/depmod/kmod-hash.h"
#include "libmod/depmod/output.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MODULES_MAX = 300 };

/* WORD_fn for each of the words, which are parted by commas. */
static void add_symbols(struct mod_str *out, const char *words, bool binds,
			uint32_t *count, uint32_t *bytes)
{
	_str_ struct mod_str hashes = { 0 }, places = { 0 }, names = { 0 };
	_free_ char *copy = strdup(words);
	char *rest = copy, *word;
	const char zeros[16] = { 0 };
	uint32_t n = 0;

	while ((word = strsep(&rest, ","))) {
		char name[64];
		if (!*word)
			continue;
		snprintf(name, sizeof name, "%s_fn", word);
		size_t dot = binds && *name == '.';
		uint32_t hash = htole32(mod_kmod_hash(name + dot));
		uint32_t place = htole32((uint32_t)names.len);
		mod_str_addn(&hashes, &hash, sizeof hash);
		mod_str_addn(&places, &place, sizeof place);
		mod_str_addn(&names, name, strlen(name) + 1);
		n++;
	}
	mod_str_addn(out, hashes.at ? hashes.at : "", hashes.len);
	for (uint32_t i = 0; i < n; i++)
		mod_str_addn(out, zeros, 8);
	mod_str_addn(out, places.at ? places.at : "", places.len);
	for (uint32_t i = 0; binds && i < n; i++)
		mod_str_addn(out, "U", 1);
	mod_str_addn(out, names.at ? names.at : "", names.len);
	*count = htole32(n);
	*bytes = htole32((uint32_t)names.len);
}

/* A record that exports NAME_fn and needs what the words name. */
static void write_record(struct mod_str *out, const char *name,
			 const char *needs)
{
	uint32_t counts[2 + MOD_RECORD_TEXTS + 2] = { 0 };
	uint32_t *bytes = counts + 2 + MOD_RECORD_TEXTS;
	size_t at = out->len;

	mod_str_addn(out, counts, sizeof counts);
	add_symbols(out, name, false, &counts[0], &bytes[0]);
	add_symbols(out, needs ? needs : "", true, &counts[1], &bytes[1]);
	memcpy(out->at + at, counts, sizeof counts);
}

struct made {
	struct mod_graph graph;
	char *text;
	struct mod_str records[MODULES_MAX];
	char said[4096];
};

static void hear_cycle(void *data, const struct mod_graph *graph,
		       const uint32_t *ring, uint32_t n)
{
	struct made *m = data;
	size_t len = strlen(m->said);

	for (uint32_t i = 0; i <= n && len < sizeof m->said; i++)
		len += (size_t)snprintf(m->said + len, sizeof m->said - len,
					"%s%s", graph->at[ring[i % n]].name,
					i < n ? " " : ";");
}

static void hear_unknown(void *data, const struct mod_graph_module *module,
			 const char *symbol)
{
	struct made *m = data;
	size_t len = strlen(m->said);

	snprintf(m->said + len, sizeof m->said - len, "%s?%s;", module->name,
		 symbol);
}

/* Modules as in "a:b,c b:a": a needs b and c. */
static void make(struct made *m, const char *spec)
{
	char *rest, *part;

	*m = (struct made){ .text = strdup(spec) };
	m->graph.at = calloc(MODULES_MAX, sizeof *m->graph.at);
	rest = m->text;
	while ((part = strsep(&rest, " "))) {
		uint32_t i = m->graph.n++;
		char *name = strsep(&part, ":");
		write_record(&m->records[i], name, part);
		struct mod_graph_module *module = &m->graph.at[i];
		*module = (struct mod_graph_module){
			.name = name, .path = name, .key = name, .tag = i
		};
		ck_assert_int_eq(
			mod_record_open(
				&module->record,
				(struct mod_bytes){ (uint8_t *)m->records[i].at,
						    m->records[i].len }),
			0);
	}
}

static void made_fini(struct made *m)
{
	mod_graph_fini(&m->graph);
	for (size_t i = 0; i < MODULES_MAX; i++)
		mod_str_fini(&m->records[i]);
	free(m->text);
}

static int build(struct made *m, uint32_t *has_cycles)
{
	const struct mod_graph_report report = { .unknown = hear_unknown,
						 .data = m };

	int r = mod_graph_build(&m->graph, 0, &report);
	if (r != 1)
		return r;
	r = mod_cycles_each(&m->graph, hear_cycle, m, has_cycles);
	return r < 0 ? r : 1;
}

static const struct {
	const char *spec, *said;
	uint32_t has_cycles;
} rings[] = {
	{ "a:b b:a", "a b a;", 2 },
	{ "a:a", "a a;", 1 },
	{ "a:b b:c c:a d:a", "a b c a;", 3 },
	{ "a:b,c b:a c:a", "a c a;a b a;", 3 },
	{ "a:b b:a x:y y:x", "a b a;x y x;", 4 },
	/* kmod goes round for ever, */
	{ "a:b b:a,c c:d d:c", "a b a;c d c;", 4 },
	/* and gives up here. */
	{ "a:b,c,d b:a,c,d c:a,b,d d:a,b,c", "a d c b a;a d c a;a d a;", 4 },
	{ "a:b b:a c:", "a b a;", 2 },
	{ "a:b b:c,a c:", "a b a;", 2 },
};

START_TEST(tells_of_rings)
{
	struct made m;
	uint32_t has_cycles;

	make(&m, rings[_i].spec);
	ck_assert_int_eq(build(&m, &has_cycles), 1);
	ck_assert_str_eq(m.said, rings[_i].said);
	ck_assert_uint_eq(has_cycles, rings[_i].has_cycles);
	made_fini(&m);
}
END_TEST

/* Each needs all others: more cycles than could ever be told. */
START_TEST(a_dense_graph_ends)
{
	_str_ struct mod_str spec = { 0 };
	struct made m;
	uint32_t has_cycles;

	for (int i = 0; i < 60; i++) {
		mod_str_addf(&spec, "%sm%d:", i ? " " : "", i);
		for (int k = 0; k < 60; k++)
			mod_str_addf(&spec, "m%d,", k);
	}
	make(&m, spec.at);
	ck_assert_int_eq(build(&m, &has_cycles), 1);
	ck_assert_uint_eq(has_cycles, 60);
	made_fini(&m);
}
END_TEST

static const struct {
	const char *spec, *dep;
} orders[] = {
	{ "a: b: c:", "a:\nb:\nc:\n" },
	{ "a:b b:c c:", "a: b c\nb: c\nc:\n" },
	{ "a:c,b b:c c:", "a: b c\nb: c\nc:\n" },
	{ "a:b,b,b b:", "a: b\nb:\n" },
	{ "a:b,c b:d c:d d:", "a: c b d\nb: d\nc: d\nd:\n" },
	{ "x:l y:l,x l:", "x: l\ny: x l\nl:\n" },
	{ "a:nosuch", "a:\n" },
};

START_TEST(dependents_stand_before_what_they_need)
{
	_str_ struct mod_str out = { 0 };
	const struct mod_output_input input = { 0 };
	struct made m;
	uint32_t has_cycles;

	make(&m, orders[_i].spec);
	ck_assert_int_eq(build(&m, &has_cycles), 0);
	ck_assert_int_eq(
		mod_output_write(&m.graph, &input, MOD_OUTPUT_DEP, &out), 0);
	ck_assert_str_eq(out.at, orders[_i].dep);
	made_fini(&m);
}
END_TEST

/* Whether or not unknown symbols are reported, and with a dot in front. */
START_TEST(needs_are_found_in_silence_too)
{
	const struct mod_graph_report report = { 0 };
	struct made m;

	make(&m, "a:.b,nosuch,c b: c:.nosuch");
	ck_assert_int_eq(mod_graph_build(&m.graph, _i ? '_' : 0, &report), 0);
	ck_assert_uint_eq(m.graph.at[0].dep_count, 2);
	ck_assert_uint_eq(m.graph.at[0].deps[0], 1);
	ck_assert_uint_eq(m.graph.at[0].deps[1], 2);
	ck_assert_uint_eq(m.graph.at[1].dep_count, 0);
	ck_assert_uint_eq(m.graph.at[2].dep_count, 0);
	made_fini(&m);
}
END_TEST

START_TEST(a_prefix_is_dropped)
{
	const struct mod_graph_report report = { 0 };
	struct made m;

	make(&m, "a:_b,._c,_ b: _c: _:");
	ck_assert_int_eq(mod_graph_build(&m.graph, '_', &report), 0);
	ck_assert_uint_eq(m.graph.at[0].dep_count, 3);
	for (uint32_t i = 0; i < 3; i++)
		ck_assert_uint_eq(m.graph.at[0].deps[i], i + 1);
	made_fini(&m);
}
END_TEST

START_TEST(unknown_symbols_are_told)
{
	struct made m;
	uint32_t has_cycles;

	make(&m, "a:x,kernel,b b:y");
	ck_assert_int_eq(mod_graph_add_kernel(&m.graph, "kernel_fn", 0), 0);
	ck_assert_int_eq(build(&m, &has_cycles), 0);
	ck_assert_str_eq(m.said, "a?x_fn;b?y_fn;");
	made_fini(&m);
}
END_TEST

static const char *order_of(struct made *m, const char *text)
{
	static char names[128];
	size_t len = 0;

	ck_assert_int_eq(
		mod_graph_order(&m->graph, text, text ? strlen(text) : 0), 0);
	*names = '\0';
	for (uint32_t i = 0; i < m->graph.n; i++)
		len += (size_t)snprintf(names + len, sizeof names - len, "%s ",
					m->graph.at[i].name);
	return names;
}

/* Hashes modulo 512: drm 6, printk 465, ext4 278, ab 324, abc 394. */
static const struct {
	const char *lines, *names;
} lists[] = {
	{ NULL, "drm ext4 ab abc printk " },
	{ "", "drm ext4 ab abc printk " },
	{ "printk\nab\n", "printk ab drm ext4 abc " },
	{ "nosuch\nabc\nprintk\nabc\n", "abc printk drm ext4 ab " },
	{ "./abc\nabc \nabc\r\n", "drm ext4 ab abc printk " },
};

START_TEST(modules_order_goes_first)
{
	struct made m;

	make(&m, "abc: printk: ext4: ab: drm:");
	ck_assert_str_eq(order_of(&m, lists[_i].lines), lists[_i].names);
	made_fini(&m);
}
END_TEST

START_TEST(survives_no_memory)
{
	for (size_t n = 0;; n++) {
		struct made m;
		uint32_t has_cycles;

		make(&m, _i ? "a:b b:a" : "a:b,c b:d c:d d:");
		fail_at(n);
		int r = mod_graph_order(&m.graph, "b\n", 2);
		if (r == 0)
			r = build(&m, &has_cycles);
		bool hit = fail_off();
		made_fini(&m);
		ck_assert_int_eq(r, hit ? -ENOMEM : _i);
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("graph");
	TCase *tc = tcase_create("graph");

	tcase_add_loop_test(tc, tells_of_rings, 0,
			    sizeof rings / sizeof *rings);
	tcase_add_test(tc, a_dense_graph_ends);
	tcase_add_loop_test(tc, dependents_stand_before_what_they_need, 0,
			    sizeof orders / sizeof *orders);
	tcase_add_loop_test(tc, needs_are_found_in_silence_too, 0, 2);
	tcase_add_test(tc, a_prefix_is_dropped);
	tcase_add_test(tc, unknown_symbols_are_told);
	tcase_add_loop_test(tc, modules_order_goes_first, 0,
			    sizeof lists / sizeof *lists);
	tcase_add_loop_test(tc, survives_no_memory, 0, 2);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
