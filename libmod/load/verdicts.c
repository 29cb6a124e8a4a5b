/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/load/verdicts.h"

static struct mod_policy_result no_verdict(const struct mod_node *node)
{
	return (struct mod_policy_result){ .verdict = MOD_VERDICT_NONE,
					   .subject = node->name };
}

static int mark_mask(const struct mod_relations *relations,
		     struct mod_node *node)
{
	node->mask = no_verdict(node);
	int r = mod_policy_mask(relations->ctx, node->name, relations->flags,
				&node->mask.rule);
	if (node->mask.rule)
		node->mask.verdict = MOD_VERDICT_MASKED;
	return r;
}

/* A softdep is also refused for a dependency that is masked. */
static void look_for_masked_dependency(struct mod_node *node)
{
	for (size_t i = 0; i < node->dependencies.n &&
	     !mod_policy_refuses(node->policy.verdict);
	     i++) {
		const struct mod_node *dependency =
			node->dependencies.at[i].node;
		if (mod_policy_refuses(dependency->mask.verdict))
			node->policy = dependency->mask;
	}
}

/* The allow list is about the modules that are asked for.  The dependencies of
 * a target come with it, also when they are softdeps of some other module.
 */
static int mark_policy(const struct mod_relations *relations,
		       struct mod_node *node)
{
	int r = mod_policy_check(relations->ctx, node->found, relations->flags,
				 &node->policy);
	if (r < 0 || node->is_target)
		return r;
	if (node->required_by && node->policy.verdict != MOD_VERDICT_MASKED)
		node->policy = no_verdict(node);
	look_for_masked_dependency(node);
	return 0;
}

int mod_verdicts_mark(struct mod_relations *relations)
{
	int r = 0;

	for (struct mod_node *node = relations->first; node && r == 0;
	     node = node->next)
		r = mark_mask(relations, node);
	for (struct mod_node *node = relations->first; node && r == 0;
	     node = node->next)
		if (node->found)
			r = mark_policy(relations, node);
	return r;
}
