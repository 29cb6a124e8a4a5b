/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/match.h"

#include <stddef.h>

/* The next byte of a [...], the one after a '\' as it is; 0 at the end. */
static unsigned char member(const char **p)
{
	if (**p == '\\')
		++*p;
	return **p ? (unsigned char)*(*p)++ : '\0';
}

/* Whether byte is one of the [...] whose '[' lies before p.  Returns what
 * follows the ']', or NULL when there is none.
 */
static const char *bracket(const char *p, unsigned char byte, bool *is_in)
{
	bool negated = *p == '!' || *p == '^';
	bool found = false;

	p += negated;
	do {
		unsigned char low = member(&p), high = low;
		if (*p == '-' && p[1] && p[1] != ']') {
			p++;
			high = member(&p);
		}
		if (!low || !high)
			return NULL;
		found |= low <= byte && byte <= high;
	} while (*p != ']');
	*is_in = found != negated;
	return p + 1;
}

/* What follows the one element of the pattern at p when that matches byte,
 * else NULL.  *unclosed is the first '[' found without its ']', or NULL: every
 * '[' after it is without one too, and is not searched again, which keeps the
 * promise about time.
 */
static const char *step(const char *p, unsigned char byte,
			const char **unclosed)
{
	bool is_in;

	if (*p == '?')
		return p + 1;
	if (*p == '[' && !(*unclosed && p >= *unclosed)) {
		const char *end = bracket(p + 1, byte, &is_in);
		if (end)
			return is_in ? end : NULL;
		*unclosed = p;
	}
	if (*p == '\\')
		p++;
	return (unsigned char)*p == byte ? p + 1 : NULL;
}

/* After a mismatch, only the last '*' need take a byte more, because the
 * pattern before it has matched as early as it can.
 */
bool mod_match_all(const char *pattern, const char *text)
{
	const char *p = pattern, *unclosed = NULL;
	const char *star = NULL, *resume = NULL; /* after it; after its text */

	for (;;) {
		if (*p == '*') {
			star = ++p;
			if (!*p)
				return true;
			resume = text;
		} else if (!*text) {
			return !*p;
		} else {
			p = step(p, (unsigned char)*text++, &unclosed);
			if (!p) {
				if (!star)
					return false;
				p = star;
				text = ++resume;
			}
		}
	}
}

bool mod_match_is_plain(const char *pattern)
{
	for (; *pattern; pattern++)
		if (*pattern == '*' || *pattern == '?' || *pattern == '[' ||
		    *pattern == '\\')
			return false;
	return true;
}
