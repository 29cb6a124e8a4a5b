/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cert.h - certificates made in code; their keys and signatures are nothing. */
#pragma once

#include "testsuite/unit/der.h"

struct cert_parts {
	struct der serial;          /* contents */
	struct der issuer, subject; /* of SETs */
	struct der extensions;      /* elements; none: no [3] either */
	struct der unique;          /* [1] and [2] */
	struct der key;             /* contents of the public key, filler */
};

static inline struct cert_parts cert_parts(void)
{
	struct cert_parts p = {
		.serial = DER("\x12\x34"),
		.issuer = der_name(3, 0x0c, DER("Tester")),
		.subject = der_name(3, 0x0c, DER("Tester")),
	};

	/* The whole takes two octets for its length, its body one. */
	p.key.len = 195;
	return p;
}

/* value is the content of the OCTET STRING; id the last octet of 2.5.29.x. */
static inline struct der cert_extension(uint8_t id, bool critical,
					struct der value)
{
	struct der d = { .len = 5, .at = { 0x06, 3, 0x55, 0x1d, id } };

	if (critical)
		d = der_join(d, DER("\x01\x01\xff"));
	return der_tag(0x30, der_join(d, der_tag(0x04, value)));
}

static inline struct der cert_make(const struct cert_parts *p)
{
	struct der algorithm = DER("\x30\x02\x06\x00");
	struct der body = DER("\xa0\x03\x02\x01\x02");

	body = der_join(body, der_tag(0x02, p->serial));
	body = der_join(body, algorithm);
	body = der_join(body, der_tag(0x30, p->issuer));
	body = der_join(body, DER("\x30\x00")); /* validity */
	body = der_join(body, der_tag(0x30, p->subject));
	body = der_join(body, der_tag(0x30, p->key));
	body = der_join(body, p->unique);
	if (p->extensions.len)
		body = der_join(body,
				der_tag(0xa3, der_tag(0x30, p->extensions)));
	return der_tag(0x30,
		       der_join(der_join(der_tag(0x30, body), algorithm),
				DER("\x03\x02\x00\x00")));
}
