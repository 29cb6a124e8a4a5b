/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/config/parameter.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64 }; /* of names that are compared: kernel names fit */

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Ends a value or word at its closing quote, if it has one. */
static void drop_quote(const char *start, char *end)
{
	if (end > start && end[-1] == '"')
		end[-1] = '\0';
}

bool mod_parameter_next(char **rest, const char *start,
			struct mod_parameter *param)
{
	char *at = *rest, *equals = NULL;
	bool inside = false;

	while (is_blank(*at))
		at++;
	*param = (struct mod_parameter){ .at = (size_t)(at - start) };
	bool quoted = *at == '"';
	if (quoted) {
		inside = true;
		at++;
	}
	param->name = at;
	for (; *at && (inside || !is_blank(*at)); at++) {
		if (*at == '=' && !equals)
			equals = at;
		if (*at == '"')
			inside = !inside;
	}
	*rest = *at ? at + 1 : at;
	*at = '\0';
	if (quoted)
		drop_quote(param->name, at);
	if (equals) {
		*equals = '\0';
		param->value = equals + 1;
		if (*param->value == '"') {
			param->value++;
			drop_quote(param->value, at);
		}
	}
	bool ends = !equals && strcmp(param->name, "--") == 0;
	return (*param->name || equals) && !ends;
}

static char same(char c)
{
	return c == '-' ? '_' : c;
}

bool mod_parameter_is(const char *a, const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!a[i] || same(a[i]) != same(name[i]))
			return false;
	return !a[len];
}

/* Numbers: how the kernel reads them. */
static const struct number {
	char name[8];
	bool negative;
	unsigned bits;
} numbers[] = {
	{ "byte", false, 8 },    { "short", true, 16 },
	{ "ushort", false, 16 }, { "int", true, 32 },
	{ "uint", false, 32 },   { "hexint", false, 32 },
	{ "long", true, 64 },    { "ulong", false, 64 },
	{ "llong", true, 64 },   { "ullong", false, 64 },
};

static bool is_number(const struct number *type, const char *text, size_t len)
{
	char buf[72], *end;
	bool negative = len && *text == '-';
	const char *digits = text;

	if (len && (*text == '+' || (negative && type->negative)))
		digits++;
	len -= (size_t)(digits - text);
	if (len == 0 || len >= sizeof buf ||
	    !((*digits >= '0' && *digits <= '9')))
		return false;
	memcpy(buf, digits, len);
	buf[len] = '\0';
	if (buf[len - 1] == '\n')
		buf[len - 1] = '\0';
	errno = 0;
	unsigned long long n = strtoull(buf, &end, 0);
	unsigned bits = type->bits - (type->negative ? 1U : 0U);
	unsigned long long most = UINT64_MAX >> (64 - bits);
	return !*end && end != buf && !errno &&
		n <= most + (negative ? 1U : 0U);
}

static bool is_bool(const char *text, size_t len)
{
	if (len == 0)
		return false;
	if (*text == 'o' || *text == 'O')
		return len > 1 && strchr("nNfF", text[1]);
	return strchr("yYtTeE1nNfFdD0", *text);
}

/* One value, or one of an array's. */
static bool fits_one(const char *type, size_t type_len, const char *value,
		     size_t len)
{
	static const char *const bools[] = { "bool", "invbool", "bint" };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (mod_parameter_is(numbers[i].name, type, type_len))
			return is_number(&numbers[i], value, len);
	for (size_t i = 0; i < sizeof bools / sizeof *bools; i++)
		if (mod_parameter_is(bools[i], type, type_len))
			return is_bool(value, len);
	return true;
}

static bool is_known(const char *type, size_t len)
{
	return mod_parameter_is("charp", type, len) ||
		mod_parameter_is("string", type, len) ||
		!fits_one(type, len, "", 0);
}

bool mod_parameter_fits(const char *type, size_t type_len, const char *value)
{
	static const char array[] = "array of ";
	size_t skip = strlen(array);
	bool many = type_len > skip && memcmp(type, array, skip) == 0;

	if (many) {
		type += skip;
		type_len -= skip;
	}
	if (!value) /* only these can do without */
		return !many &&
			(mod_parameter_is("bool", type, type_len) ||
			 mod_parameter_is("bint", type, type_len) ||
			 !is_known(type, type_len));
	if (!many)
		return fits_one(type, type_len, value, strlen(value));
	for (;;) {
		size_t n = strcspn(value, ",");
		if (!fits_one(type, type_len, value, n))
			return false;
		if (!value[n])
			return true;
		value += n + 1;
	}
}

static int near(char c)
{
	return tolower((unsigned char)same(c));
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's, a row at a time. */
size_t mod_parameter_distance(const char *a, const char *b, size_t b_len,
			      size_t most)
{
	size_t row[NAME_MAX_BYTES + 1];
	size_t a_len = strlen(a);

	if (a_len > NAME_MAX_BYTES || b_len > NAME_MAX_BYTES)
		return most + 1;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t across = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t changed =
				across + (near(a[i - 1]) != near(b[j - 1]));
			across = row[j];
			row[j] = least(changed, least(row[j], row[j - 1]) + 1);
		}
	}
	return least(row[b_len], most + 1);
}
