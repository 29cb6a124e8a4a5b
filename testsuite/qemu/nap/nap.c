/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* nap.c - lets modules sleep a second, and counts how many do at a time.
 *
 * A busy machine may need longer than that to start the others: they are waited
 * for, a minute at most.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>

static int most;
module_param(most, int, 0644);
MODULE_PARM_DESC(most, "how many slept at the same time");
static int want;
module_param(want, int, 0644);
MODULE_PARM_DESC(want, "how many are waited for");
static int now;
static DEFINE_MUTEX(lock);

void nap_take(void);
void nap_take(void)
{
	int i;

	mutex_lock(&lock);
	if (++now > most)
		most = now;
	mutex_unlock(&lock);
	msleep(1000);
	for (i = 0; i < 600 && READ_ONCE(most) < want; i++)
		msleep(100);
	mutex_lock(&lock);
	now--;
	mutex_unlock(&lock);
}
EXPORT_SYMBOL_GPL(nap_take);
MODULE_DESCRIPTION("Sleep for other modules");
MODULE_LICENSE("GPL");
