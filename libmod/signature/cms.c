/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/cms.h"

#include "libmod/base/cursor.h"
#include "libmod/signature/der.h"
#include "libmod/signature/pkcs7.h"

#include <errno.h>

#define RSADSI 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01
#define ANSI_EC 0x2a, 0x86, 0x48, 0xce, 0x3d
#define NIST_SIG 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03

static const uint8_t signed_data[] = { RSADSI, 0x07, 0x02 };
static const uint8_t plain_data[] = { RSADSI, 0x07, 0x01 };

/* The values of signatureAlgorithm, and the digest that goes with each. */
static const struct algorithm {
	enum mod_cms_key key;
	uint8_t len;
	uint8_t oid[9];
	char digest[9]; /* "" for any */
} algorithms[] = {
	{ MOD_CMS_RSA, 9, { RSADSI, 0x01, 0x01 }, "" },
	{ MOD_CMS_RSA, 9, { RSADSI, 0x01, 0x04 }, "md5" },
	{ MOD_CMS_RSA, 9, { RSADSI, 0x01, 0x05 }, "sha1" },
	{ MOD_CMS_RSA, 9, { RSADSI, 0x01, 0x0b }, "sha256" },
	{ MOD_CMS_RSA, 9, { RSADSI, 0x01, 0x0c }, "sha384" },
	{ MOD_CMS_RSA, 9, { RSADSI, 0x01, 0x0d }, "sha512" },
	{ MOD_CMS_RSA, 9, { RSADSI, 0x01, 0x0e }, "sha224" },
	{ MOD_CMS_RSA, 9, { NIST_SIG, 0x0e }, "sha3-256" },
	{ MOD_CMS_RSA, 9, { NIST_SIG, 0x0f }, "sha3-384" },
	{ MOD_CMS_RSA, 9, { NIST_SIG, 0x10 }, "sha3-512" },
	{ MOD_CMS_EC, 7, { ANSI_EC, 0x02, 0x01 }, "" },
	{ MOD_CMS_EC, 7, { ANSI_EC, 0x04, 0x01 }, "sha1" },
	{ MOD_CMS_EC, 8, { ANSI_EC, 0x04, 0x03, 0x01 }, "sha224" },
	{ MOD_CMS_EC, 8, { ANSI_EC, 0x04, 0x03, 0x02 }, "sha256" },
	{ MOD_CMS_EC, 8, { ANSI_EC, 0x04, 0x03, 0x03 }, "sha384" },
	{ MOD_CMS_EC, 8, { ANSI_EC, 0x04, 0x03, 0x04 }, "sha512" },
	{ MOD_CMS_EC, 9, { NIST_SIG, 0x0a }, "sha3-256" },
	{ MOD_CMS_EC, 9, { NIST_SIG, 0x0b }, "sha3-384" },
	{ MOD_CMS_EC, 9, { NIST_SIG, 0x0c }, "sha3-512" },
};
enum { ALGORITHMS = sizeof algorithms / sizeof *algorithms };

/* A version, which is one octet. */
static uint8_t read_version(struct mod_cursor *c)
{
	struct mod_bytes n = mod_der_body(c, MOD_DER_INTEGER);

	c->bad |= n.len != 1;
	return c->bad ? 0 : n.at[0];
}

/* AlgorithmIdentifier: SEQUENCE { OID, NULL OPTIONAL } */
static struct mod_bytes read_algorithm(struct mod_cursor *c)
{
	struct mod_cursor in = mod_der_inside(c, MOD_DER_SEQUENCE);
	struct mod_bytes oid = mod_der_body(&in, MOD_DER_OID);

	if (!mod_der_done(&in) && mod_der_body(&in, MOD_DER_NULL).len > 0)
		c->bad = true;
	c->bad |= !mod_der_done(&in);
	return oid;
}

static int bad(const char **why, const char *what)
{
	*why = what;
	return -EBADMSG;
}

static int read_signed_data(struct mod_cms *cms, struct mod_cursor data,
			    const char **why)
{
	cms->version = read_version(&data);
	cms->digests = mod_der_body(&data, MOD_DER_SET);
	struct mod_cursor content = mod_der_inside(&data, MOD_DER_SEQUENCE);
	struct mod_bytes type = mod_der_body(&content, MOD_DER_OID);
	mod_der_optional(&data, MOD_DER_0_OF); /* certificates */
	mod_der_optional(&data, MOD_DER_1_OF); /* revoked ones */
	cms->signers = mod_der_inside(&data, MOD_DER_SET);
	if (content.bad || !mod_der_done(&data))
		return bad(why, "corrupt PKCS#7 message");
	if (!mod_der_is(type, plain_data, sizeof plain_data))
		return bad(why, "the message is about other than plain data");
	if (!mod_der_done(&content))
		return bad(why, "the message brings data of its own");
	if (cms->version != 1 && cms->version != 3)
		return bad(why, "unknown version of the PKCS#7 message");
	return 0;
}

int mod_cms_open(struct mod_cms *cms, struct mod_bytes der, const char **why)
{
	struct mod_cursor file = { .in = der };

	*cms = (struct mod_cms){ .first = true };
	struct mod_cursor info = mod_der_inside(&file, MOD_DER_SEQUENCE);
	struct mod_bytes type = mod_der_body(&info, MOD_DER_OID);
	struct mod_cursor content = mod_der_inside(&info, MOD_DER_0_OF);
	struct mod_cursor data = mod_der_inside(&content, MOD_DER_SEQUENCE);

	if (!mod_der_done(&file) || !mod_der_done(&info) ||
	    !mod_der_done(&content))
		return bad(why, "corrupt PKCS#7 message");
	if (!mod_der_is(type, signed_data, sizeof signed_data))
		return bad(why, "a PKCS#7 message without signers");
	return read_signed_data(cms, data, why);
}

/* Each digest that is used is in the message's list of them. */
static bool is_listed(struct mod_bytes digests, struct mod_bytes oid)
{
	struct mod_cursor c = { .in = digests };
	bool found = false;

	while (!c.bad && c.pos < c.in.len)
		found |= mod_der_same(read_algorithm(&c), oid);
	return found && !c.bad;
}

static bool read_name(struct mod_cursor *c, struct mod_cms_signer *out)
{
	struct mod_cursor id;

	if (mod_der_peek(c) == MOD_DER_0) {
		out->key_id = mod_der_body(c, MOD_DER_0);
		return !c->bad && out->key_id.len > 0;
	}
	id = mod_der_inside(c, MOD_DER_SEQUENCE);
	out->issuer = mod_der_whole(&id, MOD_DER_SEQUENCE);
	out->serial = mod_der_body(&id, MOD_DER_INTEGER);
	return !c->bad && mod_der_done(&id) && out->serial.len > 0;
}

static const struct algorithm *find_algorithm(struct mod_bytes oid)
{
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (mod_der_is(oid, algorithms[i].oid, algorithms[i].len))
			return &algorithms[i];
	return NULL;
}

static int check_algorithms(const struct mod_cms *cms, struct mod_bytes digest,
			    struct mod_bytes signature,
			    struct mod_cms_signer *out, const char **why)
{
	const struct algorithm *algorithm = find_algorithm(signature);

	out->digest = mod_pkcs7_digest(digest);
	if (!out->digest)
		return bad(why, "unknown digest");
	if (!is_listed(cms->digests, digest))
		return bad(why, "the signer's digest is not in the list");
	if (!algorithm)
		return bad(why, "unknown kind of signature");
	if (*algorithm->digest && strcmp(algorithm->digest, out->digest) != 0)
		return bad(why, "two digests in one signature");
	out->key = algorithm->key;
	return 0;
}

/* SignerInfo: SEQUENCE { version, id, digestAlgorithm, [0] signed attributes,
 * signatureAlgorithm, signature, [1] other attributes }
 */
int mod_cms_next(struct mod_cms *cms, struct mod_cms_signer *signer,
		 const char **why)
{
	if (!cms->signers.bad && cms->signers.pos == cms->signers.in.len)
		return cms->first ? bad(why, "nobody signed the message") : 1;
	cms->first = false;
	*signer = (struct mod_cms_signer){ 0 };

	struct mod_cursor c = mod_der_inside(&cms->signers, MOD_DER_SEQUENCE);
	uint8_t version = read_version(&c);
	bool named = read_name(&c, signer);
	struct mod_bytes digest = read_algorithm(&c);
	bool attributes = mod_der_peek(&c) == MOD_DER_0_OF;
	mod_der_optional(&c, MOD_DER_0_OF);
	struct mod_bytes algorithm = read_algorithm(&c);
	signer->signature = mod_der_body(&c, MOD_DER_OCTETS);
	mod_der_optional(&c, MOD_DER_1_OF);

	if (!named || !mod_der_done(&c))
		return bad(why, "corrupt signer in the PKCS#7 message");
	if (version != (signer->key_id.len ? 3 : 1) || version != cms->version)
		return bad(why, "versions in the PKCS#7 message differ");
	if (attributes)
		return bad(why, "signed attributes, which no kernel takes");
	return check_algorithms(cms, digest, algorithm, signer, why);
}

/* ---- writing, from the inside out */

static void add(struct mod_str *out, uint8_t tag, struct mod_bytes body)
{
	uint8_t head[2 + sizeof(size_t)] = { tag };
	size_t n = 1;

	if (body.len < 0x80) {
		head[n++] = (uint8_t)body.len;
	} else {
		unsigned octets = 1;
		while (octets < sizeof(size_t) && body.len >> 8 * octets)
			octets++;
		head[n++] = (uint8_t)(0x80 | octets);
		while (octets-- > 0)
			head[n++] = (uint8_t)(body.len >> 8 * octets);
	}
	mod_str_addn(out, head, n);
	if (body.len > 0)
		mod_str_addn(out, body.at, body.len);
}

static struct mod_bytes of(const struct mod_str *s)
{
	return (struct mod_bytes){ (const uint8_t *)s->at, s->len };
}

/* An element around the bytes of `in`, which is emptied. */
static void wrap(struct mod_str *out, uint8_t tag, struct mod_str *in)
{
	add(out, tag, of(in));
	out->bad |= in->bad;
	in->len = 0;
}

/* The one for a key and a digest: RSA has one for all, EC one for each. */
static const struct algorithm *algorithm_for(enum mod_cms_key key,
					     const char *digest)
{
	const char *want = key == MOD_CMS_RSA ? "" : digest;

	for (size_t i = 0; i < ALGORITHMS; i++)
		if (algorithms[i].key == key &&
		    strcmp(algorithms[i].digest, want) == 0)
			return &algorithms[i];
	return NULL;
}

bool mod_cms_can_make(enum mod_cms_key key, const char *digest)
{
	bool known = false;

	/* MD5 can be forged by anybody. */
	for (size_t i = 0; i < ALGORITHMS && *digest; i++)
		known |= strcmp(algorithms[i].digest, digest) == 0;
	return known && strcmp(digest, "md5") != 0 &&
		algorithm_for(key, digest);
}

static void add_digest(struct mod_str *out, const char *name)
{
	_str_ struct mod_str in = { 0 };

	add(&in, MOD_DER_OID, mod_pkcs7_digest_oid(name));
	wrap(out, MOD_DER_SEQUENCE, &in);
}

static void add_algorithm(struct mod_str *out,
			  const struct mod_cms_signer *signer)
{
	const struct algorithm *algorithm =
		algorithm_for(signer->key, signer->digest);
	_str_ struct mod_str in = { 0 };

	add(&in, MOD_DER_OID,
	    (struct mod_bytes){ algorithm->oid, algorithm->len });
	if (signer->key == MOD_CMS_RSA)
		add(&in, MOD_DER_NULL, (struct mod_bytes){ 0 });
	wrap(out, MOD_DER_SEQUENCE, &in);
}

static void add_version(struct mod_str *out,
			const struct mod_cms_signer *signer)
{
	uint8_t version = signer->key_id.len > 0 ? 3 : 1;

	add(out, MOD_DER_INTEGER, (struct mod_bytes){ &version, 1 });
}

static void add_signer(struct mod_str *out, const struct mod_cms_signer *signer)
{
	_str_ struct mod_str in = { 0 }, name = { 0 };

	add_version(&in, signer);
	if (signer->key_id.len > 0) {
		add(&in, MOD_DER_0, signer->key_id);
	} else {
		mod_str_addn(&name, signer->issuer.at, signer->issuer.len);
		add(&name, MOD_DER_INTEGER, signer->serial);
		wrap(&in, MOD_DER_SEQUENCE, &name);
	}
	add_digest(&in, signer->digest);
	add_algorithm(&in, signer);
	add(&in, MOD_DER_OCTETS, signer->signature);
	wrap(out, MOD_DER_SEQUENCE, &in);
}

void mod_cms_make(struct mod_str *out, const struct mod_cms_signer *signer)
{
	_str_ struct mod_str data = { 0 }, in = { 0 }, info = { 0 };

	add_version(&data, signer);
	add_digest(&in, signer->digest);
	wrap(&data, MOD_DER_SET, &in);
	add(&in, MOD_DER_OID,
	    (struct mod_bytes){ plain_data, sizeof plain_data });
	wrap(&data, MOD_DER_SEQUENCE, &in);
	add_signer(&in, signer);
	wrap(&data, MOD_DER_SET, &in);
	wrap(&in, MOD_DER_SEQUENCE, &data);
	add(&info, MOD_DER_OID,
	    (struct mod_bytes){ signed_data, sizeof signed_data });
	wrap(&info, MOD_DER_0_OF, &in);
	wrap(out, MOD_DER_SEQUENCE, &info);
}
