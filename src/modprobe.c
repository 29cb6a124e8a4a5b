/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe.c - which job modprobe does. */
#include "src/modprobe.h"

#include "src/log.h"

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
	static struct modprobe o = { .level = LOG_WARNING };

	if (mod_ctx_new(&o.ctx) < 0)
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
