/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/load/relations.h"

#include "libmod/load/rules.h"

#include <errno.h>

/* The node of a name that is in the arena. */
static int get_node(struct mod_relations *relations, const char *name,
		    struct mod_node **out)
{
	void **slot;
	int r = mod_map_put(&relations->nodes, name, &slot);

	if (r < 0)
		return r;
	if (!*slot) {
		struct mod_node *node =
			mod_arena_get(relations->arena, sizeof *node);
		if (!node)
			return -ENOMEM;
		node->name = name;
		node->options = "";
		*relations->end = node;
		relations->end = &node->next;
		*slot = node;
	}
	*out = *slot;
	return 0;
}

/* Relations to n targets, all of one kind. */
static int relate(struct mod_relations *relations, struct mod_target *targets,
		  size_t n, enum mod_route route, const char *asked_by,
		  struct mod_relation_list *out)
{
	int r = 0;

	out->at = mod_arena_raw(relations->arena, n * sizeof *out->at);
	if (!out->at)
		return -ENOMEM;
	for (out->n = 0; out->n < n && r == 0; out->n++) {
		struct mod_target *target = &targets[out->n];
		struct mod_relation *to = &out->at[out->n];
		*to = (struct mod_relation){ .target = target,
					     .route = route,
					     .asked_by = asked_by,
					     .rule = target->softdep };
		r = get_node(relations, target->name, &to->node);
	}
	return r;
}

/* The dependencies of a target or softdep, once for each module. */
static int look_up(struct mod_relations *relations, struct mod_node *node,
		   struct mod_target *target)
{
	struct mod_target *dependencies;
	size_t n;

	int r = mod_target_resolve(target);
	if (r < 0 || node->found)
		return r;
	node->found = target;
	r = mod_target_dependencies(target, relations->arena, &dependencies,
				    &n);
	return r < 0 ? r
		     : relate(relations, dependencies, n, MOD_ROUTE_DEPENDENCY,
			      node->name, &node->dependencies);
}

static int add_softdeps_to(struct mod_relations *relations,
			   const struct mod_node *node,
			   const struct mod_targets *softdeps,
			   struct mod_relation_list *list)
{
	int r = relate(relations, softdeps->at, softdeps->n, MOD_ROUTE_SOFTDEP,
		       node->name, list);

	for (size_t i = 0; i < list->n && r == 0; i++)
		r = look_up(relations, list->at[i].node, &softdeps->at[i]);
	return r;
}

static int add_softdeps(struct mod_relations *relations, struct mod_node *node)
{
	struct mod_softdeps softdeps;

	int r = mod_rules_softdeps(relations->ctx, node->name,
				   relations->flags & MOD_PLAN_AS_KMOD,
				   relations->arena, &softdeps);
	if (r == 0)
		r = add_softdeps_to(relations, node, &softdeps.pre, &node->pre);
	if (r == 0)
		r = add_softdeps_to(relations, node, &softdeps.post,
				    &node->post);
	return r;
}

static void require(struct mod_node *node, const char *target)
{
	if (!node->required_by)
		node->required_by = target;
}

static int add_target(struct mod_relations *relations,
		      struct mod_target *target, const char *options,
		      struct mod_relation *to)
{
	*to = (struct mod_relation){ .target = target,
				     .route = target->route,
				     .asked_by = target->alias,
				     .rule = target->rule };
	int r = get_node(relations, target->name, &to->node);
	if (r == 0)
		r = look_up(relations, to->node, target);
	if (r < 0 || to->node->is_target)
		return r;
	to->node->is_target = true;
	to->node->options = options;
	require(to->node, target->name);
	for (size_t i = 0; i < to->node->dependencies.n; i++)
		require(to->node->dependencies.at[i].node, target->name);
	return 0;
}

int mod_relations_collect(struct mod_relations *relations,
			  struct mod_target *targets,
			  const char *const *options, size_t n)
{
	struct mod_relation_list *list = &relations->targets;
	int r = 0;

	relations->end = &relations->first;
	list->at = mod_arena_raw(relations->arena, n * sizeof *list->at);
	if (!list->at)
		return -ENOMEM;
	for (list->n = 0; list->n < n && r == 0; list->n++)
		r = add_target(relations, &targets[list->n], options[list->n],
			       &list->at[list->n]);
	/* Softdeps add nodes to the end of the list. */
	for (struct mod_node *node = relations->first; node && r == 0;
	     node = node->next)
		r = add_softdeps(relations, node);
	return r;
}

void mod_relations_fini(struct mod_relations *relations)
{
	mod_map_fini(&relations->nodes);
}
