/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/kernel-image.h"

#include "libmod/base/cursor.h"
#include "libmod/signature/x509.h"

#include <errno.h>

/* ---------------------------------------------------------------- payload */

/* Compression that the kernel's makefiles use and compress/ does not know. */
static const struct method {
	const char *name;
	uint8_t len;
	uint8_t magic[4];
} methods[] = {
	{ "bzip2", 3, { 'B', 'Z', 'h' } },
	{ "lzma", 3, { 0x5d, 0, 0 } },
	{ "lzo", 4, { 0x89, 'L', 'Z', 'O' } },
	{ "lz4", 4, { 0x02, 0x21, 0x4c, 0x18 } },
};

static const char *method_of(struct mod_bytes payload)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (payload.len >= methods[i].len &&
		    memcmp(payload.at, methods[i].magic, methods[i].len) == 0)
			return methods[i].name;
	return NULL;
}

static bool has(struct mod_bytes image, uint64_t off, const char *magic)
{
	struct mod_cursor c = { .in = image };
	size_t len = strlen(magic);
	struct mod_bytes at = mod_cursor_range(&c, off, len);

	return at.len == len && memcmp(at.at, magic, len) == 0;
}

static uint32_t number(struct mod_bytes image, uint64_t off)
{
	struct mod_cursor c = { .in = image };

	mod_cursor_seek(&c, off);
	return mod_cursor_u32(&c);
}

/* struct setup_header */
enum {
	SETUP_SECTORS = 0x1f1, /* one octet */
	SETUP_MAGIC = 0x202,
	SETUP_VERSION = 0x206,
	PAYLOAD_OFF = 0x248, /* from the end of the set-up code */
	PAYLOAD_LEN = 0x24c,
	SECTOR = 512,         /* bytes */
	SECTORS_DEFAULT = 4,  /* where the octet is 0 */
	HAS_PAYLOAD = 0x0208, /* the version that brought the two fields */
};

static struct mod_bytes bzimage_payload(struct mod_bytes image, bool *bad)
{
	struct mod_cursor c = { .in = image };
	uint32_t sectors = number(image, SETUP_SECTORS) & 0xff;
	uint64_t start =
		((sectors ? sectors : SECTORS_DEFAULT) + 1ULL) * SECTOR;
	struct mod_bytes payload =
		mod_cursor_range(&c, start + number(image, PAYLOAD_OFF),
				 number(image, PAYLOAD_LEN));

	*bad = c.bad;
	return payload;
}

enum { ZBOOT_MAGIC = 4, ZBOOT_OFF = 8, ZBOOT_LEN = 12 };

int mod_kernel_image_read(struct mod_bytes image, struct mod_kernel_image *out)
{
	struct mod_cursor c = { .in = image };
	bool bad = false;

	*out = (struct mod_kernel_image){ .payload = image };
	if (has(image, SETUP_MAGIC, "HdrS") &&
	    (number(image, SETUP_VERSION) & 0xffff) >= HAS_PAYLOAD) {
		out->payload = bzimage_payload(image, &bad);
		out->size_after = true;
	} else if (has(image, 0, "MZ") && has(image, ZBOOT_MAGIC, "zimg")) {
		out->payload = mod_cursor_range(&c, number(image, ZBOOT_OFF),
						number(image, ZBOOT_LEN));
		out->size_after = true;
		bad = c.bad;
	}
	out->method = method_of(out->payload);
	return bad || out->payload.len == 0 ? -EBADMSG : 0;
}

/* ----------------------------------------------------------- certificates */

/* How a certificate of version 3 goes on after its two lengths: [0] with
 * INTEGER 2, and the tag of the serial number.
 */
static const uint8_t version_3[] = { 0xa0, 0x03, 0x02, 0x01, 0x02, 0x02 };

enum {
	ALIGN = 8, /* of the list and the numbers after it */
	/* Between the list and its size there may be room for one more
	 * certificate (CONFIG_SYSTEM_EXTRA_CERTIFICATE, 4 KiB by default).
	 */
	ROOM = 64 * 1024,
	TRIES = 4096,
};

/* Certificates that touch each other. */
struct run {
	size_t start, end; /* offsets in the kernel */
	size_t first;      /* bytes of the first one */
	bool self_issued;  /* the first one is a root */
};

struct search {
	struct mod_bytes kernel;
	size_t pos;
	unsigned tries; /* that are left; a kernel has some dozens */
};

static bool read_run(struct mod_bytes kernel, size_t start, struct run *run)
{
	struct mod_bytes left = { kernel.at + start, kernel.len - start };
	size_t all = left.len;
	struct mod_x509 cert;

	*run = (struct run){ .start = start };
	while (mod_x509_next(&left, &cert) == 0) {
		if (run->first > 0)
			continue;
		run->first = all - left.len;
		run->self_issued = mod_x509_is_self_issued(&cert);
	}
	run->end = start + (all - left.len);
	return run->first > 0;
}

/* Does a run begin there?  `mark` is the place of version_3; in front of it are
 * two identifiers with lengths of two octets, the second perhaps of one.
 */
static bool run_at(struct search *s, size_t mark, struct run *run)
{
	for (size_t back = 8; back >= 7 && mark >= back; back--) {
		const uint8_t *at = s->kernel.at + mark - back;

		if ((mark - back) % ALIGN != 0 || at[0] != 0x30 ||
		    at[1] != 0x82 || s->tries == 0)
			continue;
		s->tries--;
		if (read_run(s->kernel, mark - back, run))
			return true;
	}
	return false;
}

static bool next_run(struct search *s, struct run *run)
{
	while (s->pos < s->kernel.len) {
		const uint8_t *at =
			memmem(s->kernel.at + s->pos, s->kernel.len - s->pos,
			       version_3, sizeof version_3);
		if (!at)
			return false;
		size_t mark = (size_t)(at - s->kernel.at);
		s->pos = mark + 1;
		if (run_at(s, mark, run)) {
			s->pos = run->end;
			return true;
		}
	}
	return false;
}

static uint64_t word(struct mod_bytes kernel, size_t off, bool wide, bool big)
{
	struct mod_cursor c = { .in = kernel, .big = big };

	mod_cursor_seek(&c, off);
	uint64_t n = wide ? mod_cursor_u64(&c) : mod_cursor_u32(&c);
	return c.bad ? UINT64_MAX : n;
}

/* The numbers after a run; the better, the larger. */
enum ending {
	NO_SIZE,
	SIZE,
	SIZE_AND_NONE, /* the kernel was built without a key for modules */
	SIZE_AND_FIRST,
	ENDINGS,
};

/* With numbers of one width and byte order. */
static enum ending ending_in(struct mod_bytes kernel, const struct run *run,
			     bool wide, bool big)
{
	size_t at = (run->end + ALIGN - 1) / ALIGN * ALIGN;
	enum ending found = NO_SIZE;

	for (size_t i = 0; i < ROOM && at + i < kernel.len; i += ALIGN) {
		if (word(kernel, at + i, wide, big) != run->end - run->start)
			continue;
		size_t next = at + i + ALIGN;
		if (word(kernel, next, wide, big) == run->first)
			return SIZE_AND_FIRST;
		if (i == 0)
			found = word(kernel, next, true, big) == 0
				? SIZE_AND_NONE
				: SIZE;
	}
	return found;
}

static enum ending ending_of(struct mod_bytes kernel, const struct run *run)
{
	enum ending best = NO_SIZE;

	for (int form = 0; form < 4; form++) {
		enum ending e = ending_in(kernel, run, form & 1, form & 2);
		if (e > best)
			best = e;
	}
	return best;
}

/* "Linux version 5.10.0-...": is it before 5.13? */
static bool is_old(struct mod_bytes kernel)
{
	static const char banner[] = "Linux version ";
	const uint8_t *at = kernel.len
		? memmem(kernel.at, kernel.len, banner, sizeof banner - 1)
		: NULL;
	struct mod_cursor c = { .in = kernel };
	unsigned part[2] = { 0 };

	if (!at)
		return false;
	mod_cursor_seek(&c, (uint64_t)(at - kernel.at) + sizeof banner - 1);
	for (size_t i = 0; i < 2; i++) {
		uint8_t b = mod_cursor_u8(&c);
		for (; b >= '0' && b <= '9' && part[i] < 1000;
		     b = mod_cursor_u8(&c))
			part[i] = part[i] * 10 + (unsigned)(b - '0');
	}
	return part[0] > 0 && (part[0] < 5 || (part[0] == 5 && part[1] < 13));
}

/* Which kind of ending the list has in this kernel; NO_SIZE: it is not there.
 */
static enum ending choose(struct mod_bytes kernel, const unsigned *found,
			  const struct run *best)
{
	if (found[SIZE_AND_FIRST] > 0)
		return SIZE_AND_FIRST;
	if (is_old(kernel))
		return found[SIZE_AND_NONE] > 0 ? SIZE_AND_NONE
			: found[SIZE] > 0       ? SIZE
						: NO_SIZE;
	/* A list of revoked ones may look so, too, but those have issuers. */
	return found[SIZE_AND_NONE] > 0 && best->self_issued ? SIZE_AND_NONE
							     : NO_SIZE;
}

int mod_kernel_image_certs(struct mod_bytes kernel, struct mod_bytes *list)
{
	struct search search = { .kernel = kernel, .tries = TRIES };
	struct run run, best = { 0 };
	unsigned found[ENDINGS] = { 0 };
	enum ending top = NO_SIZE;

	while (next_run(&search, &run)) {
		enum ending e = ending_of(kernel, &run);
		found[e]++;
		if (e > top) {
			top = e;
			best = run;
		}
	}
	enum ending chosen = choose(kernel, found, &best);
	if (chosen == NO_SIZE)
		return 1;
	unsigned rivals = chosen == SIZE_AND_FIRST
		? 0
		: found[SIZE] + found[SIZE_AND_NONE] - 1;
	if (found[chosen] > 1 || rivals > 0)
		return -EOPNOTSUPP;
	*list = (struct mod_bytes){ kernel.at + best.start,
				    best.end - best.start };
	return 0;
}
