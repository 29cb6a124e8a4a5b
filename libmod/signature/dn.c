/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/dn.h"

#include "libmod/base/cursor.h"
#include "libmod/signature/der.h"

static const uint8_t common_name[] = { 0x55, 0x04, 0x03 };

static enum mod_dn_text text_of(uint8_t tag)
{
	switch (tag) {
	case MOD_DER_T61:
		return MOD_DN_LATIN1;
	case MOD_DER_BMP:
		return MOD_DN_BMP;
	case MOD_DER_UNIVERSAL:
		return MOD_DN_UNIVERSAL;
	default:
		return MOD_DN_PLAIN;
	}
}

/* SEQUENCE OF SET OF SEQUENCE { type OID, value ANY } */
bool mod_dn_read(struct mod_cursor name, struct mod_dn *out)
{
	bool found = false; /* the first commonName */

	while (!name.bad && name.pos < name.in.len) {
		struct mod_cursor set = mod_der_inside(&name, MOD_DER_SET);
		while (!set.bad && set.pos < set.in.len) {
			struct mod_cursor pair =
				mod_der_inside(&set, MOD_DER_SEQUENCE);
			struct mod_bytes type =
				mod_der_body(&pair, MOD_DER_OID);
			struct mod_der value;

			if (!mod_der_next(&pair, &value))
				return false;
			if (found)
				continue;
			out->value = value.body;
			out->text = text_of(value.tag);
			found = mod_der_is(type, common_name,
					   sizeof common_name);
		}
		name.bad |= set.bad;
	}
	return !name.bad;
}

/* Appends a character as UTF-8; an invalid one becomes U+FFFD. */
static void add_utf8(struct mod_str *s, uint32_t u)
{
	static const uint8_t lead[] = { 0, 0xc0, 0xe0, 0xf0 };

	if (u > 0x10ffff || (u >= 0xd800 && u < 0xe000))
		u = 0xfffd;
	unsigned more = u >= 0x10000 ? 3 : u >= 0x800 ? 2 : u >= 0x80 ? 1 : 0;
	uint8_t b = (uint8_t)(lead[more] | u >> 6 * more);
	mod_str_addn(s, &b, 1);
	while (more-- > 0) {
		b = (uint8_t)(0x80 | (u >> 6 * more & 0x3f));
		mod_str_addn(s, &b, 1);
	}
}

static uint32_t next_char(struct mod_cursor *c, enum mod_dn_text text)
{
	switch (text) {
	case MOD_DN_BMP:
		return mod_cursor_u16(c);
	case MOD_DN_UNIVERSAL:
		return mod_cursor_u32(c);
	default:
		return mod_cursor_u8(c);
	}
}

void mod_dn_utf8(const struct mod_dn *dn, struct mod_str *out)
{
	struct mod_cursor c = { .in = dn->value, .big = true };

	if (dn->text == MOD_DN_PLAIN) {
		mod_str_addn(out, dn->value.at, dn->value.len);
		return;
	}
	while (!c.bad && c.pos < c.in.len)
		add_utf8(out, next_char(&c, dn->text));
}
