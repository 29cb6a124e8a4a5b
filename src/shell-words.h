/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* shell-words.h - words in one text, as a shell writes them. */
#pragma once

#include <stdio.h>

/* Inserts the words of text after argv[0]; spaces, tabs and newlines separate
 * words.  '...', "..." and \ quote as in a shell, and nothing is expanded.  A
 * quote that nothing ends goes on to the end of the text.  *added is the number
 * of inserted words.  Returns one block to be freed, or NULL when memory ran
 * out.
 */
char **shell_words_insert(const char *text, int argc, char **argv, int *added);

/* Writes a word so that it is read back as it is, in quotes where it needs
 * them.
 */
void shell_words_quote(FILE *to, const char *word);
