/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* policy.h - what the configuration forbids: mask lines, and the allow list.
 *
 * A mask is about a module, however it is reached.  An allow list is about
 * requests: a name, an alias or a softdep; dependencies of an allowed module
 * are allowed.  Without such lines nothing is looked at.
 */
#pragma once

#include "libmod/base/name.h"
#include "libmod/load/find.h"

/* With enum mod_plan_flags. */
enum {
	MOD_PLAN_NO_POLICY = 1 << 16, /* without such lines */
	MOD_PLAN_AS_KMOD = 1 << 17, /* blacklist, softdep as kmod reads them */
};

struct mod_policy_result {
	enum mod_verdict verdict;
	const struct mod_rule *rule; /* mask, allow or policy line, or NULL */
	const char *subject;         /* the module that the verdict is about */
	const char *own_name;        /* of the target's file, see
				      * mod_policy_own_name(); NULL: not read */
};

static inline bool mod_policy_refuses(enum mod_verdict verdict)
{
	return verdict == MOD_VERDICT_MASKED || verdict == MOD_VERDICT_UNLISTED;
}

/* The blacklist line that stops a target in silence, or NULL.  None stops a
 * masked one, because a mask is reported.
 */
_check_ int mod_policy_blacklist(struct mod_ctx *ctx, struct mod_target *target,
				 unsigned flags, const struct mod_rule **rule);

/* About the target itself: its name, the name of its file, and for a file of
 * the user's the name inside of it.
 */
_check_ int mod_policy_check(struct mod_ctx *ctx, struct mod_target *target,
			     unsigned flags, struct mod_policy_result *out);

/* The name that a file has inside, which is the kernel's; "" for none.  What we
 * cannot read is an error, as the kernel may be able to.
 */
_check_ int mod_policy_own_name(struct mod_module *module,
				char name[MOD_NAME_MAX]);

/* The mask line for a module, given by its normalised name; NULL for none. */
_check_ int mod_policy_mask(struct mod_ctx *ctx, const char *name,
			    unsigned flags, const struct mod_rule **rule);
