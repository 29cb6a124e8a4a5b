/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe.c - the parts that modprobe's jobs share, and which job is done. */
#include "src/modprobe.h"

#include "src/log.h"
#include "src/output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

const char *modprobe_sentence(const struct modprobe *o, int error)
{
	const char *sentence = mod_error_sentence(o->ctx);

	/* Not every failure has one: there is no memory for it, say. */
	return mod_error_code(o->ctx) == error && *sentence ? sentence
							    : strerror(-error);
}

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
	return log_at(modprobe_level(o), "%s", modprobe_sentence(o, r));
}

/* A remove command gets no options, so the word for them is not shown. */
static void show_remove(const char *command)
{
	static const char word[] = "$CMDLINE_OPTS";
	const char *at;

	output_text("remove ");
	for (; (at = strstr(command, word)); command = at + strlen(word))
		output_bytes(command, (size_t)(at - command));
	output_text(command);
	output_text("\n");
}

static void show_line(const char *verb, const char *what, const char *options)
{
	output_text(verb);
	output_text(what);
	if (options) {
		output_text(" "); /* also before nothing: scripts match it */
		output_text(options);
	}
	output_text("\n");
}

static void print_step(const struct mod_step *step)
{
	switch (mod_step_action(step)) {
	case MOD_ACTION_LOAD:
		show_line("insmod ", mod_step_path(step),
			  mod_step_options(step));
		break;
	case MOD_ACTION_COMMAND:
		show_line("install ", mod_step_command(step),
			  mod_step_options(step));
		break;
	case MOD_ACTION_BUILTIN:
		show_line("builtin ", mod_step_name(step), NULL);
		break;
	case MOD_ACTION_UNLOAD:
		show_line("rmmod ", mod_step_name(step), NULL);
		break;
	case MOD_ACTION_REMOVE_COMMAND:
		show_remove(mod_step_command(step));
		break;
	case MOD_ACTION_NONE:
	case MOD_ACTION_REFUSED:
		break;
	}
}

void modprobe_show_step(void *data, const struct mod_step *step)
{
	const struct modprobe *o = data;

	if (o->shows)
		print_step(step);
	if (o->run_flags & MOD_RUN_DRY)
		return;
	if (mod_step_verdict(step) == MOD_VERDICT_AUDITED)
		modprobe_audit(o, step);
	/* What was said comes before what a command or the kernel says. */
	output_flush();
	if (mod_step_command(step) && !o->exported)
		modprobe_export(o);
}

static int modprobe(int argc, char **argv)
{
	static int (*const jobs[MODPROBE_JOBS])(const struct modprobe *) = {
		[MODPROBE_INSERT] = modprobe_insert,
		[MODPROBE_MODULES_LOAD] = modprobe_modules_load,
		[MODPROBE_SHOW_ALIAS] = modprobe_show_alias,
		[MODPROBE_REMOVE] = modprobe_remove,
		[MODPROBE_SHOW_CONFIG] = modprobe_show_config,
		[MODPROBE_SHOW_MODVERSIONS] = modprobe_show_modversions,
		[MODPROBE_SHOW_EXPORTS] = modprobe_show_exports,
		[MODPROBE_CHECK_POLICY] = modprobe_check_policy,
		[MODPROBE_GENERATE_POLICY] = modprobe_generate_policy,
	};
	/* This program starts often and mostly has little to do.  Nothing of
	 * this is freed: the end of the process is near and quicker.
	 */
	static _Alignas(max_align_t) char memory[80 * 1024];
	static struct modprobe o = { .level = LOG_WARNING };

	if (mod_ctx_new_in(memory, sizeof memory, &o.ctx) < 0)
		return log_error("out of memory");
	int r = modprobe_parse(&o, argc, argv);
	if (r != TOOL_GOES_ON)
		return r;
	log_start(tool_basename(argv[0]), o.level);
	if (o.syslog)
		log_to_syslog();
	o.shows |= log_wants(LOG_NOTICE);
	mod_ctx_set_log(o.ctx, log_from_library, NULL, o.level);
	return jobs[o.job](&o);
}

const struct tool tool_modprobe = { "modprobe", modprobe,
				    "load modules with what they need, or "
				    "unload them" };
