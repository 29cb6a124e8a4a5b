/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/index/tree.h"

#include "libmod/base/path.h"
#include "libmod/ctx/error.h"
#include "libmod/ctx/log.h"
#include "libmod/sys/file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

struct opened {
	bool tried, usable;
	struct mod_file_view view;
	struct mod_index index;
};

struct mod_tree {
	struct mod_ctx *ctx;
	const char *dir;
	struct opened opened[MOD_TREE_INDEXES];
};

/* Arrays, because each pointer would be a relocation at every start. */
static const char files[MOD_TREE_INDEXES][32] = {
	[MOD_TREE_DEP] = "/modules.dep.bin",
	[MOD_TREE_SYMBOL] = "/modules.symbols.bin",
	[MOD_TREE_ALIAS] = "/modules.alias.bin",
	[MOD_TREE_BUILTIN] = "/modules.builtin.bin",
	[MOD_TREE_BUILTIN_ALIAS] = "/modules.builtin.alias.bin",
};

static void tree_free(void *at)
{
	struct mod_tree *tree = at;

	for (size_t i = 0; i < MOD_TREE_INDEXES; i++)
		if (tree->opened[i].tried)
			mod_file_view_fini(&tree->opened[i].view);
}

int mod_tree_get(struct mod_ctx *ctx, struct mod_tree **out)
{
	struct mod_tree *tree = ctx->tree.at;
	int r;

	if (!tree) {
		tree = mod_arena_get(&ctx->arena, sizeof *tree);
		if (!tree)
			return -ENOMEM;
		tree->ctx = ctx;
		r = mod_ctx_find_tree_dir(ctx, &tree->dir);
		if (r < 0)
			return r;
		ctx->tree = (struct mod_slot){ tree, tree_free };
	}
	*out = tree;
	return 0;
}

/* Why an index cannot be used; an absent one is no news. */
static int complain(struct mod_ctx *ctx, int r, const char *path)
{
	static const char *const ending[] = { "", ": run depmod" };
	bool broken = r == -ENOEXEC || r == -EBADMSG || r == -EOPNOTSUPP;
	const char *what = r == -ENOEXEC ? "not a module index (wrong magic)"
		: r == -EOPNOTSUPP       ? "an index of a version that is "
					   "not known here"
		: r == -EBADMSG          ? "corrupt index"
					 : strerror(-r);

	if (r == -ENOMEM)
		return r;
	if (r != -ENOENT && r != -ENOTDIR)
		mod_log(ctx, LOG_ERR, "%s: %s%s", path, what, ending[broken]);
	return 0;
}

static int open_index(struct mod_tree *tree, enum mod_tree_index which)
{
	struct opened *o = &tree->opened[which];
	char path[PATH_MAX + 64];

	mod_path_concat(path, sizeof path, tree->dir, files[which], NULL);
	int r = mod_file_view_read(&o->view, &tree->ctx->arena, path);
	o->tried = true;
	if (r == -ENOTSUP) {
		mod_log(tree->ctx, LOG_ERR, "%s: not a regular file", path);
		return 0;
	}
	if (r == 0)
		r = mod_index_open(&o->index, o->view.bytes);
	if (r < 0)
		return complain(tree->ctx, r, path);
	o->usable = true;
	return 0;
}

int mod_tree_index(struct mod_tree *tree, enum mod_tree_index which,
		   const struct mod_index **index)
{
	struct opened *o = &tree->opened[which];
	int r = o->tried ? 0 : open_index(tree, which);

	*index = o->usable ? &o->index : NULL;
	return r;
}

/* An index that turns out to be corrupt in the middle of a search. */
static int corrupt(struct mod_tree *tree, enum mod_tree_index which, int r)
{
	char path[PATH_MAX + 64];

	mod_path_concat(path, sizeof path, tree->dir, files[which], NULL);
	mod_error_set(tree->ctx, MOD_ORIGIN_FILE, r, path, "%s: %s", path,
		      r == -EBADMSG ? "corrupt index: run depmod"
				    : strerror(-r));
	return r == -EBADMSG ? mod_error_advise(tree->ctx, "run depmod") : r;
}

int mod_tree_value(struct mod_tree *tree, enum mod_tree_index which,
		   const char *key, const char **value)
{
	const struct mod_index *index;
	int r = mod_tree_index(tree, which, &index);

	if (r < 0)
		return r;
	r = index ? mod_index_get(index, key, value) : 1;
	return r < 0 ? corrupt(tree, which, r) : r;
}

int mod_tree_search(struct mod_tree *tree, enum mod_tree_index which,
		    const char *query, struct mod_index_hits *hits)
{
	const struct mod_index *index;
	int r = mod_tree_index(tree, which, &index);

	if (r < 0)
		return r;
	r = index ? mod_index_search(index, query, hits) : 0;
	return r < 0 ? corrupt(tree, which, r) : r;
}

int mod_tree_dep(struct mod_tree *tree, const char *name, const char **line)
{
	int r = mod_tree_value(tree, MOD_TREE_DEP, name, line);

	/* A line without "path:" names no file. */
	return r == 0 && !strchr(*line, ':') ? 1 : r;
}

const char *mod_tree_dep_next(const char **line, size_t *len)
{
	const char *word = *line + strspn(*line, " ");
	size_t n = strcspn(word, " ");

	*line = word + n;
	*len = n && word[n - 1] == ':' ? n - 1 : n;
	return n ? word : NULL;
}

const char *mod_tree_path(struct mod_tree *tree, struct mod_arena *arena,
			  const char *path, size_t len)
{
	size_t dir_len = *path == '/' ? 0 : strlen(tree->dir);
	char *whole = mod_arena_get(arena, dir_len + 1 + len + 1);
	char *at = whole;

	if (!whole)
		return NULL;
	if (dir_len) {
		at = mempcpy(at, tree->dir, dir_len);
		*at++ = '/';
	}
	memcpy(at, path, len);
	return whole;
}

int mod_tree_is_builtin(struct mod_tree *tree, const char *name)
{
	const char *value;
	int r = mod_tree_value(tree, MOD_TREE_BUILTIN, name, &value);

	return r < 0 ? r : !r;
}

int mod_tree_walk(struct mod_tree *tree, enum mod_tree_index which,
		  mod_index_fn *fn, void *data)
{
	const struct mod_index *index;
	int r = mod_tree_index(tree, which, &index);

	if (r == 0 && index)
		r = mod_index_walk(index, fn, data);
	return r < 0 ? corrupt(tree, which, r) : r;
}

struct alias_walk {
	mod_alias_fn *fn;
	void *data;
};

static int hand_out(void *data, const char *key, size_t key_len,
		    const char *value, size_t value_len)
{
	const struct alias_walk *w = data;

	return w->fn(w->data,
		     &(struct mod_alias){ key, key_len, value, value_len });
}

int mod_alias_each(struct mod_ctx *ctx, mod_alias_fn *fn, void *data)
{
	static const enum mod_tree_index order[] = { MOD_TREE_ALIAS,
						     MOD_TREE_SYMBOL };
	struct alias_walk walk = { fn, data };
	struct mod_tree *tree;

	mod_error_clear(ctx);
	int r = mod_tree_get(ctx, &tree);
	for (size_t i = 0; r == 0 && i < sizeof order / sizeof *order; i++)
		r = mod_tree_walk(tree, order[i], hand_out, &walk);
	return mod_error_end(ctx, r);
}
