/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/format/cmdline.h"

void mod_cmdline_init(struct mod_cmdline *cmdline, char *text, size_t len)
{
	*cmdline = (struct mod_cmdline){ text, text + len };
	*cmdline->end = '\0';
}

bool mod_cmdline_next(struct mod_cmdline *cmdline,
		      struct mod_cmdline_word *word)
{
	(void)cmdline;
	(void)word;
	return false;
}
