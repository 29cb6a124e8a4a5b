/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* match.h - the glob of aliases and of modprobe.d.
 *
 * As fnmatch(3) with flags 0 in the C locale: '*' and '?' match any byte, '/'
 * and a leading '.' too; [a-c], [!a-c], [^a-c] match one byte, and a ']' that
 * comes first is a member; '\' takes the special meaning from the byte after
 * it, in [...] too, and at the end of a pattern it matches nothing; a '[' that
 * nothing closes is an ordinary byte.  [:alpha:] and its like do not exist: a
 * name with brackets that do not pair never becomes a pattern (see name.h).
 * Time is bounded by pattern times text.
 */
#pragma once

#include <stdbool.h>

bool mod_match_all(const char *pattern, const char *text);

/* Most patterns are names, and differ from the text in the first byte. */
static inline bool mod_match(const char *pattern, const char *text)
{
	switch (*pattern) {
	case '*':
	case '?':
	case '[':
	case '\\':
		break;
	default:
		if (*pattern != *text)
			return false;
	}
	return mod_match_all(pattern, text);
}

/* True when the pattern holds none of *, ?, [ and \: it matches itself only. */
bool mod_match_is_plain(const char *pattern);
