/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/cleanup.h"
#include "libmod/base/glob.h"
#include "libmod/base/match.h"

#include <fnmatch.h>
#include <string.h>

static bool by_glob(const char *pattern, const char *text)
{
	struct mod_glob glob;

	mod_glob_init(&glob, text);
	_free_ struct mod_glob_state *state = malloc(mod_glob_size(&glob));
	if (!state)
		abort();
	mod_glob_start(&glob, state, 0);
	for (; *pattern; pattern++)
		if (!mod_glob_feed(&glob, state, (uint8_t)*pattern))
			return false;
	return mod_glob_matches(&glob, state);
}

/* Where match.h and glibc mean the same: no classes; half a range at the end;
 * and not so long that fnmatch() takes forever.
 */
static bool is_common(const char *pattern, const char *text)
{
	size_t len = strlen(pattern);

#ifndef __GLIBC__
	return false;
#endif
	return len < 40 && strlen(text) < 40 && !strstr(pattern, "[:") &&
		!strstr(pattern, "[=") && !strstr(pattern, "[.") &&
		!(len > 0 && pattern[len - 1] == '-');
}

/* PATTERN NUL TEXT */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *pattern = strndup((const char *)data, size);
	if (!pattern)
		abort();
	size_t len = strlen(pattern);
	_free_ char *text = len < size
		? strndup((const char *)data + len + 1, size - len - 1)
		: strdup("");
	if (!text)
		abort();

	bool matches = mod_match(pattern, text);
	if (by_glob(pattern, text) != matches)
		abort();
	if (mod_match_is_plain(pattern) &&
	    matches != (strcmp(pattern, text) == 0))
		abort();
	if (is_common(pattern, text) &&
	    matches != (fnmatch(pattern, text, 0) == 0))
		abort();
	return 0;
}
