/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several contexts side by side, one for each thread: ThreadSanitizer tells
 * whether they share anything.
 */
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include <check.h>
#include <pthread.h>
#include <string.h>

enum { THREADS = 4, ROUNDS = 50 };

static struct root root;

static void start(void)
{
	root_make(&root);
	root_modules(&root,
		     (const char *const[]){ "k/a.ko:", "k/b.ko: k/a.ko",
					    "k/c.ko: k/b.ko k/a.ko", NULL });
	root_index(&root, "modules.alias.bin",
		   (const char *const[]){ "pci:v*d1* c", NULL });
	root_write(&root, "etc/modprobe.d/x.conf",
		   "alias x b\noptions b y=1\nsoftdep c pre: a\nbad line\n");
}

static void stop(void)
{
	root_remove(&root);
}

static void hear(void *data, int level, const char *text)
{
	(void)level;
	*(size_t *)data += strlen(text);
}

/* Returns how many steps the plans of a query have; -1 for a failure. */
static int steps_of(struct mod_ctx *ctx, const char *query)
{
	struct mod_targets *targets;
	struct mod_plan *plan;
	int steps = -1;

	if (mod_find(ctx, query, &targets) != 0)
		return -1;
	if (mod_plan_load(ctx, mod_targets_at(targets, 0), "z=2", 0, &plan) ==
	    0) {
		steps = (int)mod_plan_count(plan);
		mod_plan_free(plan);
	}
	mod_targets_free(targets);
	return steps;
}

/* NULL when all went as it does alone. */
static void *work(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct mod_ctx *ctx = root_ctx(&root);
		struct mod_module *module;
		size_t heard = 0;
		char path[256];

		mod_ctx_set_log(ctx, hear, &heard, 7);
		int ok = steps_of(ctx, "x") == 2 &&
			steps_of(ctx, "pci:v1d12") == 3 &&
			steps_of(ctx, "nosuch") == -1 && heard > 0;
		strcat(strcpy(path, root.dir), "/lib/modules/1.0/k/a.ko");
		ok = ok && mod_module_open(ctx, path, &module) == 0;
		if (ok) {
			ok = mod_module_imports_each(module, NULL, NULL) < 0 &&
				mod_error_code(mod_ctx_error(ctx)) < 0;
			mod_module_free(module);
		}
		mod_ctx_free(ctx);
		if (!ok)
			return arg;
	}
	return NULL;
}

START_TEST(contexts_do_not_meet)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &root),
				 0);
	for (int i = 0; i < THREADS; i++) {
		void *failed;
		ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
		ck_assert_ptr_null(failed);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("threads");
	TCase *tc = tcase_create("threads");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, contexts_do_not_meet);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
