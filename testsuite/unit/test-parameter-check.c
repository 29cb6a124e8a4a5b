/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct root root;
static struct mod_ctx *ctx;

static void start(void)
{
	static const char info[] = "in.parm=size:bytes\0"
				   "in.parmtype=size:int\0"
				   "in.parm=no_colon\0"
				   "in.parmtype=:int\0"
				   "in.parmtype=flag:bool\0"
				   "in.license=GPL\0"
				   "in.parmtype=cut";

	root_make(&root);
	root_modules(&root, (const char *const[]){ "k/file.ko:", NULL });
	root_index(&root, "modules.builtin.bin",
		   (const char *const[]){ "in ", NULL });
	root_write_bytes(&root, "lib/modules/1.0/modules.builtin.modinfo", info,
			 sizeof info);
	root_write(&root, "etc/modprobe.d/o.conf",
		   "options in size=1\noptions in sice=2\n");
	ctx = root_ctx(&root);
}

static void stop(void)
{
	mod_ctx_free(ctx);
	root_remove(&root);
}

/* "NAME=VALUE TYPE NEAREST LINE;" */
static int note(void *data, const struct mod_parameter_fault *fault)
{
	sprintf((char *)data + strlen(data), "%s=%s %s %s %u;", fault->name,
		fault->value ? fault->value : "-",
		fault->type ? fault->type : "-",
		fault->nearest ? fault->nearest : "-",
		fault->rule ? mod_rule_line(fault->rule) : 0);
	return 0;
}

static int end_at_once(void *data, const struct mod_parameter_fault *fault)
{
	(void)fault;
	++*(int *)data;
	return 7;
}

static int each_fault(struct mod_ctx *c, const char *name, const char *options,
		      mod_parameter_fault_fn *fn, void *data)
{
	struct mod_targets *targets;
	struct mod_plan *plan = NULL;
	int r = mod_find(c, name, &targets);

	if (r != 0)
		return r;
	r = mod_plan_load(c, mod_targets_at(targets, 0), options, 0, &plan);
	if (r == 0)
		r = mod_step_faults_each(c, mod_plan_step(plan, name), fn,
					 data);
	mod_plan_free(plan);
	mod_targets_free(targets);
	return r;
}

START_TEST(names_unknown_parameters_and_values_that_do_not_fit)
{
	char seen[256] = "";

	ck_assert_int_eq(each_fault(ctx, "in", "flag=perhaps size far-off=1",
				    note, seen),
			 0);
	ck_assert_str_eq(seen,
			 "sice=2 - size 2;flag=perhaps bool - 0;"
			 "size=- int - 0;far-off=1 - - 0;");
}
END_TEST

START_TEST(ends_with_the_result_of_the_callback)
{
	int calls = 0;

	ck_assert_int_eq(
		each_fault(ctx, "in", "flag=no_bool", end_at_once, &calls), 7);
	ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(has_none_for_a_file_that_cannot_be_read)
{
	char seen[256] = "";

	ck_assert_int_eq(each_fault(ctx, "file", "x=1", note, seen), 0);
	ck_assert_int_eq(mod_error_code(mod_ctx_error(ctx)), 0);
	root_write(&root, "etc/modprobe.d/p.conf", "install file run\n");
	mod_ctx_free(ctx);
	ctx = root_ctx(&root);
	ck_assert_int_eq(each_fault(ctx, "file", "x=1", note, seen), 0);
	ck_assert_str_eq(seen, "");
}
END_TEST

START_TEST(survives_no_memory)
{
	for (size_t n = 0;; n++) {
		struct mod_ctx *c = root_ctx(&root);
		char seen[256] = "";
		fail_at(n);
		int r = each_fault(c, "in", "flag=2", note, seen);
		bool hit = fail_off();
		mod_ctx_free(c);
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("parameter-check");
	TCase *tc = tcase_create("parameter-check");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, names_unknown_parameters_and_values_that_do_not_fit);
	tcase_add_test(tc, ends_with_the_result_of_the_callback);
	tcase_add_test(tc, has_none_for_a_file_that_cannot_be_read);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
