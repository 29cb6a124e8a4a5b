/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* glob.h - a glob that comes byte by byte, against one text.
 *
 * For patterns that share their beginnings, as those in a trie do: a state
 * advances byte by byte and is copied where patterns part, and it reports as
 * soon as no continuation can match.  The rules are those of match.h.  Each
 * byte costs at most the length of the text, usually far less.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mod_glob {
	const char *text; /* borrowed */
	size_t len;       /* bytes */
	size_t words;     /* of 64 positions: 0 to len, both included */
};

/* What the bytes fed so far leave possible. */
struct mod_glob_state {
	bool escaped;   /* after a '\' */
	bool negated;   /* the open [...] */
	uint8_t phase;  /* where in an open [...]; 0: outside */
	uint8_t low;    /* member of [...] that may start a range */
	uint64_t set[]; /* three sets of positions, mod_glob.words each */
};

void mod_glob_init(struct mod_glob *glob, const char *text);

/* Bytes that a state takes; a multiple of its alignment. */
size_t mod_glob_size(const struct mod_glob *glob);

/* No byte fed, text[pos] to be matched next; pos is at most len. */
void mod_glob_start(const struct mod_glob *glob, struct mod_glob_state *state,
		    size_t pos);

void mod_glob_copy(const struct mod_glob *glob, struct mod_glob_state *to,
		   const struct mod_glob_state *from);

/* Takes the next byte of the pattern, not NUL.  False when no pattern that
 * starts so can match any more.
 */
bool mod_glob_feed(const struct mod_glob *glob, struct mod_glob_state *state,
		   uint8_t byte);

/* Whether the pattern, ended here, matches. */
bool mod_glob_matches(const struct mod_glob *glob,
		      const struct mod_glob_state *state);
