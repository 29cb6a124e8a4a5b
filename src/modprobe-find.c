/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-find.c - the modules that a name on the command line means. */
#include "src/modprobe.h"

#include "src/log.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool is_path(const char *word)
{
	return *word == '/' || strncmp(word, "./", 2) == 0;
}

/* As kmod 30 did, and scripts rely on: any path, when it is only looked at. */
static bool may_be_file(const struct modprobe *o, size_t i)
{
	return (o->job == MODPROBE_SHOW_MODVERSIONS ||
		o->job == MODPROBE_SHOW_EXPORTS) &&
		i < o->path_count && access(o->words[i], F_OK) == 0;
}

static int not_found(const struct modprobe *o, const char *name)
{
	const char *dir;

	if (o->job == MODPROBE_REMOVE)
		return log_at(modprobe_level(o), "Module %s not found.", name);
	if (mod_ctx_tree_dir(o->ctx, &dir) < 0)
		dir = "";
	log_at(modprobe_level(o), "Module %s not found in directory %s", name,
	       dir);
	return o->job == MODPROBE_MODULES_LOAD ? -1 : 1;
}

int modprobe_find(const struct modprobe *o, size_t i, struct mod_targets **out)
{
	const char *word = o->words[i];
	bool path =
		o->job != MODPROBE_REMOVE && is_path(word) && i < o->path_count;
	int r;

	if (o->job == MODPROBE_REMOVE)
		r = mod_find_loaded(o->ctx, word, out);
	else if (path)
		r = mod_find_path(o->ctx, word, out);
	else
		r = mod_find(o->ctx, word, out);
	if ((r == 1 || r == -EINVAL) && may_be_file(o, i))
		r = mod_find_path(o->ctx, word, out);
	if (r == 0)
		return 0;
	if (path)
		return log_at(modprobe_level(o),
			      "Failed to get module from path "
			      "%s: %s",
			      word, strerror(-r));
	if (r == 1 || r == -EINVAL)
		return not_found(o, word);
	return log_at(modprobe_level(o), "%s", modprobe_message(o, r));
}
