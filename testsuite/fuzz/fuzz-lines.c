/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libmod/base/cleanup.h"
#include "libmod/config/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t use_words(struct mod_line *line)
{
	bool marked = false, post = false;
	bool *m = line->kind == MOD_LINE_SOFTDEP ? &marked : NULL;
	char *rest = line->rest, *word;
	size_t seen = 0;

	while ((word = mod_lines_next_softdep(&rest, m, m ? &post : NULL)))
		seen += strlen(word) + post;
	return seen;
}

/* Walks all lines of a configuration, and the words of those that have some. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = malloc(size + 1);
	struct mod_lines conf;
	struct mod_line line;
	size_t seen = 0;
	int r;

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	mod_lines_init(&conf, text, size);
	while ((r = mod_lines_next(&conf, &line)) != 1) {
		bool list = line.kind == MOD_LINE_MASK ||
			line.kind == MOD_LINE_ALLOW;
		if (r == 0 && list &&
		    (!*line.name || strpbrk(line.name, "/,\"'")))
			abort();
		seen += strlen(line.word);
		if (r < 0)
			continue;
		seen += strlen(line.name);
		if (line.rest)
			seen += strlen(line.rest);
		if (line.kind == MOD_LINE_SOFTDEP ||
		    line.kind == MOD_LINE_WEAKDEP)
			seen += use_words(&line);
	}
	/* Results lie in the text, so they are no longer than that;
	 * the words of a rest are seen once more.
	 */
	if (seen > 2 * size)
		abort();
	return 0;
}
