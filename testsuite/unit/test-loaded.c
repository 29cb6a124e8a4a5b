/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loaded modules, as /proc/modules and /sys/module show them. */
#include "libmod/live/loaded.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"

#include <check.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

static struct root root;
static struct mod_ctx *ctx;
static char logged[1024]; /* the last message */

static void keep_log(void *data, int level, const char *text)
{
	(void)data;
	(void)level;
	snprintf(logged, sizeof logged, "%s", text);
}

static void set_up(void)
{
	root_make(&root);
	ctx = root_ctx(&root);
	*logged = '\0';
	mod_ctx_set_log(ctx, keep_log, NULL, LOG_WARNING);
}

static void tear_down(void)
{
	mod_ctx_free(ctx);
	root_remove(&root);
}

/* ---- /proc/modules */

static char seen[1024];

static int see(void *data, const struct mod_loaded *mod)
{
	size_t len = strlen(seen);
	const int *stop_at = data;

	snprintf(seen + len, sizeof seen - len, "%s %llu %ld [%s] %s [%s]%s\n",
		 mod_loaded_name(mod), (unsigned long long)mod_loaded_size(mod),
		 mod_loaded_users(mod), mod_loaded_holders(mod),
		 mod_loaded_state(mod), mod_loaded_taints(mod),
		 mod_loaded_is_permanent(mod) ? " permanent" : "");
	return stop_at && mod_loaded_users(mod) == *stop_at ? *stop_at : 0;
}

START_TEST(lines_come_in_the_order_of_the_kernel)
{
	root_write(&root, "proc/modules",
		   "b 4096 0 - Live 0x0000000000000000 (OE)\n"
		   "a 8192 2 b,c, Unloading 0x0\n"
		   "c 1 - - Loading 0x0\n"
		   "d 1 1 [permanent], Live 0x0\n");
	*seen = '\0';
	ck_assert_int_eq(mod_loaded_each(ctx, see, NULL), 0);
	ck_assert_str_eq(seen,
			 "b 4096 0 [] Live [OE]\n"
			 "a 8192 2 [b,c] Unloading []\n"
			 "c 1 -2 [] Loading []\n"
			 "d 1 1 [] Live [] permanent\n");
}
END_TEST

START_TEST(a_caller_can_end_the_walk)
{
	int stop_at = 7;

	root_write(&root, "proc/modules",
		   "a 1 1 - Live 0x0\nb 1 7 - Live 0x0\nc 1 7 - Live 0x0\n");
	*seen = '\0';
	ck_assert_int_eq(mod_loaded_each(ctx, see, &stop_at), 7);
	ck_assert_str_eq(seen, "a 1 1 [] Live []\nb 1 7 [] Live []\n");
}
END_TEST

START_TEST(bad_lines_are_skipped)
{
	static const char text[] = "\n"
				   "short\n"
				   "a 1 0 - Live 0x0\n"
				   "minus -1 0 - Live 0x0\n"
				   "nul 1\0 0 - Live 0x0\n"
				   "b 1 0 - Live 0x0\n"
				   "no-newline 1 0 - Live";

	root_write_bytes(&root, "proc/modules", text, sizeof text - 1);
	*seen = '\0';
	ck_assert_int_eq(mod_loaded_each(ctx, see, NULL), 0);
	ck_assert(strncmp(seen, "a 1 0 [] Live []\n", 17) == 0);
	ck_assert_ptr_null(strstr(seen, "minus"));
	ck_assert_ptr_null(strstr(seen, "no-newline"));
}
END_TEST

START_TEST(no_file_is_an_error)
{
	*seen = '\0';
	ck_assert_int_eq(unlink(root_path(&root, "proc/modules")), 0);
	ck_assert_int_eq(mod_loaded_each(ctx, see, NULL), -ENOENT);
	ck_assert_str_eq(seen, "");
}
END_TEST

START_TEST(proc_survives_no_memory)
{
	root_write(&root, "proc/modules", "a 1 1 - Live 0x0\n");
	for (size_t n = 0;; n++) {
		*seen = '\0';
		fail_at(n);
		int r = mod_loaded_each(ctx, see, NULL);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		ck_assert_str_eq(seen, hit ? "" : "a 1 1 [] Live []\n");
		if (!hit)
			break;
	}
}
END_TEST

/* ---- /sys/module/NAME/initstate */

static const struct {
	const char *text; /* NULL: a directory without that file */
	enum mod_state want;
	bool logs;
} states[] = {
	{ "live\n", MOD_STATE_LIVE, false },
	{ "coming\n", MOD_STATE_COMING, false },
	{ "going\n", MOD_STATE_GOING, false },
	{ "live", MOD_STATE_LIVE, false },
	{ NULL, MOD_STATE_COMING, false },
	{ "", MOD_STATE_NONE, true },
	{ "alive\n", MOD_STATE_NONE, true },
	{ "live \n", MOD_STATE_NONE, true },
	{ "LIVE\n", MOD_STATE_NONE, true },
	{ "live\nlive\n", MOD_STATE_NONE, true },
};

START_TEST(the_state_is_what_sys_shows)
{
	enum mod_state state;

	if (states[_i].text)
		root_write(&root, "sys/module/m/initstate", states[_i].text);
	else
		root_write(&root, "sys/module/m/taint", "\n");
	ck_assert_int_eq(mod_loaded_state_of(ctx, "m", &state), 0);
	ck_assert_int_eq(state, states[_i].want);
	ck_assert_int_eq(*logged != '\0', states[_i].logs);
	ck_assert_int_eq(mod_loaded_is_live(ctx, "m"),
			 states[_i].want == MOD_STATE_LIVE);
}
END_TEST

/* A name is one component of a path. */
static const char *const outside[] = { "", "..", "../module/m", "m/", "/m" };

START_TEST(a_name_does_not_leave_the_directory)
{
	enum mod_state state = MOD_STATE_LIVE;
	struct mod_directory holders;
	struct mod_arena arena = { 0 };
	long count = 5;

	root_write(&root, "sys/module/m/initstate", "live\n");
	root_write(&root, "sys/initstate", "live\n");
	root_write(&root, "sys/module/m/refcnt", "3\n");
	root_write(&root, "sys/module/m/holders/h", "");
	ck_assert_int_eq(mod_loaded_state_of(ctx, outside[_i], &state), 0);
	ck_assert_int_eq(state, MOD_STATE_NONE);
	ck_assert(!mod_loaded_is_live(ctx, outside[_i]));
	ck_assert_int_eq(mod_loaded_refcount(ctx, outside[_i], &count),
			 -ENOENT);
	ck_assert_int_eq(count, 5);
	ck_assert_int_eq(
		mod_loaded_read_holders(ctx, outside[_i], &arena, &holders),
		-ENOENT);
	ck_assert_uint_eq(holders.n, 0);
	mod_arena_fini(&arena);
}
END_TEST

START_TEST(a_name_too_long_is_not_there)
{
	static char name[PATH_MAX];
	enum mod_state state = MOD_STATE_LIVE;

	memset(name, 'm', sizeof name - 1);
	ck_assert_int_eq(mod_loaded_state_of(ctx, name, &state), 0);
	ck_assert_int_eq(state, MOD_STATE_NONE);
	ck_assert(!mod_loaded_is_live(ctx, name));
}
END_TEST

START_TEST(what_is_not_there_has_no_state)
{
	enum mod_state state = MOD_STATE_LIVE;

	ck_assert_int_eq(mod_loaded_state_of(ctx, "m", &state), 0);
	ck_assert_int_eq(state, MOD_STATE_NONE);
	root_write(&root, "sys/module/m", "a file, not a directory");
	ck_assert_int_eq(mod_loaded_state_of(ctx, "m", &state), 0);
	ck_assert_int_eq(state, MOD_STATE_NONE);
}
END_TEST

/* ---- users */

static const struct {
	const char *text;
	int want;
	long count;
} counts[] = {
	{ "0\n", 0, 0 },        { "12\n", 0, 12 },
	{ "-1\n", 0, -1 }, /* it is being unloaded */
	{ "7", 0, 7 },          { "", -EINVAL, 0 },
	{ "\n", -EINVAL, 0 },   { "x\n", -EINVAL, 0 },
	{ "7x\n", -EINVAL, 0 }, { "99999999999999999999\n", -EINVAL, 0 },
};

START_TEST(the_count_is_a_number)
{
	long count = 5;

	root_write(&root, "sys/module/m/refcnt", counts[_i].text);
	ck_assert_int_eq(mod_loaded_refcount(ctx, "m", &count),
			 counts[_i].want);
	ck_assert_int_eq(count, counts[_i].want ? 5 : counts[_i].count);
	ck_assert_int_eq(*logged != '\0', counts[_i].want != 0);
}
END_TEST

START_TEST(a_kernel_that_keeps_no_count)
{
	long count = 5;

	root_write(&root, "sys/module/m/initstate", "live\n");
	ck_assert_int_eq(mod_loaded_refcount(ctx, "m", &count), -ENOENT);
	ck_assert_int_eq(count, 5);
	ck_assert_str_eq(logged, "");
}
END_TEST

START_TEST(holders_are_the_entries_of_a_directory)
{
	struct mod_directory holders;
	struct mod_arena arena = { 0 };

	root_write(&root, "sys/module/m/holders/a", "");
	root_write(&root, "sys/module/m/holders/b", "");
	root_write(&root, "sys/module/n/holders", "not a directory");
	ck_assert_int_eq(mod_loaded_read_holders(ctx, "m", &arena, &holders),
			 0);
	ck_assert_uint_eq(holders.n, 2);
	ck_assert_int_eq(mod_loaded_read_holders(ctx, "none", &arena, &holders),
			 -ENOENT);
	ck_assert_str_eq(logged, "");
	ck_assert_int_eq(mod_loaded_read_holders(ctx, "n", &arena, &holders),
			 -ENOTDIR);
	ck_assert_ptr_nonnull(strstr(logged, "/n/holders': Not a directory"));
	mod_arena_fini(&arena);
}
END_TEST

/* ---- parameters */

static int see_value(void *data, const struct mod_parameter_value *parameter)
{
	size_t len = strlen(seen);

	snprintf(seen + len, sizeof seen - len, "%s=%s", parameter->name,
		 parameter->value ? parameter->value
				  : strerror(parameter->error));
	strcat(seen, "\n");
	return data && strcmp(parameter->name, data) == 0 ? 9 : 0;
}

static void write_params(void)
{
	root_write(&root, "sys/module/m/parameters/z", "1\n");
	root_write(&root, "sys/module/m/parameters/a", "two\nlines\n\n");
	root_write(&root, "sys/module/m/parameters/none", "");
	ck_assert_int_eq(
		mkdir(root_path(&root, "sys/module/m/parameters/odd"), 0755),
		0);
	*seen = '\0';
}

START_TEST(parameters_come_by_name)
{
	write_params();
	ck_assert_int_eq(mod_loaded_parameters_each(ctx, "m", see_value, NULL),
			 0);
	ck_assert_str_eq(seen,
			 "a=two\nlines\n\n"
			 "none=\n"
			 "odd=Is a directory\n"
			 "z=1\n");
	*seen = '\0';
	ck_assert_int_eq(
		mod_loaded_parameters_each(ctx, "m", see_value, "none"), 9);
	ck_assert_str_eq(seen, "a=two\nlines\n\nnone=\n");
}
END_TEST

START_TEST(a_module_without_parameters_has_none)
{
	root_write(&root, "sys/module/m/initstate", "live\n");
	root_write(&root, "sys/module/n/parameters", "not a directory");
	ck_assert_int_eq(mod_loaded_parameters_each(ctx, "m", see_value, NULL),
			 1);
	ck_assert_int_eq(mod_loaded_parameters_each(ctx, "n", see_value, NULL),
			 1);
	ck_assert_int_eq(
		mod_loaded_parameters_each(ctx, "none", see_value, NULL), 1);
	ck_assert_int_eq(mod_loaded_parameters_each(ctx, "..", see_value, NULL),
			 1);
}
END_TEST

START_TEST(sys_survives_no_memory)
{
	write_params();
	for (size_t n = 0;; n++) {
		*seen = '\0';
		fail_at(n);
		int r = mod_loaded_parameters_each(ctx, "m", see_value, NULL);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
	}
	ck_assert_ptr_nonnull(strstr(seen, "z=1\n"));
}
END_TEST

START_TEST(holders_survive_no_memory)
{
	root_write(&root, "sys/module/m/holders/a", "");
	for (size_t n = 0;; n++) {
		struct mod_directory holders;
		struct mod_arena arena = { 0 };

		fail_at(n);
		int r = mod_loaded_read_holders(ctx, "m", &arena, &holders);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		ck_assert_uint_eq(hit ? 1 : holders.n, 1);
		mod_arena_fini(&arena);
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("loaded");
	TCase *tc = tcase_create("loaded");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, lines_come_in_the_order_of_the_kernel);
	tcase_add_test(tc, a_caller_can_end_the_walk);
	tcase_add_test(tc, bad_lines_are_skipped);
	tcase_add_test(tc, no_file_is_an_error);
	tcase_add_test(tc, proc_survives_no_memory);
	tcase_add_loop_test(tc, the_state_is_what_sys_shows, 0,
			    sizeof states / sizeof *states);
	tcase_add_loop_test(tc, a_name_does_not_leave_the_directory, 0,
			    sizeof outside / sizeof *outside);
	tcase_add_test(tc, a_name_too_long_is_not_there);
	tcase_add_test(tc, what_is_not_there_has_no_state);
	tcase_add_loop_test(tc, the_count_is_a_number, 0,
			    sizeof counts / sizeof *counts);
	tcase_add_test(tc, a_kernel_that_keeps_no_count);
	tcase_add_test(tc, holders_are_the_entries_of_a_directory);
	tcase_add_test(tc, parameters_come_by_name);
	tcase_add_test(tc, a_module_without_parameters_has_none);
	tcase_add_test(tc, sys_survives_no_memory);
	tcase_add_test(tc, holders_survive_no_memory);
	suite_add_tcase(s, tc);

	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
