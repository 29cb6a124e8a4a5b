/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A run of depmod as callers ask for it; the outputs are compared by
 * testsuite/tool/depmod.sh and its like.
 */
#include "testsuite/unit/fail.h"
#include "testsuite/unit/image.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct root root;
static struct mod_ctx *ctx;
static struct mod_depmod_opts opts;
static struct mod_depmod_result result;

enum { INPUTS = 2 }; /* entries of the tree before a run */

/* A module that exports one symbol and needs another; NULL for neither. */
static void write_module(const char *path, const char *exports,
			 const char *needs)
{
	static struct image im;
	char crc[64];

	image_init(&im, 0);
	if (exports)
		image_add(&im, "__ksymtab_strings", exports,
			  strlen(exports) + 1);
	image_sec(&im, ".symtab", SHT_SYMTAB);
	image_sym(&im, "", 0, 0, 0, 0);
	snprintf(crc, sizeof crc, "__crc_%s", exports ? exports : "");
	if (exports)
		image_sym(&im, crc, STB_GLOBAL, 0, SHN_ABS, 1);
	if (needs)
		image_sym(&im, needs, STB_GLOBAL, 0, SHN_UNDEF, 0);
	image_end(&im);
	struct mod_bytes bytes = image_finish(&im);
	root_write_bytes(&root, path, bytes.at, bytes.len);
}

/* Two modules that are no ELF files: they are listed and have no symbols. */
static void start(void)
{
	root_make(&root);
	root_write(&root, "lib/modules/1.0/k/a.ko", "no module");
	root_write(&root, "lib/modules/1.0/k/b-c.ko", "no module");
	ctx = root_ctx(&root);
	opts = (struct mod_depmod_opts){ .size = sizeof opts, .threads = 1 };
	result = (struct mod_depmod_result){ .size = sizeof result };
}

static void stop(void)
{
	mod_ctx_free(ctx);
	root_remove(&root);
}

static void add_names(char *text, const struct mod_depmod_module *module,
		      const char *(*at)(const struct mod_depmod_module *module,
					size_t i))
{
	const char *name;

	strcat(text, ":");
	for (size_t i = 0; (name = at(module, i)); i++)
		strcat(strcat(text, " "), name);
}

/* "NAME PATH: DEPENDS: LOADS;" */
static int note(void *data, const struct mod_depmod_module *module)
{
	char *text = data;

	sprintf(text + strlen(text), "%s %s", mod_depmod_module_name(module),
		mod_depmod_module_path(module));
	add_names(text, module, mod_depmod_module_depends_at);
	add_names(text, module, mod_depmod_module_loads_at);
	strcat(text, ";");
	return 0;
}

static int count_loads(void *data, const struct mod_depmod_module *module)
{
	size_t *counts = data;

	counts[0] += mod_depmod_module_depends_count(module);
	counts[1] += mod_depmod_module_loads_count(module);
	return 0;
}

static void note_edge(void *data, const struct mod_depmod_edge *edge)
{
	const char *needs = strrchr(edge->needs, '/');
	const char *has = strrchr(edge->has, '/');

	sprintf((char *)data + strlen(data), "%s %s %s;", needs + 1,
		edge->symbol, has + 1);
}

static int end_at_once(void *data, const struct mod_depmod_module *module)
{
	(void)module;
	++*(int *)data;
	return 7;
}

static void note_text(void *data, const char *text, size_t len)
{
	(void)text;
	*(size_t *)data += len;
}

START_TEST(writes_the_indexes_of_the_contexts_tree)
{
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), 0);
	ck_assert_uint_eq(result.unreadable, 2);
	ck_assert_uint_eq(result.in_cycles, 0);
	ck_assert_str_eq(result.dir, root_path(&root, "lib/modules/1.0"));
	ck_assert_str_eq(root_text(&root, "lib/modules/1.0/modules.dep"),
			 "k/b-c.ko:\nk/a.ko:\n");
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, NULL), 0);
}
END_TEST

START_TEST(gives_each_module_and_writes_nothing)
{
	char seen[256] = "";

	opts.module = note;
	opts.data = seen;
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), 0);
	ck_assert_str_eq(seen, "b_c k/b-c.ko::;a k/a.ko::;");
	ck_assert_int_eq(root_entries(&root, "lib/modules/1.0"), INPUTS);
}
END_TEST

START_TEST(tells_dependencies_direct_and_all)
{
	char seen[512] = "";
	size_t counts[2] = { 0 };

	write_module("lib/modules/2.0/low.ko", "low_symbol", NULL);
	write_module("lib/modules/2.0/mid.ko", "mid_symbol", "low_symbol");
	write_module("lib/modules/2.0/top.ko", NULL, "mid_symbol");
	root_write(&root, "lib/modules/2.0/modules.order",
		   "low.ko\nmid.ko\ntop.ko\n");
	opts.release = "2.0";
	opts.module = note;
	opts.data = seen;
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), 0);
	ck_assert_str_eq(seen,
			 "low low.ko::;mid mid.ko: low: low;"
			 "top top.ko: mid: low mid;");
	ck_assert_uint_eq(result.unreadable, 0);

	opts.module = count_loads;
	opts.data = counts;
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), 0);
	ck_assert_uint_eq(counts[0], 2);
	ck_assert_uint_eq(counts[1], 3);

	*seen = '\0';
	opts.module = NULL;
	opts.edge = note_edge;
	opts.data = seen;
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), 0);
	ck_assert_str_eq(seen,
			 "mid.ko low_symbol low.ko;"
			 "top.ko mid_symbol mid.ko;");
}
END_TEST

START_TEST(counts_the_modules_in_cycles)
{
	write_module("lib/modules/2.0/x.ko", "x_symbol", "y_symbol");
	write_module("lib/modules/2.0/y.ko", "y_symbol", "x_symbol");
	opts.release = "2.0";
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), -ELOOP);
	ck_assert_uint_eq(result.in_cycles, 2);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), result.dir);
}
END_TEST

START_TEST(ends_with_the_result_of_the_callback)
{
	int calls = 0;

	opts.module = end_at_once;
	opts.data = &calls;
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), 7);
	ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(shows_texts_and_writes_nothing)
{
	size_t len = 0;

	opts.show = note_text;
	opts.data = &len;
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), 0);
	ck_assert_uint_gt(len, strlen("k/a.ko:\nk/b-c.ko:\n"));
	ck_assert_int_eq(root_entries(&root, "lib/modules/1.0"), INPUTS);
}
END_TEST

START_TEST(takes_places_from_the_options)
{
	char out[256];

	snprintf(out, sizeof out, "%s/new/out", root.dir);
	opts.out_root = out;
	opts.release = "2.0";
	opts.module_dir = "/own";
	root_write(&root, "own/2.0/z.ko", "no module");
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), 0);
	ck_assert_str_eq(result.dir, root_path(&root, "own/2.0"));
	ck_assert_str_eq(root_text(&root, "new/out/own/2.0/modules.dep"),
			 "z.ko:\n");
	ck_assert_int_eq(root_entries(&root, "own/2.0"), 1);
}
END_TEST

START_TEST(an_empty_root_is_the_current_directory)
{
	ck_assert_int_eq(chdir(root.dir), 0);
	opts.root = "";
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), 0);
	ck_assert_int_eq(strncmp(result.dir, root.dir, strlen(root.dir)), 0);
	ck_assert_uint_eq(result.unreadable, 2);
	ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(names_a_tree_that_is_absent)
{
	opts.release = "nosuch";
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), -ENOENT);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)), MOD_ORIGIN_FILE);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), result.dir);
}
END_TEST

START_TEST(refuses_options_that_make_no_sense)
{
	char *files[] = { (char *)"relative.ko", NULL };
	char longest[PATH_MAX + 1];
	struct {
		struct mod_depmod_opts known;
		size_t unknown;
	} newer = { .known = { .size = sizeof newer, .threads = 1 } };

	opts.files = files;
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), -EINVAL);
	ck_assert_int_eq(mod_error_origin(mod_ctx_error(ctx)),
			 MOD_ORIGIN_CALLER);
	ck_assert_str_eq(mod_error_subject(mod_ctx_error(ctx)), "relative.ko");

	memset(longest, 'x', PATH_MAX);
	longest[PATH_MAX] = '\0';
	opts.files = NULL;
	opts.root = longest;
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), -ENAMETOOLONG);
	ck_assert_ptr_null(result.dir);

	opts.size = 0;
	ck_assert_int_eq(mod_depmod_run(ctx, &opts, &result), -EINVAL);
	result.size = 0;
	ck_assert_int_eq(mod_depmod_run(ctx, &newer.known, &result), -EINVAL);

	ck_assert_int_eq(mod_depmod_run(ctx, &newer.known, NULL), 0);
	newer.unknown = 1;
	ck_assert_int_eq(mod_depmod_run(ctx, &newer.known, NULL), -EOPNOTSUPP);
}
END_TEST

START_TEST(survives_no_memory)
{
	for (size_t n = 0;; n++) {
		struct mod_ctx *c = root_ctx(&root);
		char seen[256] = "";
		opts.module = note;
		opts.data = seen;
		fail_at(n);
		int r = mod_depmod_run(c, &opts, NULL);
		bool hit = fail_off();
		mod_ctx_free(c);
		/* A module whose content does not fit is unreadable. */
		ck_assert(r == (hit ? -ENOMEM : 0) || (hit && r == 0));
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("depmod");
	TCase *tc = tcase_create("depmod");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, writes_the_indexes_of_the_contexts_tree);
	tcase_add_test(tc, gives_each_module_and_writes_nothing);
	tcase_add_test(tc, tells_dependencies_direct_and_all);
	tcase_add_test(tc, counts_the_modules_in_cycles);
	tcase_add_test(tc, ends_with_the_result_of_the_callback);
	tcase_add_test(tc, shows_texts_and_writes_nothing);
	tcase_add_test(tc, takes_places_from_the_options);
	tcase_add_test(tc, an_empty_root_is_the_current_directory);
	tcase_add_test(tc, names_a_tree_that_is_absent);
	tcase_add_test(tc, refuses_options_that_make_no_sense);
	tcase_add_test(tc, survives_no_memory);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
