/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dn.h - the name of whoever signed or was certified, as people know it. */
#pragma once

#include "libmod/base/cursor.h"
#include "libmod/base/str.h"

/* The string types of X.680 whose bytes are not text as they are. */
enum mod_dn_text {
	MOD_DN_PLAIN,     /* UTF8String, PrintableString, IA5String, ... */
	MOD_DN_LATIN1,    /* T61String, as everybody writes it */
	MOD_DN_BMP,       /* two bytes a character, big-endian */
	MOD_DN_UNIVERSAL, /* four */
};

struct mod_dn {
	struct mod_bytes value; /* of the first commonName, else the last value
				 * of the name; points into it */
	enum mod_dn_text text;
};

/* name is over the contents of a Name.  False when it is broken. */
bool mod_dn_read(struct mod_cursor name, struct mod_dn *out);

/* Appends the value as UTF-8, if its writer kept the rules. */
void mod_dn_utf8(const struct mod_dn *dn, struct mod_str *out);
