/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testsuite/fake/kernel.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>

static struct root root;
static struct mod_ctx *ctx;

static void start(void)
{
	root_make(&root);
	fake_start(root.dir);
	/* d needs c, c needs b, b needs a; user and other need lone. */
	root_modules(
		&root,
		(const char *const[]){
			"k/a.ko:", "k/b.ko: k/a.ko", "k/c.ko: k/b.ko k/a.ko",
			"k/d.ko: k/c.ko k/b.ko k/a.ko", "k/s1.ko:", "k/s2.ko:",
			"k/lone.ko:", "k/user.ko: k/lone.ko", NULL });
	root_index(&root, "modules.builtin.bin",
		   (const char *const[]){ "inside ", NULL });
	fake_depends("b", "a");
	fake_depends("c", "b");
	fake_depends("d", "c");
	fake_depends("user", "lone");
	ctx = root_ctx(&root);
}

static void stop(void)
{
	mod_ctx_free(ctx);
	fake_end();
	root_remove(&root);
}

static void load_chain(void)
{
	fake_load("a", 0);
	fake_load("b", 0);
	fake_load("c", 0);
	fake_load("d", 0);
}

/* The options of mod_unload() and of its run in one. */
struct asked {
	unsigned plan_flags, run_flags;
	unsigned long wait_ms;
	mod_step_fn *show;
	mod_command_fn *command;
	mod_skipped_fn *skipped;
	void *data;
};

static int unload(const char *name, struct asked asked)
{
	const struct mod_run_opts run = {
		.size = sizeof run,
		.flags = asked.run_flags,
		.show = asked.show,
		.command = asked.command,
		.skipped = asked.skipped,
		.data = asked.data,
	};
	const struct mod_unload_opts opts = {
		.size = sizeof opts,
		.plan_flags = asked.plan_flags,
		.wait_ms = asked.wait_ms,
		.run = &run,
	};
	struct mod_targets *targets;

	int r = mod_find_loaded(ctx, name, &targets);
	if (r != 0)
		return r;
	r = mod_unload(ctx, mod_targets_at(targets, 0), &opts);
	mod_targets_free(targets);
	return r;
}

static const struct asked plain = { 0 };

START_TEST(takes_all_that_falls_free_dependents_first)
{
	load_chain();
	ck_assert_int_eq(unload("d", plain), 0);
	ck_assert_str_eq(fake_log(),
			 "delete d\ndelete c\ndelete b\ndelete a\n");
}
END_TEST

START_TEST(leaves_what_another_module_needs)
{
	load_chain();
	fake_depends("user", "b");
	fake_load("lone", 0);
	fake_load("user", 0);
	ck_assert_int_eq(unload("d", plain), 0);
	ck_assert_str_eq(fake_log(), "delete d\ndelete c\n");
}
END_TEST

START_TEST(refuses_a_module_in_use_and_names_it)
{
	load_chain();
	ck_assert_int_eq(unload("c", plain), -EBUSY);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_STATE);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "c");
	ck_assert_str_eq(fake_log(), "");
}
END_TEST

START_TEST(takes_holders_of_holders_when_told)
{
	load_chain();
	ck_assert_int_eq(
		unload("a", (struct asked){ .plan_flags = MOD_PLAN_HOLDERS }),
		0);
	ck_assert_str_eq(fake_log(),
			 "delete d\ndelete c\ndelete b\ndelete a\n");
}
END_TEST

START_TEST(stops_at_a_holder_that_is_in_use)
{
	fake_load("a", 0);
	fake_load("b", 1); /* one user that is no module */
	ck_assert_int_eq(
		unload("a", (struct asked){ .plan_flags = MOD_PLAN_HOLDERS }),
		-EBUSY);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "b");
	ck_assert(fake_is_loaded("a"));
}
END_TEST

START_TEST(is_content_with_what_is_not_loaded)
{
	ck_assert_int_eq(unload("a", plain), 0);
	ck_assert_int_eq(
		unload("a", (struct asked){ .run_flags = MOD_RUN_FIRST_TIME }),
		-ENOENT);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_STATE);
	ck_assert_str_eq(fake_log(), "");
}
END_TEST

START_TEST(refuses_a_builtin)
{
	ck_assert_int_eq(unload("inside", plain), -EPERM);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_STATE);
}
END_TEST

START_TEST(finds_a_loaded_module_that_the_tree_does_not_know)
{
	fake_load("stray", 0);
	ck_assert_int_eq(unload("stray", plain), 0);
	ck_assert_str_eq(fake_log(), "delete stray\n");
	ck_assert_int_eq(unload("nosuch", plain), 1);
}
END_TEST

START_TEST(takes_softdeps_around_it_last_first)
{
	root_write(&root, "etc/modprobe.d/s.conf",
		   "softdep b pre: s1 post: s2 lone\n");
	fake_load("s1", 0);
	fake_load("s2", 0);
	fake_load("lone", 0);
	fake_load("a", 0);
	fake_load("b", 0);
	ck_assert_int_eq(unload("b", plain), 0);
	ck_assert_str_eq(fake_log(),
			 "delete lone\ndelete s2\ndelete b\n"
			 "delete a\ndelete s1\n");
}
END_TEST

START_TEST(goes_on_when_a_softdep_is_in_use)
{
	root_write(&root, "etc/modprobe.d/s.conf", "softdep b post: s2\n");
	fake_load("s2", 1);
	fake_load("a", 0);
	fake_load("b", 0);
	ck_assert_int_eq(unload("b", plain), 0);
	ck_assert_str_eq(fake_log(), "delete b\ndelete a\n");
}
END_TEST

START_TEST(ends_in_a_ring_of_softdeps)
{
	root_write(&root, "etc/modprobe.d/s.conf",
		   "softdep s1 pre: s2\nsoftdep s2 pre: s1 post: s1\n");
	fake_load("s1", 0);
	fake_load("s2", 0);
	ck_assert_int_eq(unload("s1", plain), 0);
	ck_assert_str_eq(fake_log(), "delete s1\ndelete s2\n");
}
END_TEST

START_TEST(runs_the_remove_command_instead)
{
	root_write(&root, "etc/modprobe.d/r.conf",
		   "remove a echo $CMDLINE_OPTS\n");
	ck_assert_int_eq(unload("a", plain), 0);
	ck_assert_str_eq(fake_log(),
			 "sh echo $CMDLINE_OPTS "
			 "[MODPROBE_MODULE=a] [CMDLINE_OPTS=] "
			 "[MODPROBE_DEPTH=1]\n");
	fake_forget();
	fake_load("a", 0);
	ck_assert_int_eq(
		unload("a",
		       (struct asked){ .plan_flags =
					       MOD_PLAN_IGNORE_COMMANDS }),
		0);
	ck_assert_str_eq(fake_log(), "delete a\n");
}
END_TEST

static int command(void *data, const struct mod_step *step)
{
	strcat(strcat(data, mod_step_name(step)), "=");
	strcat(strcat(data, mod_step_command(step)), " ");
	return strcmp(mod_step_command(step), "fail") == 0 ? -EIO : 0;
}

START_TEST(leaves_commands_to_the_caller)
{
	char seen[64] = "";
	const struct asked asked = { .command = command, .data = seen };

	root_write(&root, "etc/modprobe.d/r.conf",
		   "remove a own\nremove b fail\n");
	fake_load("a", 0);
	ck_assert_int_eq(unload("a", asked), 0);
	fake_load("b", 0);
	ck_assert_int_eq(unload("b", asked), -EIO);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_COMMAND);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "b");
	ck_assert_str_eq(seen, "a=own b=fail ");
	ck_assert_str_eq(fake_log(), "");
}
END_TEST

static void skipped(void *data, const struct mod_step *step,
		    const struct mod_error *error)
{
	sprintf((char *)data + strlen(data), "%s of %s: %s;",
		mod_step_name(step), mod_step_asked_by(step),
		mod_error_message(error));
}

START_TEST(reports_the_modules_that_stay_loaded)
{
	char seen[128] = "";
	const struct asked asked = { .skipped = skipped, .data = seen };

	root_write(&root, "etc/modprobe.d/s.conf", "softdep b post: s2\n");
	fake_load("a", 0);
	fake_load("b", 0);
	fake_load("s2", 1);
	fake_fail("a", EIO);
	ck_assert_int_eq(unload("b", asked), 0);
	ck_assert_ptr_nonnull(strstr(seen, "s2 of b: s2 is in use;a of b: "));
	ck_assert_int_eq(mod_error_code(mod_ctx_error(ctx)), 0);
}
END_TEST

START_TEST(options_may_be_absent_and_need_a_size)
{
	struct mod_run_opts run = { .flags = MOD_RUN_DRY };
	struct mod_unload_opts opts = { .run = &run };
	struct mod_targets *targets;

	fake_load("a", 0);
	ck_assert_int_eq(mod_find_loaded(ctx, "a", &targets), 0);
	const struct mod_target *a = mod_targets_at(targets, 0);
	ck_assert_int_eq(mod_unload(ctx, a, &opts), -EINVAL);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_CALLER);
	opts.size = sizeof opts;
	ck_assert_int_eq(mod_unload(ctx, a, &opts), -EINVAL);
	ck_assert_str_eq(fake_log(), "");
	ck_assert_int_eq(mod_unload(ctx, a, NULL), 0);
	ck_assert_str_eq(fake_log(), "delete a\n");
	mod_targets_free(targets);
}
END_TEST

START_TEST(tries_again_for_as_long_as_it_may)
{
	fake_load("a", 1);
	ck_assert_int_eq(unload("a", (struct asked){ .wait_ms = 100 }),
			 -EAGAIN);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_KERNEL);
	ck_assert_str_eq(fake_log(),
			 "delete a\nsleep 2\ndelete a\nsleep 6\ndelete a\n"
			 "sleep 14\ndelete a\nsleep 30\ndelete a\nsleep 62\n"
			 "delete a\nsleep 94\ndelete a\nsleep 98\ndelete a\n"
			 "sleep 100\ndelete a\n");
}
END_TEST

START_TEST(stops_trying_once_it_is_free)
{
	fake_load("a", 0);
	fake_busy("a", 5);
	ck_assert_int_eq(unload("a", (struct asked){ .wait_ms = 100 }), 0);
	ck_assert_str_eq(fake_log(),
			 "delete a\nsleep 2\ndelete a\nsleep 6\ndelete a\n");
}
END_TEST

START_TEST(never_sleeps_long)
{
	fake_load("a", 0);
	fake_busy("a", 1500);
	ck_assert_int_eq(unload("a", (struct asked){ .wait_ms = 100000 }), 0);
	ck_assert_ptr_nonnull(strstr(fake_log(),
				     "sleep 254\ndelete a\nsleep 510\n"
				     "delete a\nsleep 766\ndelete a\n"
				     "sleep 1022\ndelete a\nsleep 1278\n"
				     "delete a\nsleep 1534\ndelete a\n"));
}
END_TEST

START_TEST(waits_past_the_end_of_the_clock)
{
	fake_load("a", 1);
	ck_assert_int_eq(unload("a", (struct asked){ .wait_ms = 1 }), -EAGAIN);
	fake_forget();
	fake_load("b", 0);
	fake_busy("b", 5);
	ck_assert_int_eq(unload("b", (struct asked){ .wait_ms = ULONG_MAX }),
			 0);
	ck_assert_str_eq(fake_log(),
			 "delete b\nsleep 3\ndelete b\nsleep 7\ndelete b\n");
}
END_TEST

START_TEST(forces_past_the_count)
{
	fake_load("a", 3);
	ck_assert_int_eq(
		unload("a",
		       (struct asked){ .run_flags = MOD_RUN_FORCE_UNLOAD }),
		-EAGAIN);
	ck_assert_str_eq(fake_log(), "delete a force\n");
}
END_TEST

START_TEST(forces_only_what_was_named)
{
	root_write(&root, "etc/modprobe.d/s.conf", "softdep a post: s2\n");
	fake_load("a", 1);
	fake_load("s2", 1);
	ck_assert_int_eq(
		unload("a",
		       (struct asked){ .run_flags = MOD_RUN_FORCE_UNLOAD }),
		-EAGAIN);
	ck_assert_str_eq(fake_log(), "delete a force\n");
}
END_TEST

START_TEST(takes_a_module_that_vanished_for_done)
{
	fake_load("a", 0);
	fake_fail("a", ENOENT);
	ck_assert_int_eq(unload("a", plain), 0);
}
END_TEST

static void note(void *data, const struct mod_step *step)
{
	char *text = data;

	strcat(strcat(text, mod_step_name(step)), " ");
}

START_TEST(a_dry_run_foresees_what_falls_free)
{
	char text[256] = "";

	load_chain();
	ck_assert_int_eq(unload("d",
				(struct asked){ .run_flags = MOD_RUN_DRY,
						.show = note,
						.data = text }),
			 0);
	ck_assert_str_eq(text, "d c b a ");
	ck_assert_str_eq(fake_log(), "");
}
END_TEST

START_TEST(a_dry_run_takes_a_softdep_away_once)
{
	char text[256] = "";

	root_write(&root, "etc/modprobe.d/x.conf",
		   "softdep d pre: c\nsoftdep c pre: e\n");
	load_chain();
	fake_load("e", 0);
	ck_assert_int_eq(unload("d",
				(struct asked){ .run_flags = MOD_RUN_DRY,
						.show = note,
						.data = text }),
			 0);
	ck_assert_str_eq(text, "d c b a ");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("unload");
	TCase *tc = tcase_create("unload");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, takes_all_that_falls_free_dependents_first);
	tcase_add_test(tc, leaves_what_another_module_needs);
	tcase_add_test(tc, refuses_a_module_in_use_and_names_it);
	tcase_add_test(tc, takes_holders_of_holders_when_told);
	tcase_add_test(tc, stops_at_a_holder_that_is_in_use);
	tcase_add_test(tc, is_content_with_what_is_not_loaded);
	tcase_add_test(tc, refuses_a_builtin);
	tcase_add_test(tc, finds_a_loaded_module_that_the_tree_does_not_know);
	tcase_add_test(tc, takes_softdeps_around_it_last_first);
	tcase_add_test(tc, goes_on_when_a_softdep_is_in_use);
	tcase_add_test(tc, ends_in_a_ring_of_softdeps);
	tcase_add_test(tc, runs_the_remove_command_instead);
	tcase_add_test(tc, leaves_commands_to_the_caller);
	tcase_add_test(tc, reports_the_modules_that_stay_loaded);
	tcase_add_test(tc, options_may_be_absent_and_need_a_size);
	tcase_add_test(tc, tries_again_for_as_long_as_it_may);
	tcase_add_test(tc, stops_trying_once_it_is_free);
	tcase_add_test(tc, never_sleeps_long);
	tcase_add_test(tc, waits_past_the_end_of_the_clock);
	tcase_add_test(tc, forces_past_the_count);
	tcase_add_test(tc, forces_only_what_was_named);
	tcase_add_test(tc, takes_a_module_that_vanished_for_done);
	tcase_add_test(tc, a_dry_run_foresees_what_falls_free);
	tcase_add_test(tc, a_dry_run_takes_a_softdep_away_once);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
