/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/der.h"
#include "libmod/base/cursor.h"

enum {
	CONSTRUCTED = 0x20,
	NUMBER = 0x1f, /* all set: the number follows in more octets */
	LONG = 0x80,   /* length: the low bits count its octets */
	MORE = 0x80,   /* another octet of a number follows */
	LOW_7 = 0x7f,  /* the other bits of the octet */
};

/* Indefinite lengths inside of each other.  What openssl cms -stream writes
 * nests five deep.
 */
enum { DEPTH = 16 };

static bool read_item(struct mod_cursor *c, struct mod_der *item, int depth);

/* Passes an identifier and returns its first octet. */
static uint8_t read_tag(struct mod_cursor *c)
{
	uint8_t tag = mod_cursor_u8(c);

	if ((tag & NUMBER) == NUMBER)
		while (mod_cursor_u8(c) & MORE)
			;
	return tag;
}

static uint64_t read_length(struct mod_cursor *c, uint8_t first)
{
	uint64_t len = first;

	if (!(first & LONG))
		return len;
	unsigned octets = first & LOW_7;
	if (octets > sizeof len)
		c->bad = true;
	for (len = 0; octets > 0 && !c->bad; octets--)
		len = len << 8 | mod_cursor_u8(c);
	return len;
}

/* The body of an indefinite length: everything up to its end mark. */
static bool read_open(struct mod_cursor *c, struct mod_bytes *body, int depth)
{
	size_t start = c->pos, end;
	struct mod_der item;

	do {
		end = c->pos;
		if (!read_item(c, &item, depth + 1))
			return false;
	} while (item.tag != MOD_DER_END);
	*body = mod_cursor_range(c, start, end - start);
	return item.body.len == 0;
}

static bool read_item(struct mod_cursor *c, struct mod_der *item, int depth)
{
	size_t start = c->pos;

	if (c->bad || c->pos == c->in.len)
		return false;
	item->tag = read_tag(c);
	uint8_t first = mod_cursor_u8(c);
	if (first == LONG) {
		c->bad |= depth == DEPTH || !(item->tag & CONSTRUCTED) ||
			!read_open(c, &item->body, depth);
	} else {
		uint64_t len = read_length(c, first);
		item->body = mod_cursor_range(c, c->pos, len);
		mod_cursor_take(c, item->body.len);
	}
	item->whole = mod_cursor_range(c, start, c->pos - start);
	return !c->bad;
}

bool mod_der_next(struct mod_cursor *c, struct mod_der *item)
{
	return read_item(c, item, 0);
}

uint8_t mod_der_peek(const struct mod_cursor *c)
{
	struct mod_cursor ahead = *c;

	return mod_cursor_u8(&ahead);
}

static struct mod_der expect(struct mod_cursor *c, uint8_t tag)
{
	struct mod_der item;

	if (mod_der_peek(c) == tag && read_item(c, &item, 0))
		return item;
	c->bad = true;
	return (struct mod_der){ 0 };
}

struct mod_bytes mod_der_body(struct mod_cursor *c, uint8_t tag)
{
	return expect(c, tag).body;
}

struct mod_cursor mod_der_inside(struct mod_cursor *c, uint8_t tag)
{
	struct mod_bytes in = expect(c, tag).body;

	return (struct mod_cursor){ .in = in, .bad = c->bad };
}

struct mod_bytes mod_der_whole(struct mod_cursor *c, uint8_t tag)
{
	return expect(c, tag).whole;
}

void mod_der_optional(struct mod_cursor *c, uint8_t tag)
{
	if (mod_der_peek(c) == tag)
		expect(c, tag);
}
