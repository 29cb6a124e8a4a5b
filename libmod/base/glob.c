/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/glob.h"

#include <string.h>

/* A set of positions holds i when the pattern so far matches the bytes before
 * text[i].  Outside of [...] only the first set counts.  In an open [...] the
 * first keeps where it was opened, the second those of them whose byte is a
 * member; and as it is ordinary text if nothing closes it, the third goes on
 * under that assumption.
 */
enum { REACHED, MEMBERS, UNCLOSED, SETS };

enum phase {
	OUTSIDE,
	OPENED,  /* after '[': '!' and '^' negate, ']' is a member */
	NEGATED, /* after '[!': ']' is a member */
	MEMBER,  /* after a range */
	LOW,     /* after a member that a '-' makes the start of a range */
	DASH,    /* after that '-' */
};

enum { WORD = 64 /* bits */, ANY_LOW = 1, ANY_HIGH = 255 };

void mod_glob_init(struct mod_glob *glob, const char *text)
{
	glob->text = text;
	glob->len = strlen(text);
	glob->words = glob->len / WORD + 1;
}

size_t mod_glob_size(const struct mod_glob *glob)
{
	return sizeof(struct mod_glob_state) +
		SETS * glob->words * sizeof(uint64_t);
}

static bool holds(const uint64_t *set, size_t pos)
{
	return set[pos / WORD] >> pos % WORD & 1;
}

static bool is_empty(const struct mod_glob *glob, const uint64_t *set)
{
	for (size_t w = 0; w < glob->words; w++)
		if (set[w])
			return false;
	return true;
}

void mod_glob_start(const struct mod_glob *glob, struct mod_glob_state *state,
		    size_t pos)
{
	*state = (struct mod_glob_state){ 0 };
	memset(state->set, 0, glob->words * sizeof *state->set);
	state->set[pos / WORD] = UINT64_C(1) << pos % WORD;
}

void mod_glob_copy(const struct mod_glob *glob, struct mod_glob_state *to,
		   const struct mod_glob_state *from)
{
	size_t n = from->phase == OUTSIDE ? glob->words : SETS * glob->words;

	*to = *from;
	for (size_t w = 0; w < n; w++)
		to->set[w] = from->set[w];
}

/* The positions in the w-th word of a set whose byte lies in low..high.  The
 * one at the end has a NUL and is never among them.
 */
static uint64_t among(const struct mod_glob *glob, size_t w, uint64_t word,
		      uint8_t low, uint8_t high)
{
	const char *text = glob->text + w * WORD;
	uint64_t found = 0;

	for (; word; word &= word - 1) {
		uint8_t byte = (uint8_t)text[__builtin_ctzll(word)];
		if (byte >= low && byte <= high)
			found |= word & -word;
	}
	return found;
}

/* Advances each position whose byte is in low..high, and drops the others. */
static void step(const struct mod_glob *glob, uint64_t *set, uint8_t low,
		 uint8_t high)
{
	uint64_t carry = 0;

	for (size_t w = 0; w < glob->words; w++) {
		uint64_t found = among(glob, w, set[w], low, high);
		set[w] = found << 1 | carry;
		carry = found >> (WORD - 1);
	}
}

/* The lowest position, and all after it. */
static void spread(const struct mod_glob *glob, uint64_t *set)
{
	size_t w = 0, last = glob->words - 1;

	while (w < last && !set[w])
		w++;
	set[w] = -(set[w] & -set[w]);
	while (w < last)
		set[++w] = UINT64_MAX;
	set[last] &= UINT64_MAX >> (WORD - 1 - glob->len % WORD);
}

/* A byte outside of [...], or in one that nothing closes. */
static void feed_text(const struct mod_glob *glob, uint64_t *set, bool escaped,
		      uint8_t byte)
{
	if (byte == '*' && !escaped)
		spread(glob, set);
	else if (byte == '?' && !escaped)
		step(glob, set, ANY_LOW, ANY_HIGH);
	else if (byte != '\\' || escaped)
		step(glob, set, byte, byte);
}

static void add_members(const struct mod_glob *glob,
			struct mod_glob_state *state, uint8_t low, uint8_t high)
{
	const uint64_t *reached = state->set;
	uint64_t *members = state->set + MEMBERS * glob->words;

	for (size_t w = 0; w < glob->words; w++)
		members[w] |= among(glob, w, reached[w], low, high);
}

/* What was held back, as it could have been the start of a range. */
static void add_pending(const struct mod_glob *glob,
			struct mod_glob_state *state)
{
	if (state->phase == LOW || state->phase == DASH)
		add_members(glob, state, state->low, state->low);
	if (state->phase == DASH)
		add_members(glob, state, '-', '-');
}

static void open_bracket(const struct mod_glob *glob,
			 struct mod_glob_state *state)
{
	uint64_t *reached = state->set;
	uint64_t *members = state->set + MEMBERS * glob->words;
	uint64_t *unclosed = state->set + UNCLOSED * glob->words;

	memset(members, 0, glob->words * sizeof *members);
	memcpy(unclosed, reached, glob->words * sizeof *reached);
	step(glob, unclosed, '[', '[');
	state->phase = OPENED;
	state->negated = false;
}

static void close_bracket(const struct mod_glob *glob,
			  struct mod_glob_state *state)
{
	uint64_t *reached = state->set;
	const uint64_t *members = state->set + MEMBERS * glob->words;

	add_pending(glob, state);
	for (size_t w = 0; w < glob->words; w++)
		reached[w] &= state->negated ? ~members[w] : members[w];
	step(glob, reached, ANY_LOW, ANY_HIGH);
	state->phase = OUTSIDE;
}

static void feed_member(const struct mod_glob *glob,
			struct mod_glob_state *state, uint8_t byte)
{
	if (state->phase == DASH) {
		add_members(glob, state, state->low, byte);
		state->phase = MEMBER;
		return;
	}
	add_pending(glob, state);
	state->low = byte;
	state->phase = LOW;
}

/* A byte that is more than a member of [...]; false for all others. */
static bool feed_mark(const struct mod_glob *glob, struct mod_glob_state *state,
		      uint8_t byte)
{
	switch (byte) {
	case '!':
	case '^':
		if (state->phase != OPENED)
			return false;
		state->negated = true;
		state->phase = NEGATED;
		return true;
	case '-':
		if (state->phase != LOW)
			return false;
		state->phase = DASH;
		return true;
	case ']':
		if (state->phase <= NEGATED)
			return false;
		close_bracket(glob, state);
		return true;
	default:
		return byte == '\\';
	}
}

static void feed_bracket(const struct mod_glob *glob,
			 struct mod_glob_state *state, uint8_t byte)
{
	uint64_t *unclosed = state->set + UNCLOSED * glob->words;

	feed_text(glob, unclosed, state->escaped, byte);
	if (state->escaped || !feed_mark(glob, state, byte))
		feed_member(glob, state, byte);
}

bool mod_glob_feed(const struct mod_glob *glob, struct mod_glob_state *state,
		   uint8_t byte)
{
	if (state->phase != OUTSIDE)
		feed_bracket(glob, state, byte);
	else if (byte == '[' && !state->escaped)
		open_bracket(glob, state);
	else
		feed_text(glob, state->set, state->escaped, byte);
	state->escaped = byte == '\\' && !state->escaped;

	return !is_empty(glob, state->set) ||
		(state->phase != OUTSIDE &&
		 !is_empty(glob, state->set + UNCLOSED * glob->words));
}

bool mod_glob_matches(const struct mod_glob *glob,
		      const struct mod_glob_state *state)
{
	size_t which = state->phase == OUTSIDE ? REACHED : UNCLOSED;

	return !state->escaped &&
		holds(state->set + which * glob->words, glob->len);
}
