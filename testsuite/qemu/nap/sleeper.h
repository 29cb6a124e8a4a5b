/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sleeper.h - a module that sleeps before it is there, or fails. */
#include <linux/module.h>

void nap_take(void);

static int __init sleeper_init(void)
{
	nap_take();
	return RESULT;
}

static void __exit sleeper_exit(void)
{
}

module_init(sleeper_init);
module_exit(sleeper_exit);
MODULE_DESCRIPTION("Sleeps when it is loaded");
MODULE_LICENSE("GPL");
