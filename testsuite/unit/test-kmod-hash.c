/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/depmod/kmod-hash.h"

#include "testsuite/unit/suite.h"

#include <check.h>

/* Values of the public function, seen in the orders that kmod writes too. */
static const struct {
	const char *text;
	uint32_t hash;
} known[] = {
	{ "", 0 },
	{ "a", 0x115ea782 },
	{ "ab", 0x516b8b44 },
	{ "abc", 0xd2be198a },
	{ "abcd", 0xdad8b8db },
	{ "printk", 0x6a0863d1 },
	{ "gamma_fn", 0x72ada06e },
	{ "alpha_fn", 0xe4d53932 },
	{ "drm", 0x1b769606 },
	{ "ext4", 0xe679ab16 },
};

START_TEST(hashes_as_kmod_does)
{
	ck_assert_uint_eq(mod_kmod_hash(known[_i].text), known[_i].hash);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("order");
	TCase *tc = tcase_create("order");

	tcase_add_loop_test(tc, hashes_as_kmod_does, 0,
			    sizeof known / sizeof *known);
	suite_add_tcase(s, tc);
	return suite_run(s);
}
