/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a target tells about other modules and about the rules for it, and the
 * walk over all modules of a tree.
 */
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct root root;
static struct mod_ctx *ctx;

static void start(void)
{
	root_make(&root);
	root_modules(&root,
		     (const char *const[]){ "k/a.ko:", "k/b.ko: k/a.ko",
					    "k/c.ko: k/b.ko k/a.ko",
					    "/abs/d.ko:", NULL });
	root_index(&root, "modules.builtin.bin",
		   (const char *const[]){ "inside ", NULL });
	root_write(&root, "etc/modprobe.d/x.conf",
		   "alias al c\n"
		   "softdep c pre: a nosuch post: b inside\n"
		   "weakdep c a b\n"
		   "options c x=1\n"
		   "options al y=\"2 3\"\n"
		   "install c run\n");
	ctx = root_ctx(&root);
}

static void stop(void)
{
	mod_ctx_free(ctx);
	root_remove(&root);
}

static struct mod_targets *find(const char *query)
{
	struct mod_targets *targets;

	ck_assert_int_eq(mod_find(ctx, query, &targets), 0);
	return targets;
}

/* The names of related modules, a space after each. */
static const char *names(const struct mod_target *target,
			 enum mod_relation_kind kind)
{
	static char text[256];
	struct mod_targets *found;

	*text = '\0';
	ck_assert_int_eq(mod_target_find_related(target, kind, &found), 0);
	for (size_t i = 0; i < mod_targets_count(found); i++)
		strcat(strcat(text, mod_target_name(mod_targets_at(found, i))),
		       " ");
	mod_targets_free(found);
	return text;
}

START_TEST(has_related_modules)
{
	struct mod_targets *targets = find("al");
	const struct mod_target *c = mod_targets_at(targets, 0);

	ck_assert_str_eq(names(c, MOD_RELATION_DEPENDENCY), "a b ");
	ck_assert_str_eq(names(c, MOD_RELATION_PRE_SOFTDEP), "a ");
	ck_assert_str_eq(names(c, MOD_RELATION_POST_SOFTDEP), "b inside ");
	ck_assert_str_eq(names(c, MOD_RELATION_WEAKDEP), "a b ");
	mod_targets_free(targets);
}
END_TEST

START_TEST(related_modules_are_whole_targets)
{
	struct mod_targets *targets = find("c"), *found;

	ck_assert_int_eq(mod_target_find_related(mod_targets_at(targets, 0),
						 MOD_RELATION_DEPENDENCY,
						 &found),
			 0);
	mod_targets_free(targets);
	const struct mod_target *b = mod_targets_at(found, 1);
	const char *path;
	ck_assert_int_eq(mod_target_path(b, &path), 0);
	ck_assert_str_eq(path, root_path(&root, "lib/modules/1.0/k/b.ko"));
	ck_assert_int_eq(mod_target_route(b), MOD_ROUTE_DEPENDENCY);
	ck_assert_str_eq(names(b, MOD_RELATION_DEPENDENCY), "a ");
	ck_assert_ptr_null(mod_target_relation_rule(b));
	ck_assert_ptr_null(mod_targets_at(found, 2));
	mod_targets_free(found);
}
END_TEST

START_TEST(a_path_that_cannot_be_read_is_an_error)
{
	struct mod_targets *targets;
	const char *path = NULL;

	/* An alias is found without modules.dep. */
	root_write(&root, "etc/modprobe.d/x.conf", "alias from a\n");
	/* The child of the root is after the end of the file. */
	root_write_bytes(&root, "lib/modules/1.0/modules.dep.bin",
			 "\xb0\x07\xf4\x57\0\2\0\1\x20\0\0\x0c"
			 "aa\x20\0\0\xff",
			 18);
	struct mod_ctx *other = root_ctx(&root);
	ck_assert_int_eq(mod_find(other, "from", &targets), 0);
	const struct mod_target *a = mod_targets_at(targets, 0);
	ck_assert_int_eq(mod_target_path(a, &path), -EBADMSG);
	ck_assert_int_eq(mod_error_code(mod_ctx_error(other)), -EBADMSG);
	ck_assert_str_eq(mod_error_advice(mod_ctx_error(other)), "run depmod");
	ck_assert_ptr_null(path);
	ck_assert_int_eq(mod_target_is_builtin(a), -EBADMSG);
	ck_assert_int_eq(mod_target_is_loaded(a), -EBADMSG);
	mod_targets_free(targets);
	mod_ctx_free(other);
}
END_TEST

START_TEST(has_none_where_there_are_none)
{
	struct mod_targets *targets = find("inside");
	const struct mod_target *inside = mod_targets_at(targets, 0);
	const struct mod_rule *rule = NULL;
	const char *options;

	ck_assert_str_eq(names(inside, MOD_RELATION_DEPENDENCY), "");
	ck_assert_str_eq(names(inside, MOD_RELATION_PRE_SOFTDEP), "");
	ck_assert_str_eq(names(inside, MOD_RELATION_WEAKDEP), "");
	ck_assert_int_eq(mod_target_install_rule(inside, &rule), 1);
	ck_assert_int_eq(mod_target_remove_rule(inside, &rule), 1);
	ck_assert_ptr_null(rule);
	ck_assert_int_eq(mod_target_options(inside, &options), 0);
	ck_assert_str_eq(options, "");
	ck_assert_ptr_null(mod_target_rule(inside));
	mod_targets_free(targets);
}
END_TEST

START_TEST(refuses_an_unknown_relation)
{
	struct mod_targets *targets = find("a"), *found = NULL;

	ck_assert_int_eq(mod_target_find_related(mod_targets_at(targets, 0),
						 (enum mod_relation_kind)99,
						 &found),
			 -EINVAL);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_CALLER);
	ck_assert_ptr_null(found);
	mod_targets_free(targets);
}
END_TEST

START_TEST(takes_the_trees_own_lines_where_there_are_no_others)
{
	root_write(&root, "lib/modules/1.0/modules.weakdep",
		   "weakdep a b\nweakdep c inside\n");
	root_write(&root, "lib/modules/1.0/modules.softdep",
		   "softdep b pre: a\n");
	struct mod_targets *targets = find("a"), *found;
	const struct mod_target *a = mod_targets_at(targets, 0);

	ck_assert_int_eq(
		mod_target_find_related(a, MOD_RELATION_WEAKDEP, &found), 0);
	const struct mod_target *b = mod_targets_at(found, 0);
	const struct mod_rule *rule = mod_target_relation_rule(b);
	ck_assert_str_eq(mod_rule_kind(rule), "weakdep");
	ck_assert_uint_eq(mod_rule_line(rule), 1);
	ck_assert_str_eq(names(b, MOD_RELATION_PRE_SOFTDEP), "a ");
	mod_targets_free(found);
	mod_targets_free(targets);
	targets = find("c");
	ck_assert_str_eq(
		names(mod_targets_at(targets, 0), MOD_RELATION_WEAKDEP),
		"a b ");
	mod_targets_free(targets);
}
END_TEST

static int note_rule(void *data, const struct mod_rule *rule)
{
	sprintf((char *)data + strlen(data), "%s:%u ", mod_rule_text(rule),
		mod_rule_line(rule));
	return 0;
}

static int end_at_once(void *data, const struct mod_rule *rule)
{
	(void)rule;
	++*(int *)data;
	return 7;
}

START_TEST(has_commands_and_options)
{
	struct mod_targets *targets = find("al");
	const struct mod_target *c = mod_targets_at(targets, 0);
	const struct mod_rule *rule = NULL;
	const char *options;
	char seen[64] = "";
	int calls = 0;

	ck_assert_int_eq(mod_target_install_rule(c, &rule), 0);
	ck_assert_str_eq(mod_rule_text(rule), "run");
	ck_assert_uint_eq(mod_rule_line(mod_target_rule(c)), 1);
	ck_assert_int_eq(mod_target_options(c, &options), 0);
	ck_assert_str_eq(options, "x=1 y=\"2 3\"");
	ck_assert_int_eq(mod_target_options_each(c, note_rule, seen), 0);
	ck_assert_str_eq(seen, "x=1:4 y=\"2 3\":5 ");
	ck_assert_int_eq(mod_target_options_each(c, end_at_once, &calls), 7);
	ck_assert_int_eq(calls, 1);
	mod_targets_free(targets);
	targets = find("c"); /* not by that alias */
	ck_assert_int_eq(
		mod_target_options(mod_targets_at(targets, 0), &options), 0);
	ck_assert_str_eq(options, "x=1");
	mod_targets_free(targets);
}
END_TEST

static int note_module(void *data, const struct mod_tree_module *module)
{
	const char *path = module->path;

	if (path && strncmp(path, root.dir, strlen(root.dir)) == 0)
		path += strlen(root.dir);
	sprintf((char *)data + strlen(data), "%s=%s ", module->name,
		path ? path : "");
	return 0;
}

static int end_at_second(void *data, const struct mod_tree_module *module)
{
	(void)module;
	return ++*(int *)data == 2 ? -EBADMSG : 0;
}

START_TEST(walks_all_modules_of_the_tree)
{
	char seen[256] = "";
	int calls = 0;

	ck_assert_int_eq(mod_tree_modules_each(ctx, note_module, seen), 0);
	ck_assert_str_eq(seen,
			 "a=/lib/modules/1.0/k/a.ko "
			 "b=/lib/modules/1.0/k/b.ko "
			 "c=/lib/modules/1.0/k/c.ko "
			 "d=/abs/d.ko inside= ");
	/* The caller's result, whatever it is, and no corrupt index. */
	ck_assert_int_eq(mod_tree_modules_each(ctx, end_at_second, &calls),
			 -EBADMSG);
	ck_assert_int_eq(calls, 2);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "");
}
END_TEST

START_TEST(walks_a_tree_without_indexes)
{
	char seen[64] = "";

	ck_assert_int_eq(mod_ctx_set_release(ctx, "none"), 0);
	ck_assert_int_eq(mod_tree_modules_each(ctx, note_module, seen), 0);
	ck_assert_str_eq(seen, "");
}
END_TEST

START_TEST(skips_lines_without_a_file_and_reports_corrupt_ones)
{
	char seen[64] = "";

	root_index(&root, "modules.dep.bin",
		   (const char *const[]){ "x no_colon", "y  k/y.ko: z", NULL });
	ck_assert_int_eq(mod_tree_modules_each(ctx, note_module, seen), 0);
	ck_assert_str_eq(seen, "y=/lib/modules/1.0/k/y.ko inside= ");
	mod_ctx_free(ctx);
	/* A root that is its own child. */
	root_write_bytes(&root, "lib/modules/1.0/modules.dep.bin",
			 "\xb0\x07\xf4\x57\0\2\0\1\x20\0\0\x0c"
			 "aa\x20\0\0\x0c",
			 18);
	ctx = root_ctx(&root);
	*seen = '\0';
	ck_assert_int_eq(mod_tree_modules_each(ctx, note_module, seen),
			 -EBADMSG);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)), MOD_ORIGIN_FILE);
}
END_TEST

static int ask_all(struct mod_ctx *c)
{
	struct mod_targets *targets = NULL, *found;
	const struct mod_rule *rule;
	const char *options;
	char seen[256] = "";

	int r = mod_find(c, "al", &targets);
	const struct mod_target *t = r == 0 ? mod_targets_at(targets, 0) : NULL;
	for (int kind = 0; kind <= MOD_RELATION_WEAKDEP && r == 0; kind++) {
		r = mod_target_find_related(t, (enum mod_relation_kind)kind,
					    &found);
		if (r == 0)
			mod_targets_free(found);
	}
	if (r == 0)
		r = mod_target_install_rule(t, &rule);
	if (r == 0)
		r = mod_target_options(t, &options);
	if (r == 0)
		r = mod_target_options_each(t, note_rule, seen);
	if (r == 0)
		r = mod_tree_modules_each(c, note_module, seen);
	mod_targets_free(targets);
	return r;
}

START_TEST(survives_no_memory)
{
	for (size_t n = 0;; n++) {
		struct mod_ctx *c = root_ctx(&root);
		fail_at(n);
		int r = ask_all(c);
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
	Suite *s = suite_create("target");
	TCase *tc = tcase_create("target");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, has_related_modules);
	tcase_add_test(tc, related_modules_are_whole_targets);
	tcase_add_test(tc, a_path_that_cannot_be_read_is_an_error);
	tcase_add_test(tc, has_none_where_there_are_none);
	tcase_add_test(tc, refuses_an_unknown_relation);
	tcase_add_test(tc, takes_the_trees_own_lines_where_there_are_no_others);
	tcase_add_test(tc, has_commands_and_options);
	tcase_add_test(tc, walks_all_modules_of_the_tree);
	tcase_add_test(tc, walks_a_tree_without_indexes);
	tcase_add_test(tc, skips_lines_without_a_file_and_reports_corrupt_ones);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);

	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
