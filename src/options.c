/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/options.h"

#include "src/output.h"

#include <assert.h>
#include <string.h>

static const char *next_name(const struct option_row *row, const char *name)
{
	name += strlen(name) + 1;
	return name < row->names + sizeof row->names && *name ? name : NULL;
}

static size_t print(const char *text)
{
	output_text(text);
	return strlen(text);
}

/* "-n, --show, --dry-run" or "    --sort KEY".  Returns its width. */
static size_t print_head(const struct option_row *row)
{
	const char letter[] = { '-', (char)row->code, ',', ' ', '\0' };
	size_t width = print(row->code < OPTIONS_LONG ? letter : "    ");
	const char *separator = "--";

	for (const char *name = row->names; name; name = next_name(row, name)) {
		width += print(separator);
		width += print(name);
		separator = ", --";
	}
	if (*row->argument && *row->argument != '[')
		width += print(" ");
	return width + print(row->argument);
}

static void next_line(size_t column)
{
	output_text("\n\t");
	output_spaces(column);
}

static void print_help(const char *help, size_t column)
{
	for (;;) {
		size_t n = strcspn(help, "\n@");

		output_bytes(help, n);
		if (!help[n])
			break;
		if (help[n] == '@')
			output_text(MOD_MODULE_DIRECTORY);
		else
			next_line(column);
		help += n + 1;
	}
	output_text("\n");
}

static void print_heading(const char *text)
{
	output_text("\n");
	output_text(text);
	if (*text)
		output_text("\n");
}

static void print_row(const struct option_row *row, size_t column)
{
	output_text("\t");
	size_t width = print_head(row);
	if (width < column)
		output_spaces(column - width);
	else
		next_line(column);
	print_help(row->help, column);
}

void options_help(const struct options *options)
{
	output_text(options->usage);
	for (size_t i = 0; i < options->n; i++) {
		const struct option_row *row = &options->rows[i];

		if (!row->code)
			print_heading(row->help);
		else if (*row->help)
			print_row(row, options->column);
	}
}

static int argument_kind(const struct option_row *row)
{
	switch (*row->argument) {
	case '\0':
		return no_argument;
	case '[':
		return optional_argument;
	default:
		return required_argument;
	}
}

void options_start(struct options_reader *reader, const struct options *options,
		   const char *order)
{
	char *letter = stpcpy(reader->letters, order);
	struct option *at = reader->names;

	for (size_t i = 0; i < options->n; i++) {
		const struct option_row *row = &options->rows[i];
		int kind = argument_kind(row);

		if (!row->code)
			continue;
		if (row->code < OPTIONS_LONG) {
			*letter++ = (char)row->code;
			letter = stpcpy(letter, &"::"[2 - kind]);
		}
		for (const char *name = row->names; name;
		     name = next_name(row, name)) {
			assert(at < &reader->names[OPTIONS_MAX]);
			*at++ = (struct option){ name, kind, NULL, row->code };
		}
	}
	*letter = '\0';
	*at = (struct option){ 0 };
}

int options_next(const struct options_reader *reader, int argc, char **argv)
{
	return getopt_long(argc, argv, reader->letters, reader->names, NULL);
}
