/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modules.c - all modules of a tree; documented in libmod/libmod.h. */
#include "libmod/ctx/error.h"
#include "libmod/index/tree.h"

#include <errno.h>
#include <string.h>

struct walk {
	struct mod_tree *tree;
	struct mod_arena path;
	mod_tree_module_fn *fn;
	void *data;
	int result; /* of fn; the walk ends once it is not 0 */
};

static int hand_out(struct walk *w, const char *name, const char *path)
{
	w->result =
		w->fn(w->data,
		      &(struct mod_tree_module){ .name = name, .path = path });
	return w->result != 0;
}

static int hand_out_file(void *data, const char *key, size_t key_len,
			 const char *value, size_t value_len)
{
	struct walk *w = data;
	size_t len;

	(void)key_len, (void)value_len;
	if (!strchr(value, ':')) /* it names no file */
		return 0;
	const char *path = mod_tree_dep_next(&value, &len);
	mod_arena_clear(&w->path);
	path = mod_tree_path(w->tree, &w->path, path, len);
	return path ? hand_out(w, key, path) : -ENOMEM;
}

static int hand_out_builtin(void *data, const char *key, size_t key_len,
			    const char *value, size_t value_len)
{
	(void)key_len, (void)value, (void)value_len;
	return hand_out(data, key, NULL);
}

int mod_tree_modules_each(struct mod_ctx *ctx, mod_tree_module_fn *fn,
			  void *data)
{
	struct walk w = { .fn = fn, .data = data };

	mod_error_clear(ctx);
	int r = mod_tree_get(ctx, &w.tree);
	if (r == 0)
		r = mod_tree_walk(w.tree, MOD_TREE_DEP, hand_out_file, &w);
	if (r == 0)
		r = mod_tree_walk(w.tree, MOD_TREE_BUILTIN, hand_out_builtin,
				  &w);
	mod_arena_fini(&w.path);
	return mod_error_end(ctx, r < 0 ? r : w.result);
}
