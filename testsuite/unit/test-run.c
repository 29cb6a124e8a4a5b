/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testsuite/fake/kernel.h"
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static struct root root;
static struct mod_ctx *ctx;

static void start(void)
{
	root_make(&root);
	fake_start(root.dir);
	root_modules(&root,
		     (const char *const[]){ "k/a.ko:", "k/b.ko: k/a.ko",
					    "k/s1.ko:", "k/s2.ko:", NULL });
	root_index(&root, "modules.builtin.bin",
		   (const char *const[]){ "inside ", NULL });
	fake_depends("b", "a");
	ctx = root_ctx(&root);
}

static void stop(void)
{
	mod_ctx_free(ctx);
	fake_end();
	root_remove(&root);
}

static void note(void *data, const struct mod_step *step)
{
	strcat(strcat(data, mod_step_name(step)), " ");
}

static int load_shown(const char *name, const char *options, unsigned flags,
		      char *shown)
{
	struct mod_targets *targets;
	struct mod_plan *plan;
	char *given = strdup(options);

	ck_assert_ptr_nonnull(given);
	ck_assert_int_eq(mod_find(ctx, name, &targets), 0);
	int r = mod_plan_load(ctx, mod_targets_at(targets, 0), given, 0, &plan);
	ck_assert_int_ge(r, 0);
	/* What comes in their place must not get into the plan. */
	memset(given, '!', strlen(given));
	free(given);
	mod_targets_free(targets);
	ck_assert_int_eq(mod_find(ctx, "s1", &targets), 0);
	r = mod_plan_run(
		ctx, plan,
		&(struct mod_run_opts){ .size = sizeof(struct mod_run_opts),
					.flags = flags,
					.show = shown ? note : NULL,
					.data = shown });
	mod_targets_free(targets);
	mod_plan_free(plan);
	return r;
}

static int load(const char *name, const char *options, unsigned flags)
{
	return load_shown(name, options, flags, NULL);
}

START_TEST(loads_dependencies_first)
{
	root_write(&root, "etc/modprobe.d/o.conf", "options a x=1\n");
	ck_assert_int_eq(load("b", "y=2", 0), 0);
	ck_assert_str_eq(fake_log(), "finit a x=1  0\nfinit b y=2 0\n");
	ck_assert(fake_is_loaded("b"));
}
END_TEST

START_TEST(passes_over_what_is_loaded)
{
	char shown[64] = "";

	fake_load("a", 0);
	ck_assert_int_eq(load_shown("b", "", 0, shown), 0);
	ck_assert_str_eq(fake_log(), "finit b  0\n");
	ck_assert_str_eq(shown, "b ");
	fake_forget();
	ck_assert_int_eq(load("b", "", 0), 0);
	ck_assert_str_eq(fake_log(), "");
	ck_assert_int_eq(load("b", "", MOD_RUN_FIRST_TIME), -EEXIST);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_STATE);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "b");
	ck_assert_int_eq(load("inside", "", 0), 0);
	ck_assert_int_eq(load("inside", "", MOD_RUN_FIRST_TIME), -EEXIST);
}
END_TEST

START_TEST(errors_are_of_the_last_call)
{
	struct mod_signer *signer;
	struct mod_targets *targets;
	struct mod_module *module;

	struct mod_signer_opts opts = { .key = "key", .cert = "cert" };
	ck_assert_int_eq(mod_signer_new(ctx, &opts, &signer), -EINVAL);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_CALLER);
	opts = (struct mod_signer_opts){ .size = sizeof opts };
	ck_assert_int_eq(mod_signer_new(ctx, &opts, &signer), -EINVAL);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_CALLER);
	ck_assert_int_eq(mod_module_open(ctx, "/nosuch", &module), -ENOENT);
	ck_assert_int_eq(mod_error_code(mod_ctx_error(ctx)), -ENOENT);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)), MOD_ORIGIN_FILE);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "/nosuch");
	ck_assert_str_ne(mod_error_message(mod_ctx_error(ctx)), "");
	ck_assert_int_eq(mod_find(ctx, "nosuch", &targets), 1);
	ck_assert_int_eq(mod_error_code(mod_ctx_error(ctx)), 0);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)), MOD_ORIGIN_NONE);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "");
	ck_assert_str_eq(mod_error_message(mod_ctx_error(ctx)), "");
}
END_TEST

START_TEST(an_error_has_words_without_memory)
{
	struct mod_targets *targets;

	for (size_t n = 0;; n++) {
		struct mod_ctx *c = root_ctx(&root);
		fail_from(n);
		int r = mod_find_path(c, root.dir, &targets);
		bool hit = fail_off();
		if (r < 0)
			ck_assert_str_ne(mod_error_message(mod_ctx_error(c)),
					 "");
		else
			mod_targets_free(targets);
		mod_ctx_free(c);
		if (!hit)
			break;
	}
}
END_TEST

START_TEST(changes_nothing_in_a_dry_run)
{
	char shown[64] = "";

	root_write(&root, "etc/modprobe.d/o.conf", "install a run\n");
	ck_assert_int_eq(load_shown("b", "", MOD_RUN_DRY, shown), 0);
	ck_assert_str_eq(shown, "a b ");
	ck_assert_str_eq(fake_log(), "");
}
END_TEST

START_TEST(stops_at_a_dependency_that_fails_and_names_it)
{
	fake_fail("a", ENODEV);
	ck_assert_int_eq(load("b", "", 0), -ENODEV);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_KERNEL);
	ck_assert_ptr_nonnull(
		strstr(mod_error_subject(mod_ctx_error(ctx)), "/k/a.ko"));
	ck_assert_str_eq(fake_log(), "finit a  0\n");
}
END_TEST

START_TEST(goes_on_without_a_softdep_that_fails)
{
	root_write(&root, "etc/modprobe.d/o.conf",
		   "softdep b pre: s1 post: s2\n");
	fake_fail("s1", ENODEV);
	ck_assert_int_eq(load("b", "", 0), 0);
	ck_assert_str_eq(fake_log(),
			 "finit a  0\nfinit s1  0\nfinit b  0\nfinit s2  0\n");
}
END_TEST

START_TEST(names_a_file_that_is_missing)
{
	char path[256];

	snprintf(path, sizeof path, "%s/lib/modules/1.0/k/a.ko", root.dir);
	remove(path);
	ck_assert_int_eq(load("b", "", 0), -ENOENT);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)), MOD_ORIGIN_FILE);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), path);
	ck_assert_str_eq(fake_log(), "");
}
END_TEST

START_TEST(says_when_an_alias_leads_nowhere)
{
	root_write(&root, "etc/modprobe.d/o.conf", "alias x nosuch\n");
	ck_assert_int_eq(load("x", "", 0), -ENOENT);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_LOOKUP);
	ck_assert_str_eq(mod_error_message(mod_ctx_error(ctx)),
			 "nosuch: no file has this name");
}
END_TEST

START_TEST(hands_options_to_a_command_as_a_variable)
{
	root_write(&root, "etc/modprobe.d/o.conf",
		   "install a run $CMDLINE_OPTS\noptions a x=1\n");
	ck_assert_int_eq(load("a", "y=$(evil)", 0), 0);
	ck_assert_str_eq(fake_log(),
			 "sh run $CMDLINE_OPTS "
			 "[MODPROBE_MODULE=a] "
			 "[CMDLINE_OPTS=x=1 y=$(evil)] [MODPROBE_DEPTH=1]\n");
}
END_TEST

static int command(void *data, const struct mod_step *step)
{
	sprintf((char *)data + strlen(data), "%s=%s(%s) ", mod_step_name(step),
		mod_step_command(step), mod_step_options(step));
	return strcmp(mod_step_command(step), "fail") == 0 ? -EIO : 0;
}

static char *const *environment(void *data)
{
	static char *const list[] = { (char *)"PATH=/p", NULL };

	return data ? NULL : list;
}

static int load_by(const char *name, const struct mod_run_opts *opts)
{
	struct mod_targets *targets;
	struct mod_plan *plan;

	ck_assert_int_eq(mod_find(ctx, name, &targets), 0);
	ck_assert_int_eq(
		mod_plan_load(ctx, mod_targets_at(targets, 0), "y=2", 0, &plan),
		0);
	int r = mod_plan_run(ctx, plan, opts);
	mod_plan_free(plan);
	mod_targets_free(targets);
	return r;
}

START_TEST(leaves_commands_to_the_caller)
{
	char seen[128] = "";
	const struct mod_run_opts opts = { .size = sizeof opts,
					   .command = command,
					   .data = seen };

	root_write(&root, "etc/modprobe.d/o.conf",
		   "install a /bin/true\ninstall b fail\n");
	ck_assert_int_eq(load_by("b", &opts), -EIO);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_COMMAND);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "b");
	ck_assert_str_eq(seen, "a=/bin/true() b=fail(y=2) ");
	ck_assert_str_eq(fake_log(), "");
}
END_TEST

START_TEST(gives_commands_the_callers_environment)
{
	struct mod_run_opts opts = { .size = sizeof opts,
				     .depth = MOD_RUN_DEPTH_MAX - 1,
				     .environment = environment };

	root_write(&root, "etc/modprobe.d/o.conf", "install a run\n");
	ck_assert_int_eq(load_by("a", &opts), 0);
	ck_assert_str_eq(fake_log(),
			 "sh run {PATH=/p} [MODPROBE_MODULE=a] "
			 "[CMDLINE_OPTS=y=2] [MODPROBE_DEPTH=20]\n");
	fake_forget();
	opts.data = &opts;
	ck_assert_int_eq(load_by("a", &opts), -ENOMEM);
	opts.depth = MOD_RUN_DEPTH_MAX;
	ck_assert_int_eq(load_by("a", &opts), -EINVAL);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_CONFIG);
	opts.depth = (unsigned)-1;
	ck_assert_int_eq(load_by("a", &opts), -EINVAL);
	ck_assert_str_eq(fake_log(), "");
}
END_TEST

static void skipped(void *data, const struct mod_step *step,
		    const struct mod_error *error)
{
	sprintf((char *)data + strlen(data), "%s %d;", mod_step_name(step),
		mod_error_code(error));
}

START_TEST(reports_the_steps_that_it_goes_on_without)
{
	char seen[64] = "";
	const struct mod_run_opts opts = { .size = sizeof opts,
					   .skipped = skipped,
					   .data = seen };

	root_write(&root, "etc/modprobe.d/o.conf", "softdep b pre: s1\n");
	fake_fail("s1", ENODEV);
	ck_assert_int_eq(load_by("b", &opts), 0);
	ck_assert_str_eq(seen, "s1 -19;");
	ck_assert_int_eq(mod_error_code(mod_ctx_error(ctx)), 0);
}
END_TEST

START_TEST(options_may_be_absent_and_need_a_size)
{
	struct mod_run_opts opts = { .size = 0 };

	ck_assert_int_eq(load_by("a", &opts), -EINVAL);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_CALLER);
	ck_assert_str_eq(fake_log(), "");
	ck_assert_int_eq(load_by("a", NULL), 0);
	ck_assert_str_eq(fake_log(), "finit a y=2 0\n");
}
END_TEST

START_TEST(a_command_that_fails_or_is_killed_is_a_failure)
{
	root_write(&root, "etc/modprobe.d/o.conf", "install a run\n");
	fake_shell_status(W_EXITCODE(3, 0));
	ck_assert_int_eq(load("b", "", 0), -EINVAL);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_COMMAND);
	ck_assert_str_eq(mod_error_message(mod_ctx_error(ctx)),
			 "Error running install command 'run' for module a: "
			 "retcode 3");
	fake_shell_status(W_EXITCODE(0, 9));
	ck_assert_int_eq(load("b", "", 0), -EINVAL);
	ck_assert_ptr_nonnull(
		strstr(mod_error_message(mod_ctx_error(ctx)), "signal 9"));
	ck_assert(!fake_is_loaded("b"));
}
END_TEST

START_TEST(true_and_false_start_nothing)
{
	root_write(&root, "etc/modprobe.d/o.conf",
		   "install a /bin/true\ninstall s1 /bin/false\n");
	ck_assert_int_eq(load("a", "", 0), 0);
	ck_assert_int_eq(load("s1", "", 0), -EINVAL);
	ck_assert_str_eq(fake_log(), "");
}
END_TEST

START_TEST(hands_force_flags_on)
{
	ck_assert_int_eq(
		load("a", "",
		     MOD_RUN_FORCE_VERMAGIC | MOD_RUN_FORCE_MODVERSION),
		0);
	ck_assert_str_eq(fake_log(), "finit a  3\n");
}
END_TEST

START_TEST(falls_back_to_init_module)
{
	fake_fail("a", ENOSYS);
	ck_assert_int_eq(load("a", "x", 0), 0);
	ck_assert_str_eq(fake_log(), "finit a x 0\ninit 9 x\n");
}
END_TEST

START_TEST(lets_the_kernel_unpack_what_it_can)
{
	/* gzip's magic is all that matters as long as the kernel takes it. */
	root_write_bytes(&root, "lib/modules/1.0/k/a.ko",
			 "\x1f\x8b\x08\0\0\0\0\0", 8);
	root_write(&root, "sys/module/compression", "gzip\n");
	ck_assert_int_eq(load("a", "", 0), 0);
	ck_assert_str_eq(fake_log(), "finit a  4\n");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("run");
	TCase *tc = tcase_create("run");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, loads_dependencies_first);
	tcase_add_test(tc, passes_over_what_is_loaded);
	tcase_add_test(tc, errors_are_of_the_last_call);
	tcase_add_test(tc, an_error_has_words_without_memory);
	tcase_add_test(tc, changes_nothing_in_a_dry_run);
	tcase_add_test(tc, stops_at_a_dependency_that_fails_and_names_it);
	tcase_add_test(tc, goes_on_without_a_softdep_that_fails);
	tcase_add_test(tc, names_a_file_that_is_missing);
	tcase_add_test(tc, says_when_an_alias_leads_nowhere);
	tcase_add_test(tc, hands_options_to_a_command_as_a_variable);
	tcase_add_test(tc, leaves_commands_to_the_caller);
	tcase_add_test(tc, gives_commands_the_callers_environment);
	tcase_add_test(tc, reports_the_steps_that_it_goes_on_without);
	tcase_add_test(tc, options_may_be_absent_and_need_a_size);
	tcase_add_test(tc, a_command_that_fails_or_is_killed_is_a_failure);
	tcase_add_test(tc, true_and_false_start_nothing);
	tcase_add_test(tc, hands_force_flags_on);
	tcase_add_test(tc, falls_back_to_init_module);
	tcase_add_test(tc, lets_the_kernel_unpack_what_it_can);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
