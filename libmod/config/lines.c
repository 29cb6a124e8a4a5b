/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/config/lines.h"

#include "libmod/base/name.h"

#include <errno.h>
#include <string.h>

void mod_lines_init(struct mod_lines *conf, char *text, size_t len)
{
	*conf = (struct mod_lines){ .at = text, .end = text + len };
	*conf->end = '\0';
}

/* The line at conf->at, which holds a backslash: joined with those that it
 * goes on in, and without backslashes.
 */
static void take_joined(struct mod_lines *conf)
{
	char *to = conf->at, *from = conf->at;

	while (from < conf->end && *from != '\n') {
		char c = *from++;
		bool escaped = c == '\\';
		if (escaped)
			c = from < conf->end ? *from++ : '\0'; /* the end */
		if (c == '\r' && (from == conf->end || *from == '\n'))
			c = escaped && from < conf->end ? *from++ : ' ';
		if (escaped && c == '\n')
			conf->line++;
		else
			*to++ = c;
	}
	conf->at = from < conf->end ? from + 1 : from;
	*to = '\0';
}

/* Whether a line is empty or a comment, and cannot go on in the next. */
static inline bool is_mute(const char *line, const char *end)
{
	if (line == end)
		return true;
	return *line == '#' && end[-1] != '\\' && end[-1] != '\r';
}

/* Takes a line off the text and ends it with NUL.  NULL at the end. */
static inline char *take_line(struct mod_lines *conf)
{
	char *line = conf->at;
	size_t left = (size_t)(conf->end - line);

	if (left == 0)
		return NULL;
	conf->line++;
	char *end = memchr(line, '\n', left);
	conf->at = end ? end + 1 : conf->end;
	if (!end)
		end = conf->end;
	if (is_mute(line, end)) {
		*line = '\0';
		return line;
	}
	if (memchr(line, '\\', (size_t)(end - line))) {
		conf->at = line;
		take_joined(conf);
		return line;
	}
	if (end[-1] == '\r')
		end[-1] = ' ';
	*end = '\0';
	return line;
}

static inline bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static inline char *skip_spaces(char *at)
{
	while (is_space(*at))
		at++;
	return at;
}

/* What a byte does in a word; most do nothing. */
enum { ENDS = 1, IN_NAMES = 2 /* mod_name_normalise() cares for it */ };

static const unsigned char effect[256] = {
	['\0'] = ENDS,    [' '] = ENDS,     ['\t'] = ENDS,
	['-'] = IN_NAMES, ['['] = IN_NAMES, [']'] = IN_NAMES,
};

/* Takes the next word off *at, which is then moved one byte after it, and sets
 * the effects of its bytes.  NULL when there is none.
 */
static inline char *take_word(char **at, unsigned *effects)
{
	char *word = skip_spaces(*at), *end = word;
	unsigned all = 0;

	for (;; end++) {
		unsigned e = effect[(unsigned char)*end];
		if (!e)
			continue;
		if (e == ENDS)
			break;
		all |= e;
	}
	if (end == word)
		return NULL;
	*at = *end ? end + 1 : end;
	*end = '\0';
	*effects = all;
	return word;
}

/* The same for a name; NULL also when its brackets do not pair. */
static char *take_name(char **at)
{
	unsigned effects;
	char *name = take_word(at, &effects);

	if (name && effects && mod_name_normalise(name) < 0)
		return NULL;
	return name;
}

static const struct {
	char word[11];
	unsigned char len;
	enum mod_line_kind kind;
} kinds[] = {
#define KIND(word, kind)                                                       \
	{                                                                      \
		word, sizeof word - 1, kind                                    \
	}
	KIND("alias", MOD_LINE_ALIAS),
	KIND("blacklist", MOD_LINE_BLACKLIST),
	KIND("options", MOD_LINE_OPTIONS),
	KIND("install", MOD_LINE_INSTALL),
	KIND("remove", MOD_LINE_REMOVE),
	KIND("softdep", MOD_LINE_SOFTDEP),
	KIND("weakdep", MOD_LINE_WEAKDEP),
	KIND("mask", MOD_LINE_MASK),
	KIND("allow", MOD_LINE_ALLOW),
	KIND("policy", MOD_LINE_POLICY),
};

const char *mod_lines_kind_name(enum mod_line_kind kind)
{
	size_t i = 0;

	while (kinds[i].kind != kind)
		i++;
	return kinds[i].word;
}

/* Takes the first word off *at: the kind of the line. */
static int take_kind(char **at, struct mod_line *line)
{
	unsigned effects;
	char *word = *at;

	line->word = word;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char *end = word + kinds[i].len;
		if (*word != *kinds[i].word ||
		    strncmp(word, kinds[i].word, kinds[i].len) != 0 ||
		    !(effect[(unsigned char)*end] & ENDS))
			continue;
		*at = *end ? end + 1 : end;
		*end = '\0';
		line->kind = kinds[i].kind;
		return 0;
	}
	take_word(at, &effects);
	if (strcmp(word, "include") == 0 || strcmp(word, "config") == 0)
		return -EOPNOTSUPP;
	return -EINVAL;
}

/* The next name of a list, into line; 1 when none is left. */
static int next_name(struct mod_lines *conf, struct mod_line *line)
{
	unsigned effects;
	char *name = take_word(&conf->names, &effects);

	if (!name || *name == '#') {
		conf->names = NULL;
		return 1;
	}
	*line = (struct mod_line){ .kind = conf->list,
				   .name = name,
				   .line = conf->line,
				   .word = name };
	return mod_name_listed(name) < 0 ? -EILSEQ : 0;
}

/* A list needs a name. */
static int begin_list(struct mod_lines *conf, struct mod_line *line, char *at)
{
	const char *word = line->word;

	conf->names = at;
	conf->list = line->kind;
	int r = next_name(conf, line);
	if (r == 0 || r == 1)
		line->word = word;
	return r == 1 ? -EINVAL : r;
}

static int read_policy(struct mod_line *line, char *at)
{
	unsigned effects;

	line->name = take_word(&at, &effects);
	return line->name &&
			(strcmp(line->name, "allow-listed") == 0 ||
			 strcmp(line->name, "audit") == 0)
		? 0
		: -EINVAL;
}

/* Reads the words after the first one. */
static int read_operands(struct mod_lines *conf, struct mod_line *line,
			 char *at)
{
	if (line->kind == MOD_LINE_MASK || line->kind == MOD_LINE_ALLOW)
		return begin_list(conf, line, at);
	if (line->kind == MOD_LINE_POLICY)
		return read_policy(line, at);
	line->name = take_name(&at);
	if (!line->name)
		return -EINVAL;
	switch (line->kind) {
	case MOD_LINE_BLACKLIST:
		return 0;
	case MOD_LINE_ALIAS:
		line->rest = take_name(&at);
		return line->rest ? 0 : -EINVAL;
	case MOD_LINE_OPTIONS:
		line->rest = at;
		while ((at = strchr(at, '\t')))
			*at++ = ' ';
		break;
	default:
		line->rest = at;
	}
	return *line->rest ? 0 : -EINVAL;
}

int mod_lines_next(struct mod_lines *conf, struct mod_line *line)
{
	char *at;

	if (conf->names) {
		int r = next_name(conf, line);
		if (r != 1)
			return r;
	}
	while ((at = take_line(conf))) {
		const char *start = at;
		if (*at == '#')
			continue;
		at = skip_spaces(at);
		if (!*at)
			continue;
		*line = (struct mod_line){
			.line = conf->line,
			.len = (size_t)(conf->at - start),
		};
		int r = take_kind(&at, line);
		return r < 0 ? r : read_operands(conf, line, at);
	}
	return 1;
}

/* kmod treats CR and other whitespace as spaces here. */
static char *take_any_word(char **at)
{
	static const char spaces[] = " \t\r\v\f\n";
	char *word = *at + strspn(*at, spaces);
	char *end = word + strcspn(word, spaces);

	*at = *end ? end + 1 : end;
	*end = '\0';
	return *word ? word : NULL;
}

char *mod_lines_next_softdep(char **rest, bool *marked, bool *post)
{
	char *word;

	while ((word = take_any_word(rest)) && marked) {
		bool pre = strcmp(word, "pre:") == 0;
		if (!pre && strcmp(word, "post:") != 0)
			break;
		*marked = true;
		*post = !pre;
	}
	return word;
}

char *mod_lines_take_line(struct mod_lines *conf)
{
	return take_line(conf);
}

char *mod_lines_take_word(char **at)
{
	unsigned effects;

	return take_word(at, &effects);
}
