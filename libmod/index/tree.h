/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tree.h - one module tree, /lib/modules/RELEASE, through its indexes.
 *
 * Each index is opened when it is first asked; one that is missing, empty or
 * broken answers as an empty one (a broken one with a message).
 */
#pragma once

#include "libmod/ctx/ctx.h"
#include "libmod/index/index.h"

struct mod_tree;

enum mod_tree_index {
	MOD_TREE_DEP,
	MOD_TREE_SYMBOL,
	MOD_TREE_ALIAS,
	MOD_TREE_BUILTIN,
	MOD_TREE_BUILTIN_ALIAS,
	MOD_TREE_INDEXES,
};

/* The context's tree, lent. */
_check_ int mod_tree_get(struct mod_ctx *ctx, struct mod_tree **tree);

/* The index, lent; NULL when it cannot be used. */
_check_ int mod_tree_index(struct mod_tree *tree, enum mod_tree_index which,
			   const struct mod_index **index);

/* The value of a key, exactly; 1 when there is none.  Lent. */
_check_ int mod_tree_value(struct mod_tree *tree, enum mod_tree_index which,
			   const char *key, const char **value);

/* Every value whose key matches the query as a pattern, see index.h. */
_check_ int mod_tree_search(struct mod_tree *tree, enum mod_tree_index which,
			    const char *query, struct mod_index_hits *hits);

/* The modules.dep line of a module: "path:" and the paths of its dependencies,
 * direct and indirect, separated by spaces, last one to be loaded first.  Lent.
 * Returns 0, 1 when there is no such module.
 */
_check_ int mod_tree_dep(struct mod_tree *tree, const char *name,
			 const char **line);

/* The next path of such a line, relative to the tree or absolute, with its
 * length; NULL at the end.  The first is the module itself, without its colon.
 */
const char *mod_tree_dep_next(const char **line, size_t *len);

/* A path of modules.dep made whole, in arena; NULL when memory is out. */
const char *mod_tree_path(struct mod_tree *tree, struct mod_arena *arena,
			  const char *path, size_t len);

/* 1 when modules.builtin names it, 0 when not. */
_check_ int mod_tree_is_builtin(struct mod_tree *tree, const char *name);

/* Every key and value, see mod_index_walk(); a corrupt index sets the error. */
_check_ int mod_tree_walk(struct mod_tree *tree, enum mod_tree_index which,
			  mod_index_fn *fn, void *data);
