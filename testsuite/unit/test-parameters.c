/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/parameters.h"

#include "testsuite/unit/fail.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* "b:WHAT(TYPE) a:(TYPE) ..." in the order of the calls. */
static void add_text(void *data, const struct parameter *parm)
{
	char *to = data;

	to += strlen(to);
	to += sprintf(to, "%.*s:", (int)parm->name_len, parm->name);
	if (parm->what)
		to += sprintf(to, "%.*s", (int)parm->what_len, parm->what);
	if (parm->type)
		to += sprintf(to, "(%.*s)", (int)parm->type_len, parm->type);
	memcpy(to, " ", sizeof " ");
}

static int add(struct parameters *parms, bool type, const char *value)
{
	return parameters_add(parms, type, value, strlen(value));
}

static const struct {
	const char *const strings[8]; /* a type begins with '!' */
	const char *want;
} cases[] = {
	{ { NULL }, "" },
	{ { "a:x" }, "a:x " },
	{ { "a:x", "!a:int" }, "a:x(int) " },
	{ { "!a:int", "a:x" }, "a:x(int) " },
	{ { "a:x", "b:y", "c:z" }, "c:z b:y a:x " },
	{ { "c:z", "a:x", "b:y" }, "b:y a:x c:z " },
	{ { "a:x", "b:y", "!a:int", "c:z", "!b:bool" },
	  "c:z b:y(bool) a:x(int) " },
	{ { "a:x", "b:y", "a:again" }, "b:y a:again " },
	{ { "!a:int", "!a:uint", "a:1", "a:2", "a:3" }, "a:3(uint) " },
	{ { "a:", "!a:" }, "a:() " },
	{ { ":nameless", ":again", "a:" }, "a: :again " },
	{ { "ab:1", "a:2", "abc:3", "!a:int" }, "abc:3 a:2(int) ab:1 " },
	{ { "a:b:c" }, "a:b:c " },
};

START_TEST(joins_what_belongs_to_one_name)
{
	struct parameters parms = { 0 };
	char text[256] = "";

	for (size_t i = 0; cases[_i].strings[i]; i++) {
		const char *s = cases[_i].strings[i];
		ck_assert_int_eq(add(&parms, *s == '!', s + (*s == '!')), 0);
	}
	ck_assert_int_eq(parameters_each(&parms, add_text, text), 0);
	ck_assert_str_eq(text, cases[_i].want);
	parameters_fini(&parms);
}
END_TEST

START_TEST(wants_a_colon)
{
	struct parameters parms = { 0 };
	char text[16] = "";

	ck_assert_int_eq(add(&parms, false, "a"), 1);
	ck_assert_int_eq(add(&parms, true, ""), 1);
	ck_assert_int_eq(parameters_add(&parms, true, NULL, 0), 1);
	ck_assert_int_eq(parameters_add(&parms, true, "a:b", 1), 1);
	ck_assert_int_eq(parameters_each(&parms, add_text, text), 0);
	ck_assert_str_eq(text, "");
	parameters_fini(&parms);
}
END_TEST

START_TEST(keeps_texts_of_its_own)
{
	struct parameters parms = { 0 };
	char value[] = "name:text", text[32] = "";

	ck_assert_int_eq(add(&parms, false, value), 0);
	memset(value, 'x', sizeof value);
	ck_assert_int_eq(parameters_each(&parms, add_text, text), 0);
	ck_assert_str_eq(text, "name:text ");
	parameters_fini(&parms);
}
END_TEST

struct countdown {
	size_t left;
	bool wrong;
};

static void count(void *data, const struct parameter *parm)
{
	struct countdown *c = data;
	char name[32];
	size_t len = (size_t)sprintf(name, "p%zu", --c->left);

	c->wrong |= parm->name_len != len || !parm->what || !parm->type ||
		memcmp(parm->name, name, len) != 0;
}

/* As many as a file of some MiB can hold: no look-up may walk all of them. */
START_TEST(a_hundred_thousand_are_quick)
{
	enum { MANY = 100000 };
	struct parameters parms = { 0 };
	struct countdown c = { .left = MANY };
	char value[32];

	for (size_t i = 0; i < 2UL * MANY; i++) {
		sprintf(value, "p%zu:text", i % MANY);
		c.wrong |= add(&parms, i >= MANY, value) != 0;
	}
	ck_assert_int_eq(parameters_each(&parms, count, &c), 0);
	ck_assert_uint_eq(c.left, 0);
	ck_assert(!c.wrong);
	parameters_fini(&parms);
}
END_TEST

static int add_many(struct parameters *parms)
{
	char value[32];
	int r = 0;

	for (int i = 0; r == 0 && i < 40; i++) {
		sprintf(value, "parameter%d:text", i);
		r = add(parms, i % 2, value);
	}
	return r;
}

START_TEST(survives_no_memory)
{
	static char text[4096];

	for (size_t n = 0;; n++) {
		struct parameters parms = { 0 };

		*text = '\0';
		fail_at(n);
		int r = add_many(&parms);
		if (r == 0)
			r = parameters_each(&parms, add_text, text);
		bool hit = fail_off();
		parameters_fini(&parms);
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
	}
	ck_assert_ptr_nonnull(strstr(text, "parameter0:text "));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("parms");
	TCase *tc = tcase_create("parms");

	tcase_add_loop_test(tc, joins_what_belongs_to_one_name, 0,
			    sizeof cases / sizeof *cases);
	tcase_add_test(tc, wants_a_colon);
	tcase_add_test(tc, keeps_texts_of_its_own);
	tcase_add_test(tc, a_hundred_thousand_are_quick);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
