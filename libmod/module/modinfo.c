/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/module/modinfo.h"

static void drop(struct mod_bytes *bytes, size_t n)
{
	bytes->at += n;
	bytes->len -= n;
}

/* The string at the front, without the NUL that ends it; empty at the end. */
static struct mod_bytes take_string(struct mod_bytes *left)
{
	while (left->len > 0 && *left->at == '\0')
		drop(left, 1);
	if (left->len <= 1)
		return (struct mod_bytes){ 0 };

	const uint8_t *end = memchr(left->at, '\0', left->len);
	size_t n = end ? (size_t)(end - left->at) : left->len;
	struct mod_bytes string = { left->at, n };
	drop(left, n);
	return string;
}

static struct mod_info split(struct mod_bytes string)
{
	const uint8_t *equals = memchr(string.at, '=', string.len);

	if (!equals)
		return (struct mod_info){ .key = string };
	size_t n = (size_t)(equals - string.at);
	return (struct mod_info){
		.key = { string.at, n },
		.value = { equals + 1, string.len - n - 1 },
	};
}

bool mod_modinfo_next(struct mod_bytes *left, struct mod_info *info)
{
	struct mod_bytes string = take_string(left);

	if (!string.len)
		return false;
	*info = split(string);
	return true;
}

static uint8_t letter(uint8_t byte)
{
	return byte == '-' ? '_' : byte;
}

/* Bytes of "NAME." in front of string, 0 when it is not there. */
static size_t prefix(struct mod_bytes string, const char *name)
{
	size_t i;

	for (i = 0; i < string.len && name[i]; i++)
		if (letter(string.at[i]) != letter((uint8_t)name[i]))
			return 0;
	return i < string.len && !name[i] && string.at[i] == '.' ? i + 1 : 0;
}

bool mod_modinfo_builtin_next(struct mod_bytes *left, const char *module,
			      struct mod_info *info)
{
	for (;;) {
		struct mod_bytes string = take_string(left);
		if (!string.len)
			return false;
		size_t n = prefix(string, module);
		if (n) {
			drop(&string, n);
			*info = split(string);
			return true;
		}
	}
}
