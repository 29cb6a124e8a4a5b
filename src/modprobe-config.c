/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* modprobe-config.c - modprobe -c: the configuration, and all aliases. */
#include "src/modprobe.h"

#include "src/log.h"
#include "src/output.h"

#include <string.h>

static int print_rule(void *data, const struct mod_rule *rule)
{
	const char *text = mod_rule_text(rule);

	(void)data;
	output_text(mod_rule_kind(rule));
	output_text(" ");
	output_text(mod_rule_name(rule));
	if (text) {
		output_text(" "); /* also before nothing, as kmod has it */
		output_text(text);
	}
	output_text("\n");
	return 0;
}

/* For the one alias in hundreds before which the buffer must be flushed. */
__attribute__((cold)) static void print_pieces(const struct mod_alias *alias)
{
	output_text("alias ");
	output_bytes(alias->alias, alias->alias_len);
	output_text(" ");
	output_bytes(alias->module, alias->module_len);
	output_text("\n");
}

/* "alias KEY MODULE": forty thousand times, so in one piece where it fits. */
static int print_alias(void *data, const struct mod_alias *alias)
{
	size_t word = strlen("alias ");
	size_t len = alias->alias_len + 1 + alias->module_len;
	char *to = output_room(word + len + 1);

	(void)data;
	if (!to) {
		print_pieces(alias);
		return 0;
	}
	memcpy(to, "alias ", word);
	to += word;
	memcpy(to, alias->alias, alias->alias_len);
	to[alias->alias_len] = ' ';
	memcpy(to + alias->alias_len + 1, alias->module, alias->module_len);
	to[len] = '\n';
	return 0;
}

int modprobe_show_config(const struct modprobe *o)
{
	if (o->json)
		return modprobe_json_config(o);
	int r = mod_config_each(o->ctx, print_rule, NULL);

	if (r == 0) {
		output_text("\n# End of configuration files. "
			    "Dumping indexes now:\n\n");
		r = mod_alias_each(o->ctx, print_alias, NULL);
	}
	return r < 0 ? log_error("%s", modprobe_message(o, r)) : 0;
}
