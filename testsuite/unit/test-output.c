/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/output.h"
#include "libmod/index/index.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MODULES = 2 };

/* What modules say: aliases, then softdeps, parted by '|'. */
struct made {
	struct mod_graph graph;
	struct mod_str records[MODULES];
	struct mod_output_input input;
	char said[1024];
};

static void hear(void *data, int level, const char *text)
{
	struct made *m = data;
	size_t len = strlen(m->said);

	snprintf(m->said + len, sizeof m->said - len, "%d %s;", level, text);
}

static void add_text(struct mod_str *out, const char *text)
{
	uint32_t len = htole32((uint32_t)strlen(text));

	mod_str_addn(out, &len, sizeof len);
	mod_str_addn(out, text, strlen(text) + 1);
}

static void make(struct made *m, const char *const aliases[],
		 const char *softdep)
{
	static const char *const names[MODULES] = { "one", "two" };

	*m = (struct made){ .input = { .warn = hear, .data = m } };
	m->graph.at = calloc(MODULES, sizeof *m->graph.at);
	m->graph.n = MODULES;
	for (int i = 0; i < MODULES; i++) {
		uint32_t counts[2 + MOD_RECORD_TEXTS + 2] = { 0 };
		struct mod_str *out = &m->records[i];
		mod_str_addn(out, counts, sizeof counts);
		for (; *aliases; aliases++)
			if (**aliases == '1' + i) {
				add_text(out, *aliases + 1);
				counts[2]++;
			} else {
				break;
			}
		if (i == 0 && softdep) {
			add_text(out, softdep);
			counts[3]++;
		}
		for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
			counts[k] = htole32(counts[k]);
		memcpy(out->at, counts, sizeof counts);
		m->graph.at[i] = (struct mod_graph_module){ .name = names[i],
							    .path = names[i],
							    .key = names[i] };
		ck_assert_int_eq(
			mod_record_open(&m->graph.at[i].record,
					(struct mod_bytes){ (uint8_t *)out->at,
							    out->len }),
			0);
	}
}

static void made_fini(struct made *m)
{
	mod_graph_fini(&m->graph);
	for (int i = 0; i < MODULES; i++)
		mod_str_fini(&m->records[i]);
}

static const struct {
	const char *aliases[8], *want, *said;
} nodes[] = {
	{ { NULL }, "", "" },
	{ { "1devname:a/b", "1char-major-10-1", "1char-major-10-2" },
	  "one a/b c10:1\n",
	  "" },
	{ { "1block-major-8-*", "1devname:blk" },
	  "",
	  "3 Module 'one' has devname (blk) but lacks major and minor "
	  "information. Ignoring.;" },
	{ { "1block-major-8-5", "1devname:blk", "1devname:blk2" },
	  "one blk b8:5\n",
	  "" },
	{ { "1char-major-10-1", "1block-major-7-3", "1devname:x",
	    "1devname:y" },
	  "one x b7:3\n",
	  "" },
	{ { "1devname:x1", "1devname:x2", "1char-major-4-5junk" },
	  "one x2 c4:5\n",
	  "" },
	{ { "1char-major-4-5", "1block-major-7-*", "1devname:x" },
	  "one x c4:5\n",
	  "" },
	{ { "1char-major-10-99999999999", "1devname:x" },
	  "",
	  "3 Module 'one' has devname (x) but lacks major and minor "
	  "information. Ignoring.;" },
	{ { "1char-major-1-1" }, "", "" },
	{ { "1devname:a", "1char-major-1-1", "2devname:b", "2char-major-1-2" },
	  "one a c1:1\ntwo b c1:2\n",
	  "" },
	{ { "1devname:a\nb", "1char-major-1-1" },
	  "",
	  "4 one: a value with a control character is left out;" },
};

START_TEST(writes_nodes)
{
	static const char head[] =
		"# Device nodes to trigger on-demand module loading.\n";
	_str_ struct mod_str out = { 0 };
	struct made m;
	const char *want = nodes[_i].want;

	make(&m, nodes[_i].aliases, NULL);
	ck_assert_int_eq(
		mod_output_write(&m.graph, &m.input, MOD_OUTPUT_DEVNAME, &out),
		0);
	if (*want)
		ck_assert(strncmp(out.at, head, strlen(head)) == 0);
	ck_assert_str_eq(*want            ? out.at + strlen(head)
				 : out.at ? out.at
					  : "",
			 want);
	ck_assert_str_eq(m.said, nodes[_i].said);
	made_fini(&m);
}
END_TEST

START_TEST(no_value_becomes_a_line)
{
	static const char *const aliases[] = { "1good", "1bad\ninstall x y",
					       "1ta\tb", NULL };
	_str_ struct mod_str out = { 0 };
	struct made m;

	make(&m, aliases, "pre: a\ninstall zzz /bin/x");
	ck_assert_int_eq(
		mod_output_write(&m.graph, &m.input, MOD_OUTPUT_ALIAS, &out),
		0);
	ck_assert_str_eq(out.at,
			 "# Aliases extracted from modules themselves.\n"
			 "alias good one\nalias ta\tb one\n");
	ck_assert_str_eq(
		m.said, "4 one: a value with a control character is left out;");
	out.len = 0;
	ck_assert_int_eq(
		mod_output_write(&m.graph, &m.input, MOD_OUTPUT_SOFTDEP, &out),
		0);
	ck_assert_str_eq(
		out.at,
		"# Soft dependencies extracted from modules themselves.\n");
	made_fini(&m);
}
END_TEST

static int add_entry(void *data, const char *key, size_t key_len,
		     const char *value, size_t value_len)
{
	(void)key_len;
	(void)value_len;
	mod_str_addf(data, "%s=%s ", key, value);
	return 0;
}

/* "KEY=VALUE " for each entry. */
static const char *dump(const struct mod_str *out, struct mod_str *text)
{
	struct mod_index index;
	struct mod_bytes bytes = { (const uint8_t *)out->at, out->len };

	mod_str_add(text, "");
	ck_assert_int_eq(mod_index_open(&index, bytes), 0);
	ck_assert_int_eq(mod_index_walk(&index, add_entry, text), 0);
	return text->at;
}

START_TEST(indexes_what_can_be_indexed)
{
	static const char *const aliases[] = { "1a-b[c-d]e-f", "1",
					       "1un]matched",  "1un[matched",
					       "1caf\xc3\xa9", "1x\ny",
					       "2a-b[c-d]e-f", NULL };
	_str_ struct mod_str out = { 0 }, text = { 0 };
	struct made m;

	make(&m, aliases, NULL);
	ck_assert_int_eq(mod_output_write(&m.graph, &m.input,
					  MOD_OUTPUT_ALIAS_BIN, &out),
			 0);
	ck_assert_str_eq(dump(&out, &text),
			 "=one a_b[c-d]e_f=one a_b[c-d]e_f=two ");
	ck_assert_str_eq(m.said,
			 "4 Unmatched bracket in un]matched;"
			 "4 Unmatched bracket in un[matched;"
			 "4 alias that is not ASCII is not "
			 "indexed: caf\xc3\xa9;");
	made_fini(&m);
}
END_TEST

static const struct {
	const char *text, *want;
} builtins[] = {
	{ NULL, "" },
	{ "", "" },
	{ "kernel/x/built-one.ko\nkernel/y.ko", "built_one= y= " },
	{ "kernel/a.ko\nkernel/a.ko\n", "a= a= " },
	{ "noext\n/abs.ko\n\n1.ko\nk/b.c.ko\n", "b= noext= " },
};

START_TEST(indexes_builtins)
{
	static const char *const none[] = { NULL };
	_str_ struct mod_str out = { 0 }, text = { 0 };
	struct made m;

	make(&m, none, NULL);
	m.input.builtin = builtins[_i].text;
	m.input.builtin_len = builtins[_i].text ? strlen(builtins[_i].text) : 0;
	ck_assert_int_eq(mod_output_write(&m.graph, &m.input,
					  MOD_OUTPUT_BUILTIN_BIN, &out),
			 0);
	ck_assert_str_eq(dump(&out, &text), builtins[_i].want);
	made_fini(&m);
}
END_TEST

START_TEST(indexes_aliases_of_builtins)
{
	static const char *const none[] = { NULL };
	static const char info[] =
		"b_one.alias=of:N*T*Cfoo,bar\0two.alias=pci:v[12]-x\0"
		"two.license=GPL\0.alias=x\0two.alias=\0no-dot\0"
		"b-3.alias=of:N*T*Cfoo,bar\0two.alias=[\0two.alias=cut";
	_str_ struct mod_str out = { 0 }, text = { 0 };
	struct made m;

	make(&m, none, NULL);
	m.input.builtin_info = info;
	m.input.builtin_info_len = sizeof info - 1;
	ck_assert_int_eq(mod_output_write(&m.graph, &m.input,
					  MOD_OUTPUT_BUILTIN_ALIAS_BIN, &out),
			 0);
	/* The last added comes first. */
	ck_assert_str_eq(dump(&out, &text),
			 "of:N*T*Cfoo,bar=b-3 of:N*T*Cfoo,bar=b_one "
			 "pci:v[12]_x=two ");
	ck_assert_str_eq(m.said, "4 Unmatched bracket in [;");
	made_fini(&m);
}
END_TEST

START_TEST(survives_no_memory)
{
	static const char *const aliases[] = { "1a", "1devname:b",
					       "1char-major-1-1", NULL };
	enum mod_output output = (enum mod_output)_i;

	for (size_t n = 0;; n++) {
		_str_ struct mod_str out = { 0 };
		struct made m;
		make(&m, aliases, "pre: a");
		m.input.builtin = "k/a.ko\n";
		m.input.builtin_len = 7;
		m.input.builtin_info = "a.alias=b";
		m.input.builtin_info_len = 10;
		fail_at(n);
		int r = mod_output_write(&m.graph, &m.input, output, &out);
		bool hit = fail_off();
		made_fini(&m);
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("write");
	TCase *tc = tcase_create("write");

	tcase_add_loop_test(tc, writes_nodes, 0, sizeof nodes / sizeof *nodes);
	tcase_add_test(tc, no_value_becomes_a_line);
	tcase_add_test(tc, indexes_what_can_be_indexed);
	tcase_add_loop_test(tc, indexes_builtins, 0,
			    sizeof builtins / sizeof *builtins);
	tcase_add_test(tc, indexes_aliases_of_builtins);
	tcase_add_loop_test(tc, survives_no_memory, 0, MOD_OUTPUTS);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
