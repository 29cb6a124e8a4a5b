/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a module could be loaded, by which ways, and what kmod would do. */
#include "testsuite/unit/fail.h"
#include "testsuite/unit/root.h"
#include "testsuite/unit/suite.h"

#include "libmod/base/str.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct root root;

static void start(void)
{
	root_make(&root);
	root_modules(&root,
		     (const char *const[]){ "k/a.ko:", "k/b.ko: k/a.ko",
					    "k/c.ko: k/b.ko k/a.ko",
					    "k/s1.ko:", "k/s2.ko: k/a.ko",
					    "k/p1.ko:", "k/both.ko:", NULL });
	root_index(&root, "modules.builtin.bin",
		   (const char *const[]){ "inside ", "both ", NULL });
	root_index(&root, "modules.alias.bin",
		   (const char *const[]){ "pci:v*d1* p1", "net_1 p1", NULL });
	root_index(&root, "modules.symbols.bin",
		   (const char *const[]){ "symbol:p p1", NULL });
	root_write(&root, "lib/modules/1.0/modules.softdep",
		   "softdep b pre: s1\nsoftdep b post: p1 inside\n"
		   "softdep inside pre: s2\nsoftdep nosuch pre: s2\n");
}

static void stop(void)
{
	root_remove(&root);
}

static void describe(struct mod_str *out, const struct mod_check *answer)
{
	static const char *const states[] = {
		[MOD_CHECK_UNKNOWN] = "unknown",
		[MOD_CHECK_BLOCKED] = "blocked",
		[MOD_CHECK_LOADABLE] = "loadable",
		[MOD_CHECK_BUILTIN] = "builtin",
		[MOD_CHECK_LOADED] = "loaded",
	};
	static const char *const routes[] = {
		[MOD_ROUTE_NAME] = "name",    [MOD_ROUTE_CONFIG_ALIAS] = "conf",
		[MOD_ROUTE_ALIAS] = "alias",  [MOD_ROUTE_SYMBOL] = "symbol",
		[MOD_ROUTE_SOFTDEP] = "soft", [MOD_ROUTE_DEPENDENCY] = "dep",
	};
	static const char *const barriers[] = {
		[MOD_BARRIER_NONE] = "",
		[MOD_BARRIER_MASK] = "-mask",
		[MOD_BARRIER_UNLISTED] = "-unlisted",
		[MOD_BARRIER_COMMAND] = "-command",
		[MOD_BARRIER_BLACKLIST] = "-blacklist",
		[MOD_BARRIER_ALIAS] = "-alias",
		[MOD_BARRIER_ABSENT] = "-absent",
	};

	mod_str_add(out, states[mod_check_state(answer)]);
	for (size_t i = 0; i < mod_check_count(answer); i++) {
		const struct mod_check_path *way = mod_check_at(answer, i);
		const struct mod_rule *rule = mod_check_path_rule(way);
		const char *module = mod_check_path_module(way);

		mod_str_addf(out, "; %s", routes[mod_check_path_route(way)]);
		if (mod_check_path_via(way))
			mod_str_addf(out, " %s", mod_check_path_via(way));
		mod_str_addf(out, "%s%s", barriers[mod_check_path_barrier(way)],
			     mod_check_path_outcome(way) == MOD_PATH_COMMAND
				     ? "?"
				     : "");
		if (rule)
			mod_str_addf(out, " %u", mod_rule_line(rule));
		if (module && strcmp(module, mod_check_name(answer)) != 0)
			mod_str_addf(out, " of %s", module);
		bool open = mod_check_path_outcome(way) != MOD_PATH_CLOSED;
		if (open != mod_check_path_kmod_loads(way))
			mod_str_add(out, open ? " (kmod no)" : " (kmod yes)");
	}
	ck_assert_ptr_null(mod_check_at(answer, mod_check_count(answer)));
}

static const struct row {
	const char *config, *cmdline, *name, *want;
} rows[] = {
	{ "", "", "c", "loadable; name" },
	{ "", "", "nosuch", "unknown" },
	{ "", "", "in-side", "unknown" },
	{ "", "", "inside", "builtin" },
	{ "", "", "both", "builtin" },
	{ "", "", "a", "loadable; name; dep b; dep c; dep s2" },
	/* no path leads through an absent module */
	{ "", "", "s2", "loadable; name; soft inside" },
	{ "softdep both pre: s2\nalias x nosuch\n", "", "s2",
	  "loadable; name; soft both; soft inside; soft nosuch" },
	{ "", "", "s1", "loadable; name; soft b" },
	/* kmod knows the first softdep line alone */
	{ "", "", "p1",
	  "loadable; name; alias net_1; alias pci:v*d1*; symbol symbol:p; "
	  "soft b (kmod no)" },

	/* masks */
	{ "mask b\n", "", "b",
	  "blocked; name-mask 1 (kmod yes); dep c-mask 1 (kmod yes)" },
	{ "mask a\n", "", "c", "blocked; name-mask 1 of a (kmod yes)" },
	{ "mask a\n", "", "s1",
	  "loadable; name; soft b-mask 1 of a (kmod yes)" },
	{ "mask p1\n", "", "p1",
	  "blocked; name-mask 1 (kmod yes); alias net_1-mask 1 (kmod yes); "
	  "alias pci:v*d1*-mask 1 (kmod yes); "
	  "symbol symbol:p-mask 1 (kmod yes); soft b-mask 1" },
	{ "mask nosuch\n", "", "nosuch", "blocked; name-mask 1" },
	{ "", "modprobe.mask=c", "c", "blocked; name-mask 0 (kmod yes)" },

	/* the allow list */
	{ "allow a\n", "", "c", "loadable; name" },
	{ "policy allow-listed\nallow c\n", "", "c", "loadable; name 2" },
	{ "policy audit\n", "", "c", "loadable; name 1" },
	{ "policy allow-listed\nallow c\n", "", "b",
	  "loadable; name-unlisted 1 (kmod yes); dep c" },

	/* commands; kmod forgets those of modules with softdeps */
	{ "install c /bin/false\n", "", "c", "blocked; name-command 1" },
	{ "install c true\n", "", "c", "blocked; name-command 1" },
	{ "install b /bin/false\n", "", "b",
	  "blocked; name-command 1 (kmod yes); dep c-command 1 (kmod yes)" },
	{ "install b /bin/false\nsoftdep b pre:\n", "", "b",
	  "blocked; name-command 1 (kmod yes); dep c-command 1 (kmod yes)" },
	{ "install b /bin/false\nsoftdep b pre: nosuch\n", "", "b",
	  "blocked; name-command 1 (kmod yes); dep c-command 1 (kmod yes)" },
	{ "install a /bin/false\n", "", "c", "blocked; name-command 1 of a" },
	{ "install a /bin/true\n", "", "c", "loadable; name" },
	{ "install c run\n", "", "c", "loadable; name? 1" },
	{ "install virt run\n", "", "virt", "loadable; name? 1" },
	{ "install virt false\n", "", "virt", "blocked; name-command 1" },
	{ "install s1 false\n", "", "s1",
	  "blocked; name-command 1; soft b-command 1" },

	/* aliases and blacklists */
	{ "alias c a\n", "", "c", "blocked; name-alias 1 of a" },
	{ "alias x* c\nblacklist c\n", "", "c",
	  "loadable; name; conf x*-blacklist 2" },
	{ "alias net_1 off\nblacklist p1\nsoftdep b pre:\n", "", "p1",
	  "loadable; name; alias net_1-alias 1 of off; "
	  "alias pci:v*d1*-blacklist 2; symbol symbol:p-blacklist 2" },
	{ "install net_1 false\nsoftdep b pre:\n", "", "p1",
	  "loadable; name; alias net_1-alias 1 of net_1; alias pci:v*d1*; "
	  "symbol symbol:p" },
	{ "alias x-y c\n", "modprobe.blacklist=c", "c",
	  "loadable; name; conf x_y-blacklist 0" },
	{ "alias x y\nalias z s-1\nsoftdep b pre:\n", "modprobe.blacklist=s-1",
	  "s-1", "unknown; conf z-blacklist 0" },
	{ "alias x* s1\nsoftdep b pre:\n", "modprobe.blacklist=\"s1\"", "s1",
	  "loadable; name; conf x*-blacklist 0 (kmod yes)" },

	/* whose softdep */
	{ "softdep p* pre: c\n", "", "c", "loadable; name; soft p1" },
	{ "softdep p1 pre: s1\nsoftdep p1 pre: a s2 post: c\n"
	  "softdep b pre:\n",
	  "", "c", "loadable; name; soft p1 (kmod no)" },
	{ "softdep s1 pre: p1\nsoftdep p1 pre: c\nsoftdep b pre:\n", "", "c",
	  "loadable; name; soft p1" },
};

START_TEST(answers_as_the_table_says)
{
	const struct row *row = &rows[_i];
	_str_ struct mod_str got = { 0 };
	struct mod_check *answer;

	root_write(&root, "etc/modprobe.d/x.conf", row->config);
	root_write(&root, "proc/cmdline", row->cmdline);
	struct mod_ctx *ctx = root_ctx(&root);
	ck_assert_int_eq(mod_check_new(ctx, row->name, &answer), 0);
	describe(&got, answer);
	ck_assert_msg(strcmp(got.at, row->want) == 0,
		      "%s with \"%s\": got \"%s\", want \"%s\"", row->name,
		      row->config, got.at, row->want);
	mod_check_free(answer);
	mod_ctx_free(ctx);
}
END_TEST

START_TEST(what_is_loaded_counts)
{
	struct mod_check *answer;
	_str_ struct mod_str got = { 0 };

	root_write(&root, "etc/modprobe.d/x.conf",
		   "mask a\ninstall s1 false\n");
	root_write(&root, "sys/module/a/initstate", "live\n");
	struct mod_ctx *ctx = root_ctx(&root);
	ck_assert_int_eq(mod_check_new(ctx, "a", &answer), 0);
	describe(&got, answer);
	ck_assert_str_eq(got.at,
			 "loaded; name-mask 1 (kmod yes); dep b-mask 1 (kmod "
			 "yes); dep c-mask 1 (kmod yes); dep s2-mask 1 (kmod "
			 "yes)");
	mod_check_free(answer);
	/* A plan skips loaded modules. */
	got.len = 0;
	ck_assert_int_eq(mod_check_new(ctx, "c", &answer), 0);
	describe(&got, answer);
	ck_assert_str_eq(got.at, "loadable; name");
	mod_check_free(answer);
	mod_check_free(NULL);
	mod_ctx_free(ctx);
}
END_TEST

static int join(void *data, const struct mod_allowed *module)
{
	const struct mod_rule *mask = module->mask;

	mod_str_addf(data, "%s%s%.0u ", mask ? "!" : "", module->name,
		     mask ? mod_rule_line(mask) : 0);
	return 0;
}

static int stop_at_once(void *data, const struct mod_allowed *module)
{
	(void)data;
	ck_assert_str_eq(module->name, "a");
	return 7;
}

START_TEST(an_allow_list_is_closed)
{
	_str_ struct mod_str got = { 0 };

	root_write(&root, "etc/modprobe.d/x.conf", "mask p1\ninstall s1 run\n");
	root_write(&root, "proc/modules",
		   "c 1 0 - Live 0x0\na 1 1 c, Live 0x0\nzfs 1 0 - Live 0x0\n");
	struct mod_ctx *ctx = root_ctx(&root);
	ck_assert_int_eq(mod_allow_each(ctx, join, &got), 0);
	ck_assert_str_eq(got.at, "a b c !p11 s1 s2 zfs ");
	ck_assert_int_eq(mod_allow_each(ctx, stop_at_once, NULL), 7);
	mod_ctx_free(ctx);
}
END_TEST

static int skip(void *data, const struct mod_allowed *module)
{
	(void)data;
	(void)module;
	return 0;
}

START_TEST(memory_may_run_out_anywhere)
{
	root_write(&root, "etc/modprobe.d/x.conf",
		   "mask p1\npolicy audit\nallow b\nsoftdep s* pre: c x\n"
		   "alias x-* b\nalias x a\ninstall virt true\n");
	root_write(&root, "proc/modules", "c 1 0 - Live 0x0\n");
	for (size_t n = 0;; n++) {
		struct mod_check *answer = NULL;
		struct mod_ctx *ctx = root_ctx(&root);

		fail_at(n);
		int r = mod_check_new(ctx, "b", &answer);
		int q = mod_allow_each(ctx, skip, NULL);
		bool hit = fail_off();
		ck_assert(r == 0 || r == -ENOMEM);
		ck_assert(q == 0 || q == -ENOMEM);
		ck_assert_int_eq(r == 0, answer != NULL);
		ck_assert(hit || (r == 0 && q == 0));
		mod_check_free(answer);
		mod_ctx_free(ctx);
		if (!hit)
			break;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("answer");
	TCase *tc = tcase_create("answer");

	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_loop_test(tc, answers_as_the_table_says, 0,
			    sizeof rows / sizeof *rows);
	tcase_add_test(tc, what_is_loaded_counts);
	tcase_add_test(tc, an_allow_list_is_closed);
	tcase_add_test(tc, memory_may_run_out_anywhere);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
