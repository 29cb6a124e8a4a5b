/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/base/parameter.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64 }; /* of names that are compared: kernel names fit */

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

/* Splits an argument whose name and first '=' are known.  As in next_arg(), one
 * quote at the end is dropped, whether it was opened before the name or before
 * the value.
 */
static void split(struct mod_parameter *param, const char *equals)
{
	const char *end = param->start + param->len;
	bool value_quoted = equals && equals + 1 < end && equals[1] == '"';

	if ((param->name > param->start || value_quoted) && end > param->name &&
	    end[-1] == '"')
		end--;
	param->name_len = (size_t)((equals ? equals : end) - param->name);
	if (!equals)
		return;
	param->value = equals + 1 + (value_quoted ? 1 : 0);
	if (end > param->value)
		param->value_len = (size_t)(end - param->value);
}

bool mod_parameter_next_argument(const char **at, const char *end,
				 struct mod_parameter *param)
{
	const char *to = *at, *equals = NULL;

	while (to < end && is_space(*to))
		to++;
	*param = (struct mod_parameter){ .start = to };
	bool inside = to < end && *to == '"';
	to += inside;
	param->name = to;
	for (; to < end && (inside || !is_space(*to)); to++) {
		if (*to == '=' && !equals && to > param->name)
			equals = to;
		inside ^= *to == '"';
	}
	param->unclosed = inside;
	param->len = (size_t)(to - param->start);
	split(param, equals);
	*at = to;
	return param->len > 0;
}

bool mod_parameter_next(const char **at, const char *end,
			struct mod_parameter *param)
{
	return mod_parameter_next_argument(at, end, param) &&
		(param->value || param->name_len != 2 ||
		 memcmp(param->name, "--", 2) != 0);
}

static char same(char c)
{
	return c == '-' ? '_' : c;
}

bool mod_parameter_is_name(const char *a, size_t a_len, const char *b,
			   size_t b_len)
{
	if (a_len != b_len)
		return false;
	for (size_t i = 0; i < a_len; i++)
		if (same(a[i]) != same(b[i]))
			return false;
	return true;
}

/* The types that are known here. */
static const struct type {
	char name[8];
	enum { NUMBER, BOOL, TEXT } kind;
	bool bare;     /* may have no value, which then is true */
	bool negative; /* numbers: may be below 0 */
	unsigned bits; /* numbers */
} types[] = {
	{ .name = "byte", .bits = 8 },
	{ .name = "short", .bits = 16, .negative = true },
	{ .name = "ushort", .bits = 16 },
	{ .name = "int", .bits = 32, .negative = true },
	{ .name = "uint", .bits = 32 },
	{ .name = "hexint", .bits = 32 },
	{ .name = "long", .bits = 64, .negative = true },
	{ .name = "ulong", .bits = 64 },
	{ .name = "llong", .bits = 64, .negative = true },
	{ .name = "ullong", .bits = 64 },
	{ .name = "bool", .kind = BOOL, .bare = true },
	{ .name = "bint", .kind = BOOL, .bare = true },
	{ .name = "invbool", .kind = BOOL },
	{ .name = "charp", .kind = TEXT },
	{ .name = "string", .kind = TEXT },
};

/* A parmtype; type: NULL for an unknown one. */
struct parmtype {
	const struct type *type;
	bool array;
};

static struct parmtype find_type(const char *name, size_t len)
{
	static const char array[] = "array of ";
	size_t skip = strlen(array);
	struct parmtype found = { 0 };

	found.array = len > skip && memcmp(name, array, skip) == 0;
	if (found.array) {
		name += skip;
		len -= skip;
	}
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strlen(types[i].name) == len &&
		    memcmp(types[i].name, name, len) == 0)
			found.type = &types[i];
	return found;
}

/* What the kernel makes of the text of one value. */
struct value {
	bool negative;
	uint64_t n;       /* numbers: without the sign; booleans: 0 or 1 */
	const char *text; /* text[len] */
	size_t len;
};

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c = (char)(c | 0x20); /* small letters */
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/* Source: _kstrtoull() with base 0.  False: no number, or over 64 bits. */
static bool read_digits(const char *text, size_t len, uint64_t *n)
{
	unsigned base = 10;

	if (len && text[len - 1] == '\n')
		len--;
	if (len > 1 && *text == '0') {
		bool hex = (text[1] | 0x20) == 'x' && len > 2;
		base = hex ? 16 : 8;
		text += hex ? 2 : 0;
		len -= hex ? 2 : 0;
	}
	*n = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned digit = digit_of(text[i]);
		if (digit >= base || __builtin_mul_overflow(*n, base, n) ||
		    __builtin_add_overflow(*n, digit, n))
			return false;
	}
	return len > 0;
}

static bool read_number(const struct type *type, struct value *value)
{
	const char *digits = value->text;
	size_t len = value->len;
	bool minus = type->negative && len && *digits == '-';
	uint64_t most = UINT64_MAX >> (64 - type->bits + type->negative);

	if (minus || (len && *digits == '+')) {
		digits++;
		len--;
	}
	if (!read_digits(digits, len, &value->n))
		return false;
	value->negative = minus && value->n;
	return value->n <= most + (minus ? 1U : 0U);
}

/* Source: kstrtobool(); "enable" and "disable" are accepted by newer kernels.
 */
static bool read_bool(struct value *value)
{
	const char *yes = "yYtTeE1", *no = "nNfFdD0", *at = value->text;

	if (value->len > 1 && (*at == 'o' || *at == 'O')) {
		yes = "nN"; /* "on", "off" */
		no = "fF";
		at++;
	}
	if (!value->len || !*at)
		return false;
	value->n = strchr(yes, *at) != NULL;
	return value->n || strchr(no, *at);
}

static bool read_value(const struct type *type, struct value *value)
{
	return type->kind == NUMBER  ? read_number(type, value)
		: type->kind == BOOL ? read_bool(value)
				     : true;
}

/* Texts that are values: one, or those of an array.  at: NULL after the last.
 * Source: param_array().
 */
struct values {
	const char *at, *end;
	bool array;
};

static bool next_value(struct values *values, struct value *value)
{
	const char *at = values->at;

	if (!at)
		return false;
	size_t len = (size_t)(values->end - at);
	const char *comma = values->array && len ? memchr(at, ',', len) : NULL;
	*value = (struct value){ .text = at,
				 .len = comma ? (size_t)(comma - at) : len };
	values->at = comma ? comma + 1 : NULL;
	return true;
}

bool mod_parameter_fits(const char *type, size_t type_len, const char *value,
			size_t len)
{
	const struct parmtype found = find_type(type, type_len);
	struct value one;
	bool fits = true;

	if (!value)
		return !found.array && (!found.type || found.type->bare);
	struct values values = { value, value + len, found.array };
	while (found.type && fits && next_value(&values, &one))
		fits = read_value(found.type, &one);
	return fits;
}

static bool is_equal(const struct type *type, const struct value *a,
		     const struct value *b)
{
	if (type->kind == TEXT)
		return a->len == b->len &&
			memcmp(a->text, b->text, a->len) == 0;
	return a->negative == b->negative && a->n == b->n;
}

bool mod_parameter_differs(const char *type, size_t type_len, const char *set,
			   size_t set_len, const char *shown, size_t shown_len)
{
	const struct parmtype found = find_type(type, type_len);
	bool fits = mod_parameter_fits(type, type_len, set, set_len);
	bool differs = false;
	struct value a, b;

	if (!set) { /* fits: a boolean */
		set = "1";
		set_len = 1;
	}
	struct values ours = { set, set + set_len, found.array };
	struct values kernel = { shown, shown + shown_len, found.array };
	while (found.type && fits && next_value(&ours, &a)) {
		if (!next_value(&kernel, &b))
			return true;
		if (!read_value(found.type, &a) || !read_value(found.type, &b))
			return false;
		differs |= !is_equal(found.type, &a, &b);
	}
	return differs;
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
size_t mod_parameter_distance(const char *a, size_t a_len, const char *b,
			      size_t b_len, size_t most)
{
	size_t row[NAME_MAX_BYTES + 1];

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
