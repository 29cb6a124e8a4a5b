/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What mask, allow, policy and blacklist lines say about one module. */
#include "testsuite/unit/fail.h"
#include "testsuite/unit/image.h"
#include "testsuite/unit/root.h"

#include "libmod/load/policy.h"
#include "libmod/module/module.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct root root;
static struct mod_ctx *ctx;
static struct mod_targets *targets;

static void start(void)
{
	root_make(&root);
	root_modules(
		&root,
		(const char *const[]){ "k/a.ko:", "k/b.ko: k/a.ko",
				       "k/both.ko:", "k/d-dash.ko:", NULL });
	root_index(&root, "modules.builtin.bin",
		   (const char *const[]){ "inside ", "both ", NULL });
	root_index(&root, "modules.alias.bin",
		   (const char *const[]){ "pci:v1* a", NULL });
	ctx = NULL;
	targets = NULL;
}

static void stop(void)
{
	mod_targets_free(targets);
	mod_ctx_free(ctx);
	root_remove(&root);
}

/* A file whose .modinfo is that text of n bytes. */
static void write_module(const char *path, const char *modinfo, size_t n)
{
	struct image im;

	image_init(&im, 0);
	image_add(&im, ".modinfo", modinfo, n);
	image_finish(&im);
	root_write_bytes(&root, path, im.at, im.len);
}

/* The target that a name or a path in the root means, by that configuration. */
static struct mod_target *look_up(const char *config, const char *query)
{
	root_write(&root, "etc/modprobe.d/x.conf", config);
	ctx = root_ctx(&root);
	int r = strchr(query, '/')
		? mod_find_path(ctx, root_path(&root, query), &targets)
		: mod_find(ctx, query, &targets);
	ck_assert_int_eq(r, 0);
	return &targets->at[0];
}

static const struct row {
	const char *config, *query;
	unsigned flags;
	enum mod_verdict verdict;
	unsigned line; /* of the rule; 0: none */
} rows[] = {
	{ "", "a", 0, MOD_VERDICT_NONE, 0 },
	{ "mask b\n", "a", 0, MOD_VERDICT_NONE, 0 },
	{ "mask b\nmask a\n", "a", 0, MOD_VERDICT_MASKED, 2 },
	{ "mask b a\n", "a", 0, MOD_VERDICT_MASKED, 1 },
	{ "mask [ab]\n", "a", 0, MOD_VERDICT_MASKED, 1 },
	{ "mask a\n", "pci:v12", 0, MOD_VERDICT_MASKED, 1 },
	{ "mask pci:v12\n", "pci:v12", 0, MOD_VERDICT_NONE, 0 },
	{ "mask a\n", "a", MOD_PLAN_IGNORE_MASK, MOD_VERDICT_NONE, 0 },
	{ "mask a\n", "a", MOD_PLAN_NO_POLICY, MOD_VERDICT_NONE, 0 },
	{ "mask virt\ninstall virt x\n", "virt", 0, MOD_VERDICT_MASKED, 1 },
	{ "mask a\n", "b", 0, MOD_VERDICT_NONE, 0 },

	/* built-ins, unless a file has that name, too */
	{ "mask inside\n", "inside", 0, MOD_VERDICT_NONE, 0 },
	{ "policy allow-listed\n", "inside", 0, MOD_VERDICT_NONE, 0 },
	{ "mask both\n", "both", 0, MOD_VERDICT_MASKED, 1 },

	/* the allow list */
	{ "allow b\n", "a", 0, MOD_VERDICT_NONE, 0 },
	{ "policy allow-listed\nallow b\n", "a", 0, MOD_VERDICT_UNLISTED, 1 },
	{ "policy allow-listed\nallow b\n", "b", 0, MOD_VERDICT_ALLOWED, 2 },
	{ "policy allow-listed\nallow *\n", "b", 0, MOD_VERDICT_ALLOWED, 2 },
	{ "policy audit\nallow b\n", "a", 0, MOD_VERDICT_AUDITED, 1 },
	{ "policy audit\nallow b\n", "b", 0, MOD_VERDICT_ALLOWED, 2 },
	{ "policy audit\npolicy allow-listed\n", "a", 0, MOD_VERDICT_UNLISTED,
	  2 },
	{ "policy allow-listed\npolicy audit\n", "a", 0, MOD_VERDICT_UNLISTED,
	  1 },
	{ "policy allow-listed\n", "a", MOD_PLAN_NO_POLICY, MOD_VERDICT_NONE,
	  0 },
	{ "policy allow-listed\nallow a\nmask a\n", "a", 0, MOD_VERDICT_MASKED,
	  3 },
	{ "policy allow-listed\nallow a\nmask a\n", "a", MOD_PLAN_IGNORE_MASK,
	  MOD_VERDICT_ALLOWED, 2 },

	/* a file of the user's: its name, and the name in it */
	{ "mask evil\n", "tmp/user.ko", 0, MOD_VERDICT_MASKED, 1 },
	{ "mask user\n", "tmp/user.ko", 0, MOD_VERDICT_MASKED, 1 },
	{ "policy allow-listed\nallow user\n", "tmp/user.ko", 0,
	  MOD_VERDICT_UNLISTED, 1 },
	{ "policy allow-listed\nallow evil\n", "tmp/user.ko", 0,
	  MOD_VERDICT_UNLISTED, 1 },
	{ "policy allow-listed\nallow evil\nallow user\n", "tmp/user.ko", 0,
	  MOD_VERDICT_ALLOWED, 3 },
	{ "mask evil\n", "tmp/nameless.ko", 0, MOD_VERDICT_NONE, 0 },
	{ "policy allow-listed\nallow nameless\n", "tmp/nameless.ko", 0,
	  MOD_VERDICT_ALLOWED, 2 },
};

START_TEST(decides_as_the_table_says)
{
	static const char modinfo[] = "license=GPL\0names=user\0name=evil";
	const struct row *row = &rows[_i];
	struct mod_policy_result policy;

	write_module("tmp/user.ko", modinfo, sizeof modinfo);
	write_module("tmp/nameless.ko", modinfo, sizeof "license=GPL");
	struct mod_target *target = look_up(row->config, row->query);
	ck_assert_int_eq(mod_policy_check(ctx, target, row->flags, &policy), 0);
	ck_assert_int_eq(policy.verdict, row->verdict);
	ck_assert_uint_eq(policy.rule ? policy.rule->line : 0, row->line);
	ck_assert_str_eq(policy.subject, target->name);
}
END_TEST

START_TEST(reads_the_own_name_when_a_rule_asks_for_it)
{
	static const char modinfo[] = "name=evil";
	struct mod_policy_result policy;

	write_module("tmp/user.ko", modinfo, sizeof modinfo);
	struct mod_target *target = look_up("mask b\n", "tmp/user.ko");
	ck_assert_int_eq(mod_policy_check(ctx, target, 0, &policy), 0);
	ck_assert_str_eq(policy.own_name, "evil");
	ck_assert_int_eq(
		mod_policy_check(ctx, target, MOD_PLAN_NO_POLICY, &policy), 0);
	ck_assert_ptr_null(policy.own_name);
}
END_TEST

START_TEST(fails_for_a_file_that_it_cannot_read)
{
	struct mod_policy_result policy;

	root_write(&root, "tmp/user.ko", "no module");
	struct mod_target *target = look_up("mask b\n", "tmp/user.ko");
	ck_assert_int_eq(mod_policy_check(ctx, target, 0, &policy), -ENOEXEC);
}
END_TEST

START_TEST(a_name_that_is_too_long_is_none)
{
	char modinfo[sizeof "name=" + MOD_NAME_MAX], name[MOD_NAME_MAX];
	struct mod_module *module;

	memset(modinfo, 'x', sizeof modinfo);
	memcpy(modinfo, "name=", strlen("name="));
	modinfo[sizeof modinfo - 1] = '\0';
	write_module("tmp/user.ko", modinfo, sizeof modinfo);
	/* One byte less, and it is one. */
	modinfo[sizeof modinfo - 2] = '\0';
	write_module("tmp/short.ko", modinfo, sizeof modinfo);
	ctx = root_ctx(&root);

	ck_assert_int_eq(
		mod_module_open(ctx, root_path(&root, "tmp/user.ko"), &module),
		0);
	ck_assert_int_eq(mod_policy_own_name(module, name), 0);
	ck_assert_str_eq(name, "");
	mod_module_free(module);
	ck_assert_int_eq(
		mod_module_open(ctx, root_path(&root, "tmp/short.ko"), &module),
		0);
	ck_assert_int_eq(mod_policy_own_name(module, name), 0);
	ck_assert_uint_eq(strlen(name), MOD_NAME_MAX - 1);
	mod_module_free(module);
}
END_TEST

START_TEST(finds_the_mask_of_a_name)
{
	const struct mod_rule *rule;

	root_write(&root, "etc/modprobe.d/x.conf", "mask b\nmask a*\n");
	ctx = root_ctx(&root);
	ck_assert_int_eq(mod_policy_mask(ctx, "abc", 0, &rule), 0);
	ck_assert_uint_eq(rule->line, 2);
	ck_assert_int_eq(mod_policy_mask(ctx, "c", 0, &rule), 0);
	ck_assert_ptr_null(rule);
	ck_assert_int_eq(
		mod_policy_mask(ctx, "abc", MOD_PLAN_IGNORE_MASK, &rule), 0);
	ck_assert_ptr_null(rule);
}
END_TEST

static const struct blacklist_row {
	const char *config, *query;
	unsigned flags, line;
} blacklists[] = {
	{ "", "pci:v12", 0, 0 },
	{ "blacklist a\n", "a", 0, 0 },
	{ "blacklist a\n", "a", MOD_PLAN_BLACKLIST_ALL, 1 },
	{ "blacklist b\nblacklist a\n", "pci:v12", 0, 2 },
	/* a mask is reported, so it goes first */
	{ "blacklist a\nmask a\n", "pci:v12", 0, 0 },
	{ "blacklist a\nmask a\n", "pci:v12", MOD_PLAN_IGNORE_MASK, 1 },
	{ "blacklist a\npolicy allow-listed\n", "pci:v12", 0, 1 },
};

START_TEST(finds_the_blacklist_that_stops_a_target)
{
	const struct blacklist_row *row = &blacklists[_i];
	const struct mod_rule *rule;

	struct mod_target *target = look_up(row->config, row->query);
	ck_assert_int_eq(mod_policy_blacklist(ctx, target, row->flags, &rule),
			 0);
	ck_assert_uint_eq(rule ? rule->line : 0, row->line);
}
END_TEST

START_TEST(blacklists_as_kmod_when_it_is_asked_to)
{
	const struct mod_rule *rule;

	root_write(&root, "proc/cmdline", "modprobe.blacklist=d-dash\n");
	struct mod_target *target = look_up("", "d-dash");
	ck_assert_int_eq(mod_policy_blacklist(ctx, target,
					      MOD_PLAN_BLACKLIST_ALL, &rule),
			 0);
	ck_assert_ptr_nonnull(rule);
	ck_assert_int_eq(
		mod_policy_blacklist(ctx, target,
				     MOD_PLAN_BLACKLIST_ALL | MOD_PLAN_AS_KMOD,
				     &rule),
		0);
	ck_assert_ptr_null(rule);
}
END_TEST

START_TEST(survives_no_memory)
{
	static const char modinfo[] = "name=evil";

	write_module("tmp/user.ko", modinfo, sizeof modinfo);
	for (size_t i = 0;; i++) {
		struct mod_policy_result policy;
		struct mod_target *target = look_up(
			"policy allow-listed\nallow user\n", "tmp/user.ko");
		fail_at(i);
		int r = mod_policy_check(ctx, target, 0, &policy);
		bool hit = fail_off();
		ck_assert_int_eq(r, hit ? -ENOMEM : 0);
		if (!hit) {
			ck_assert_int_eq(policy.verdict, MOD_VERDICT_UNLISTED);
			break;
		}
		mod_targets_free(targets);
		mod_ctx_free(ctx);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("policy");
	TCase *tc = tcase_create("policy");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_loop_test(tc, decides_as_the_table_says, 0,
			    sizeof rows / sizeof *rows);
	tcase_add_test(tc, reads_the_own_name_when_a_rule_asks_for_it);
	tcase_add_test(tc, fails_for_a_file_that_it_cannot_read);
	tcase_add_test(tc, a_name_that_is_too_long_is_none);
	tcase_add_test(tc, finds_the_mask_of_a_name);
	tcase_add_loop_test(tc, finds_the_blacklist_that_stops_a_target, 0,
			    sizeof blacklists / sizeof *blacklists);
	tcase_add_test(tc, blacklists_as_kmod_when_it_is_asked_to);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);

	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
