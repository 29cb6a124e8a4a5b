/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/live/proc-modules.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

/* Cuts *rest at the first space; "" when nothing is left.  By hand, as words
 * are a few bytes long and lsmod cuts a thousand of them.
 */
static char *cut(char **rest)
{
	char *word = *rest, *p = word;

	while (*p && *p != ' ')
		p++;
	*rest = p;
	if (*p) {
		*p = '\0';
		++*rest;
	}
	return word;
}

/* Digits and nothing else.  False when it is no such number or too large. */
static bool read_number(const char *text, uint64_t *out)
{
	uint64_t n = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned digit = (unsigned)(*text - '0');
		if (digit > 9 || __builtin_mul_overflow(n, 10U, &n) ||
		    __builtin_add_overflow(n, digit, &n))
			return false;
	}
	*out = n;
	return true;
}

static bool read_count(const char *text, struct mod_proc_module *mod)
{
	bool negative = *text == '-';
	uint64_t n;

	mod->counted = !(negative && !text[1]);
	mod->count = 0;
	if (!mod->counted)
		return true;
	if (!read_number(text + negative, &n) || n > LONG_MAX)
		return false;
	mod->count = negative ? -(long)n : (long)n;
	return true;
}

/* "-", or words with a comma after each. */
static void read_holders(char *text, struct mod_proc_module *mod)
{
	static const char permanent[] = "[permanent]";
	size_t len = strlen(text), n = sizeof permanent - 1;

	mod->holders = text;
	if (len > 0 && text[len - 1] == ',')
		text[--len] = '\0';
	else if (strcmp(text, "-") == 0)
		text[len = 0] = '\0';
	/* Always the last. */
	mod->permanent = len >= n &&
		memcmp(text + len - n, permanent, n) == 0 &&
		(len == n || text[len - n - 1] == ',');
	if (mod->permanent)
		text[len > n ? len - n - 1 : 0] = '\0';
}

/* Letters in parentheses.  A sign after them repeats the state. */
static bool read_taints(char *text, struct mod_proc_module *mod)
{
	size_t len = strlen(text);

	mod->taints = text;
	if (len == 0)
		return true;
	if (len < 2 || text[0] != '(' || text[len - 1] != ')')
		return false;
	mod->taints++;
	len--;
	if (text[len - 1] == '+' || text[len - 1] == '-')
		len--;
	text[len] = '\0';
	return true;
}

int mod_proc_modules_next(char **text, struct mod_proc_module *mod)
{
	if (!**text)
		return 1;
	char *line = *text, *end = strchr(line, '\n');

	*text = end ? end + 1 : line + strlen(line);
	if (end)
		*end = '\0';
	mod->name = cut(&line);
	char *size = cut(&line);
	char *count = cut(&line);
	char *holders = cut(&line);
	mod->state = cut(&line);
	char *address = cut(&line);
	if (!*mod->name || !*holders || !*mod->state || !*address ||
	    !read_number(size, &mod->size) || !read_count(count, mod) ||
	    !read_taints(line, mod))
		return -EBADMSG;
	read_holders(holders, mod);
	return 0;
}
