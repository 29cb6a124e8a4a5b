/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* der.h - PKCS#7 messages made in code, from the inside out. */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "libmod/base/bytes.h"

struct der {
	size_t len; /* bytes */
	uint8_t at[1024];
};

static inline struct der der_raw(const void *bytes, size_t n)
{
	struct der d = { .len = n };

	memcpy(d.at, bytes, n);
	return d;
}
#define DER(text) der_raw(text, sizeof(text) - 1)

static inline struct der der_join(struct der a, struct der b)
{
	memcpy(a.at + a.len, b.at, b.len);
	a.len += b.len;
	return a;
}

/* An element with a definite length, in the shortest form. */
static inline struct der der_tag(uint8_t tag, struct der body)
{
	struct der d = { .len = 2, .at = { tag, (uint8_t)body.len } };

	if (body.len > 0xff)
		d = (struct der){ .len = 4,
				  .at = { tag, 0x82, (uint8_t)(body.len >> 8),
					  (uint8_t)body.len } };
	else if (body.len > 0x7f)
		d = (struct der){ .len = 3,
				  .at = { tag, 0x81, (uint8_t)body.len } };
	return der_join(d, body);
}

/* An element with an indefinite length. */
static inline struct der der_open(uint8_t tag, struct der body)
{
	struct der d = { .len = 2, .at = { tag, 0x80 } };

	return der_join(der_join(d, body), DER("\0\0"));
}

/* One name in a set of its own; oid 3 is commonName, 10 organizationName. */
static inline struct der der_name(uint8_t oid, uint8_t tag, struct der value)
{
	struct der type = { .len = 5, .at = { 0x06, 3, 0x55, 0x04, oid } };

	return der_tag(0x31,
		       der_tag(0x30, der_join(type, der_tag(tag, value))));
}

/* What a message is made of; der_parts() gives a good one. */
struct der_parts {
	struct der issuer; /* of SETs */
	struct der serial; /* contents */
	struct der signer; /* SignerIdentifier, in place of the two above */
	struct der digest; /* OID, contents */
	struct der attributes, signature; /* elements */
	struct der certificates;          /* elements */
	struct der more;                  /* SignerInfos behind the first */
	bool open;                        /* indefinite lengths */
};

static inline struct der_parts der_parts(void)
{
	return (struct der_parts){
		.issuer = der_name(3, 0x0c, DER("Tester")),
		.serial = DER("\x12\x34"),
		.digest = DER("\x60\x86\x48\x01\x65\x03\x04\x02\x01"),
		.signature = der_tag(0x04, DER("signed!")),
	};
}

static inline struct der der_message(const struct der_parts *p)
{
	struct der (*tag)(uint8_t, struct der) = p->open ? der_open : der_tag;
	struct der rsa = DER("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
			     "\x05\x00");
	struct der data = DER("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01");
	struct der type = DER("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02");
	struct der version = DER("\x02\x01\x01");
	struct der digest = tag(0x30, der_tag(0x06, p->digest));

	struct der id = p->signer;
	if (id.len == 0)
		id = tag(0x30,
			 der_join(tag(0x30, p->issuer),
				  der_tag(0x02, p->serial)));
	struct der signer = der_join(version, id);
	signer = der_join(signer, digest);
	signer = der_join(signer, p->attributes);
	signer = der_join(signer, tag(0x30, rsa));
	signer = der_join(signer, p->signature);

	struct der body = der_join(version, tag(0x31, digest));
	body = der_join(body, tag(0x30, data));
	body = der_join(body, p->certificates);
	body = der_join(body, tag(0x31, der_join(tag(0x30, signer), p->more)));
	return tag(0x30, der_join(type, tag(0xa0, tag(0x30, body))));
}
