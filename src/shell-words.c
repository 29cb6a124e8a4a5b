/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/shell-words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char spaces[] = " \t\n";

/* The byte that follows a '\'.  In "..." it quotes few bytes only. */
static char escaped(const char **text, char quote)
{
	if (!**text || (quote && !strchr("\\\"$`\n", **text)))
		return '\\';
	return *(*text)++;
}

/* Copies one word to *to; *text then points after it. */
static void take_word(const char **text, char **to)
{
	char quote = '\0';

	while (**text && (quote || !strchr(spaces, **text))) {
		char c = *(*text)++;
		if (quote && c == quote)
			quote = '\0';
		else if (!quote && (c == '\'' || c == '"'))
			quote = c;
		else if (c == '\\' && quote != '\'')
			*(*to)++ = escaped(text, quote);
		else
			*(*to)++ = c;
	}
	*(*to)++ = '\0';
}

char **shell_words_insert(const char *text, int argc, char **argv, int *added)
{
	size_t len = strlen(text);
	size_t room = (size_t)argc + 1 + (len + 1) / 2; /* words and NULL */
	char **words = malloc(room * sizeof *words + len + 1);
	int n = 0;

	if (!words)
		return NULL;
	char *to = (char *)(words + room);
	words[n++] = argv[0];
	while (*(text += strspn(text, spaces))) {
		words[n++] = to;
		take_word(&text, &to);
	}
	*added = n - 1;
	for (int i = 1; i < argc; i++)
		words[n++] = argv[i];
	words[n] = NULL;
	return words;
}

static bool is_plain(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789%+,-./:=@_";

	return *word && !word[strspn(word, plain)];
}

void shell_words_quote(FILE *to, const char *word)
{
	if (is_plain(word)) {
		fputs(word, to);
		return;
	}
	fputc('\'', to);
	for (; *word; word++)
		if (*word == '\'')
			fputs("'\\''", to);
		else
			fputc(*word, to);
	fputc('\'', to);
}
