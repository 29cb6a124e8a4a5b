/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* After a failure every public function that can fail clears the error or sets
 * its own, and every other one leaves it alone.
 */
#include "testsuite/fake/kernel.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

static struct root root;
static struct mod_ctx *ctx;
static const char earlier[] = "/an/earlier/failure.ko";

enum kind { STATUS, OTHER };

/* The functions that were called. */
static struct {
	const char *name;
	enum kind kind;
} called[256];
static size_t called_count;

static void start(void)
{
	root_make(&root);
	fake_start(root.dir);
	root_modules(
		&root,
		(const char *const[]){ "k/a.ko:", "k/b.ko: k/a.ko", NULL });
	root_write(&root, "etc/modprobe.d/x.conf",
		   "blacklist a\noptions b x=1\nalias from a\n");
	root_write(&root, "proc/modules", "b 1 0 - Live 0x0\n");
	ctx = root_ctx(&root);
	called_count = 0;
}

static void stop(void)
{
	mod_ctx_free(ctx);
	fake_end();
	root_remove(&root);
}

static void fail_before(const char *name, enum kind kind)
{
	struct mod_module *module;

	ck_assert_uint_lt(called_count, sizeof called / sizeof *called);
	called[called_count].name = name;
	called[called_count++].kind = kind;
	ck_assert_int_eq(mod_module_open(ctx, earlier, &module), -ENOENT);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), earlier);
}

static void expect_own(const char *name, int r)
{
	const struct mod_error *error = mod_ctx_error(ctx);
	bool failed = r < 0;

	ck_assert_msg(mod_error_code(error) == (failed ? r : 0),
		      "%s: returned %d, and the error is %d", name, r,
		      mod_error_code(error));
	ck_assert_msg((mod_error_origin(error) == MOD_ORIGIN_NONE) == !failed,
		      "%s: origin", name);
	ck_assert_msg(strcmp(mod_error_subject(error), earlier) != 0,
		      "%s: subject", name);
	ck_assert_msg(!*mod_error_message(error) == !failed, "%s: message",
		      name);
	if (!failed) {
		ck_assert_str_eq(mod_error_subject(error), "");
		ck_assert_str_eq(mod_error_advice(error), "");
	}
}

static void expect_kept(const char *name)
{
	const struct mod_error *error = mod_ctx_error(ctx);

	ck_assert_msg(mod_error_code(error) == -ENOENT &&
			      strcmp(mod_error_subject(error), earlier) == 0,
		      "%s: the error is gone", name);
}

/* One that can succeed here, and does. */
#define SUCCEEDS(fn, ...)                                                      \
	do {                                                                   \
		fail_before(#fn, STATUS);                                      \
		int r_ = fn(__VA_ARGS__);                                      \
		ck_assert_msg(r_ >= 0, "%s: %d", #fn, r_);                     \
		expect_own(#fn, r_);                                           \
	} while (0)

#define FAILS(fn, ...)                                                         \
	do {                                                                   \
		fail_before(#fn, STATUS);                                      \
		int r_ = fn(__VA_ARGS__);                                      \
		ck_assert_msg(r_ < 0, "%s: %d", #fn, r_);                      \
		expect_own(#fn, r_);                                           \
	} while (0)

/* One that leaves the error alone. */
#define KEEPS(fn, ...)                                                         \
	do {                                                                   \
		fail_before(#fn, OTHER);                                       \
		(void)fn(__VA_ARGS__);                                         \
		expect_kept(#fn);                                              \
	} while (0)

static void call_ctx(void)
{
	const char *text;
	struct mod_ctx *other;

	KEEPS(mod_version);
	KEEPS(mod_features);
	fail_before("mod_ctx_new", STATUS);
	ck_assert_int_eq(mod_ctx_new(&other), 0);
	expect_kept("mod_ctx_new"); /* of another context */
	KEEPS(mod_ctx_free, other);
	KEEPS(mod_ctx_set_log, ctx, NULL, NULL, LOG_EMERG);
	KEEPS(mod_ctx_error, ctx);
	KEEPS(mod_error_code, mod_ctx_error(ctx));
	KEEPS(mod_error_origin, mod_ctx_error(ctx));
	KEEPS(mod_error_subject, mod_ctx_error(ctx));
	KEEPS(mod_error_message, mod_ctx_error(ctx));
	KEEPS(mod_error_advice, mod_ctx_error(ctx));
	SUCCEEDS(mod_ctx_tree_dir, ctx, &text);
	ck_assert_int_eq(mod_ctx_new(&other), 0);
	struct mod_ctx *own = ctx;
	ctx = other;
	SUCCEEDS(mod_ctx_set_root, ctx, "/");
	SUCCEEDS(mod_ctx_set_release, ctx, "1.0");
	SUCCEEDS(mod_ctx_set_proc, ctx, "/nosuch");
	SUCCEEDS(mod_ctx_set_sys, ctx, "/nosuch");
	SUCCEEDS(mod_ctx_set_config_root, ctx, "/nosuch");
	SUCCEEDS(mod_ctx_add_config, ctx, "/nosuch");
	ctx = own;
	mod_ctx_free(other);
}

/* They know no context. */
static void call_names(void)
{
	char buf[32];
	int r;

	fail_before("mod_name_of", STATUS);
	r = mod_name_of(buf, sizeof buf, "a.ko");
	ck_assert_int_eq(r, 0);
	expect_kept("mod_name_of");
	fail_before("mod_name_of_path", STATUS);
	r = mod_name_of_path(buf, sizeof buf, "/a.ko");
	ck_assert_int_eq(r, 0);
	expect_kept("mod_name_of_path");
	KEEPS(mod_signature_name, MOD_SIGNATURE_WEAK);
}

static int see_rule(void *data, const struct mod_rule *rule);

static int see_module_of_tree(void *data, const struct mod_tree_module *module)
{
	(void)data, (void)module;
	return 1;
}

static void call_related(const struct mod_target *target)
{
	struct mod_targets *targets = NULL;
	const struct mod_rule *rule;
	const char *options;

	SUCCEEDS(mod_target_find_related, target, MOD_RELATION_DEPENDENCY,
		 &targets);
	KEEPS(mod_target_relation_rule, target);
	mod_targets_free(targets);
	SUCCEEDS(mod_target_install_rule, target, &rule);
	SUCCEEDS(mod_target_remove_rule, target, &rule);
	SUCCEEDS(mod_target_options, target, &options);
	SUCCEEDS(mod_target_options_each, target, see_rule, NULL);
	SUCCEEDS(mod_tree_modules_each, ctx, see_module_of_tree, NULL);
}

static void call_find(void)
{
	struct mod_targets *targets = NULL;
	const char *path;

	SUCCEEDS(mod_find_name, ctx, "a", &targets);
	mod_targets_free(targets);
	SUCCEEDS(mod_find_indexed, ctx, "a", &targets);
	mod_targets_free(targets);
	SUCCEEDS(mod_find_loaded, ctx, "a", &targets);
	mod_targets_free(targets);
	SUCCEEDS(mod_find_path, ctx, root_path(&root, "lib/modules/1.0/k/a.ko"),
		 &targets);
	mod_targets_free(targets);
	SUCCEEDS(mod_is_builtin, ctx, "a");
	FAILS(mod_find, ctx, "a[", &targets);
	SUCCEEDS(mod_find, ctx, "nosuch", &targets);
	SUCCEEDS(mod_find, ctx, "from", &targets);

	const struct mod_target *target = mod_targets_at(targets, 0);
	KEEPS(mod_targets_count, targets);
	KEEPS(mod_targets_at, targets, 0);
	KEEPS(mod_target_name, target);
	SUCCEEDS(mod_target_path, target, &path);
	KEEPS(mod_target_alias, target);
	KEEPS(mod_target_rule, target);
	KEEPS(mod_target_route, target);
	SUCCEEDS(mod_target_is_builtin, target);
	SUCCEEDS(mod_target_is_loaded, target);
	call_related(target);
	KEEPS(mod_targets_free, targets);
}

static int see_rule(void *data, const struct mod_rule *rule)
{
	(void)data;
	KEEPS(mod_rule_kind, rule);
	KEEPS(mod_rule_name, rule);
	KEEPS(mod_rule_text, rule);
	KEEPS(mod_rule_file, rule);
	KEEPS(mod_rule_line, rule);
	return 1;
}

static int see_alias(void *data, const struct mod_alias *alias)
{
	(void)data, (void)alias;
	return 1;
}

static void call_config(void)
{
	SUCCEEDS(mod_config_each, ctx, see_rule, NULL);
	SUCCEEDS(mod_alias_each, ctx, see_alias, NULL);
	SUCCEEDS(mod_options_each, ctx, "b", see_rule, NULL);
	SUCCEEDS(mod_modules_load_each, ctx, NULL, see_rule, NULL);
	FAILS(mod_modules_load_each, ctx, "/nosuch", see_rule, NULL);
}

static void over(void *data, const struct mod_error *error)
{
	(void)data;
	ck_assert_int_eq(mod_error_code(error), 0);
}

static int see_fault(void *data, const struct mod_parameter_fault *fault)
{
	(void)data, (void)fault;
	return 1;
}

static void call_plan(void)
{
	struct mod_targets *targets;
	struct mod_plan *plan;
	const struct mod_run_opts dry = { .size = sizeof dry,
					  .flags = MOD_RUN_DRY };

	ck_assert_int_eq(mod_find(ctx, "from", &targets), 0);
	SUCCEEDS(mod_plan_load, ctx, mod_targets_at(targets, 0), "", 0, &plan);
	KEEPS(mod_plan_blacklist, plan);
	mod_plan_free(plan);
	mod_targets_free(targets);
	ck_assert_int_eq(mod_find(ctx, "a", &targets), 0);
	const struct mod_target *target = mod_targets_at(targets, 0);
	SUCCEEDS(mod_plan_load_all, ctx, &target, NULL, 1, 0, &plan);
	mod_plan_free(plan);
	SUCCEEDS(mod_plan_load, ctx, target, "", 0, &plan);
	SUCCEEDS(mod_plan_run, ctx, plan, &dry);
	fake_fail("a", ENOEXEC);
	FAILS(mod_plan_run, ctx, plan, NULL);
	const struct mod_job job = { .plan = plan };
	SUCCEEDS(mod_jobs_run, ctx, &job, 1, 1, &dry, over);
	KEEPS(mod_plan_count, plan);
	KEEPS(mod_plan_at, plan, 0);
	KEEPS(mod_plan_step, plan, "a");
	const struct mod_step *step = mod_plan_at(plan, 0);
	KEEPS(mod_step_action, step);
	KEEPS(mod_step_asked_by, step);
	KEEPS(mod_step_command, step);
	KEEPS(mod_step_forbids, step);
	KEEPS(mod_step_name, step);
	KEEPS(mod_step_options, step);
	KEEPS(mod_step_path, step);
	KEEPS(mod_step_policy_subject, step);
	KEEPS(mod_step_route, step);
	KEEPS(mod_step_rule, step, MOD_RULE_ASKED);
	KEEPS(mod_step_verdict, step);
	SUCCEEDS(mod_step_faults_each, ctx, step, see_fault, NULL);
	KEEPS(mod_plan_free, plan);
	const struct mod_unload_opts opts = { .size = sizeof opts,
					      .run = &dry };
	SUCCEEDS(mod_unload, ctx, target, &opts);
	mod_targets_free(targets);
}

static void call_kernel(void)
{
	enum mod_state state;

	fake_fail("a", ENOEXEC);
	FAILS(mod_insert, ctx, root_path(&root, "lib/modules/1.0/k/a.ko"), "",
	      0);
	FAILS(mod_insert_fd, ctx, open("/dev/null", O_RDONLY | O_CLOEXEC),
	      "null", "", 0);
	fake_load("b", 0);
	SUCCEEDS(mod_loaded_state_of, ctx, "b", &state);
	SUCCEEDS(mod_remove, ctx, "b", 0);
	FAILS(mod_remove, ctx, "b", 0);
	fake_load("b", 0);
	SUCCEEDS(mod_remove_wait, ctx, "b", 0, 10);
	FAILS(mod_remove_wait, ctx, "b", 0, 10);
}

static int see_loaded(void *data, const struct mod_loaded *mod)
{
	(void)data;
	KEEPS(mod_loaded_name, mod);
	KEEPS(mod_loaded_size, mod);
	KEEPS(mod_loaded_users, mod);
	KEEPS(mod_loaded_holders, mod);
	KEEPS(mod_loaded_state, mod);
	KEEPS(mod_loaded_taints, mod);
	KEEPS(mod_loaded_is_permanent, mod);
	return 1;
}

static int see_value(void *data, const struct mod_parameter_value *parameter)
{
	(void)data, (void)parameter;
	return 1;
}

static int see_allowed(void *data, const struct mod_allowed *module)
{
	(void)data, (void)module;
	return 1;
}

static void call_loaded(void)
{
	SUCCEEDS(mod_loaded_each, ctx, see_loaded, NULL);
	SUCCEEDS(mod_loaded_parameters_each, ctx, "b", see_value, NULL);
	SUCCEEDS(mod_allow_each, ctx, see_allowed, NULL);
}

static void call_check(void)
{
	struct mod_check *check;

	SUCCEEDS(mod_check_new, ctx, "a", &check);
	KEEPS(mod_check_name, check);
	KEEPS(mod_check_state, check);
	KEEPS(mod_check_kmod_loads, check);
	KEEPS(mod_check_count, check);
	KEEPS(mod_check_at, check, 0);
	const struct mod_check_path *path = mod_check_at(check, 0);
	KEEPS(mod_check_path_barrier, path);
	KEEPS(mod_check_path_command, path);
	KEEPS(mod_check_path_kmod_loads, path);
	KEEPS(mod_check_path_module, path);
	KEEPS(mod_check_path_outcome, path);
	KEEPS(mod_check_path_route, path);
	KEEPS(mod_check_path_rule, path);
	KEEPS(mod_check_path_via, path);
	KEEPS(mod_check_free, check);
}

static int see_field(void *data, const struct mod_field *field)
{
	(void)data, (void)field;
	return 1;
}

static int see_symbol(void *data, const struct mod_symbol *symbol)
{
	(void)data, (void)symbol;
	return 1;
}

static void call_module(void)
{
	struct mod_module *module;
	const void *id;
	size_t len;

	root_write(&root, "text.ko", "text, and no module");
	SUCCEEDS(mod_module_open, ctx, root_path(&root, "text.ko"), &module);
	KEEPS(mod_module_path, module);
	FAILS(mod_module_info_each, module, see_field, NULL);
	FAILS(mod_module_exports_each, module, see_symbol, NULL);
	FAILS(mod_module_imports_each, module, see_symbol, NULL);
	FAILS(mod_module_versions_each, module, see_symbol, NULL);
	FAILS(mod_module_build_id, module, &id, &len);
	SUCCEEDS(mod_module_signature_each, module, see_field, NULL);
	SUCCEEDS(mod_builtin_info_each, ctx, "a", see_field, NULL);
	KEEPS(mod_module_free, module);
}

static void call_keyring(void)
{
	struct mod_keyring *keyring;
	struct mod_module *module;
	enum mod_signature result;

	SUCCEEDS(mod_keyring_new, ctx, &keyring);
	FAILS(mod_keyring_add, keyring, "/nosuch");
	FAILS(mod_keyring_add_builtin, keyring);
	SUCCEEDS(mod_keyring_add_system, keyring);
	KEEPS(mod_keyring_count, keyring);
	ck_assert_int_eq(
		mod_module_open(ctx, root_path(&root, "text.ko"), &module), 0);
	SUCCEEDS(mod_keyring_verify, keyring, module, &result, NULL, NULL);
	mod_module_free(module);
	KEEPS(mod_keyring_free, keyring);
}

static void call_signer(void)
{
	const struct mod_signer_opts opts = { .size = sizeof opts };
	struct mod_signer *signer = NULL;

	FAILS(mod_signer_new, ctx, &opts, &signer);
	FAILS(mod_signer_sign, signer, ctx, "/nosuch", 0);
	FAILS(mod_signer_strip, ctx, "/nosuch");
	KEEPS(mod_signer_free, signer);
}

static int see_module(void *data, const struct mod_depmod_module *module)
{
	(void)data;
	KEEPS(mod_depmod_module_name, module);
	KEEPS(mod_depmod_module_path, module);
	KEEPS(mod_depmod_module_depends_count, module);
	KEEPS(mod_depmod_module_depends_at, module, 0);
	KEEPS(mod_depmod_module_loads_count, module);
	KEEPS(mod_depmod_module_loads_at, module, 0);
	return 1;
}

static void call_depmod(void)
{
	struct mod_depmod_opts opts = { .size = 0 };

	FAILS(mod_depmod_run, ctx, &opts, NULL);
	opts = (struct mod_depmod_opts){ .size = sizeof opts,
					 .module = see_module };
	SUCCEEDS(mod_depmod_run, ctx, &opts, NULL);
}

static bool was_called(const char *name, enum kind *kind)
{
	for (size_t i = 0; i < called_count; i++) {
		*kind = called[i].kind;
		if (strcmp(called[i].name, name) == 0)
			return true;
	}
	return false;
}

/* A source file, which is free()d by the caller. */
static char *source(const char *name)
{
	const char *top = getenv("top_srcdir");
	char path[4096];
	char *text = NULL;
	size_t size = 0;

	snprintf(path, sizeof path, "%s/%s", top ? top : ".", name);
	FILE *file = fopen(path, "re");
	ck_assert_msg(file, "%s: %s", path, strerror(errno));
	ck_assert_int_gt(getdelim(&text, &size, '\0', file), 0);
	fclose(file);
	return text;
}

static void check_name(const char *at, size_t len, enum kind least)
{
	char name[64] = "";
	enum kind kind;

	ck_assert_uint_lt(len, sizeof name);
	memcpy(name, at, len);
	ck_assert_msg(was_called(name, &kind), "%s: not called by this test",
		      name);
	ck_assert_msg(kind <= least, "%s: can fail, but is called as a getter",
		      name);
}

/* Every function that is exported was called. */
static void check_map(void)
{
	char *map = source("libmod/libmod.map");
	size_t n = 0;

	for (const char *at = map; (at = strstr(at, "\n\tmod_")); n++) {
		at += 2;
		check_name(at, strcspn(at, ";"), OTHER);
	}
	ck_assert_uint_gt(n, 100);
	free(map);
}

/* Every function that returns a status was called as such. */
static void check_header(void)
{
	char *header = source("libmod/libmod.h");
	const char *at = strchr(strstr(header, "#define MOD_MUST_CHECK"), '\n');
	size_t n = 0;

	for (; (at = strstr(at, "MOD_MUST_CHECK")); n++) {
		at = strchr(at, '(');
		const char *name = at;
		while (name[-1] == '_' || isalnum((unsigned char)name[-1]))
			name--;
		check_name(name, (size_t)(at - name), STATUS);
	}
	ck_assert_uint_gt(n, 40);
	free(header);
}

START_TEST(each_call_has_its_own_error)
{
	bool crypto = strstr(mod_features(), "+OPENSSL");

	call_ctx();
	call_names();
	call_find();
	call_config();
	call_plan();
	call_kernel();
	call_loaded();
	call_check();
	call_module();
	if (crypto)
		call_keyring();
	call_signer();
	call_depmod();

	/* The functions for signatures are not called without libcrypto. */
	if (crypto) {
		check_map();
		check_header();
	}
}
END_TEST

START_TEST(advice_is_of_the_last_error)
{
	struct mod_targets *targets;
	struct mod_plan *plan;

	root_write(&root, "etc/modprobe.d/x.conf", "mask a\n");
	ck_assert_int_eq(mod_find(ctx, "a", &targets), 0);
	int r = mod_plan_load(ctx, mod_targets_at(targets, 0), "", 0, &plan);
	ck_assert_int_eq(r, 0);
	r = mod_plan_run(
		ctx, plan,
		&(struct mod_run_opts){ .size = sizeof(struct mod_run_opts),
					.flags = MOD_RUN_DRY });
	ck_assert_int_eq(r, -EPERM);
	ck_assert_str_ne(mod_error_advice(mod_ctx_error(ctx)), "");
	ck_assert_int_eq(mod_remove(ctx, "nosuch", 0), -ENOENT);
	ck_assert_str_eq(mod_error_advice(mod_ctx_error(ctx)), "");
	mod_plan_free(plan);
	mod_targets_free(targets);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("error");
	TCase *tc = tcase_create("error");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, each_call_has_its_own_error);
	tcase_add_test(tc, advice_is_of_the_last_error);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
