/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mkmodule.c - writes a small module file for tests.
 *
 * The kernel would not take it: it holds what the tools read (.modinfo,
 * symbols, versions, a build id, a signature trailer) and no code.  Neither a
 * compiler nor kernel headers are needed, and each class and byte order can be
 * had on any machine.
 */
#include <elf.h>
#include <err.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"Usage: mkmodule [options] FILE\n"
	"  -m STRING       .modinfo holds STRING, next\n"
	"  -n              no .modinfo section at all\n"
	"  -x SYM[=CRC]    export a symbol (CRC as in 0x12345678)\n"
	"  -u SYM          need a symbol;  -w SYM: weakly\n"
	"  -v SYM=CRC      __versions has an entry\n"
	"  -i HEX          build id\n"
	"  -3              32 bits;  -B: big-endian\n"
	"  -g NAME:HEX:HEX signed in the old way: signer, key id, signature\n"
	"  -t FILE         signed by a PKCS#7 message, the bytes of FILE\n"
	"  -l N            and N links to it, numbered from 0 before .ko\n";

struct buf {
	uint8_t *at;
	size_t len, cap;
};

static struct {
	bool wide, big, no_info;
	struct buf info, symbols, strings, exports, versions, note, trailer;
	unsigned long links;
} mod = { .wide = true };

static void put(struct buf *b, const void *bytes, size_t n)
{
	if (n > b->cap - b->len) {
		b->cap = 2 * (b->len + n);
		b->at = realloc(b->at, b->cap);
		if (!b->at)
			err(1, "memory");
	}
	if (n)
		memcpy(b->at + b->len, bytes, n);
	b->len += n;
}

static void put_text(struct buf *b, const char *text)
{
	put(b, text, strlen(text) + 1);
}

static void put_zeros(struct buf *b, size_t n)
{
	while (n--)
		put(b, "", 1);
}

/* A number in the module's byte order. */
static void put_uint(struct buf *b, uint64_t value, size_t size)
{
	uint8_t byte;

	for (size_t i = 0; i < size; i++) {
		byte = (uint8_t)(value >> 8 * (mod.big ? size - 1 - i : i));
		put(b, &byte, 1);
	}
}

/* A number as wide as the module's class. */
static void put_word(struct buf *b, uint64_t value)
{
	put_uint(b, value, mod.wide ? 8 : 4);
}

static size_t word(void)
{
	return mod.wide ? 8 : 4;
}

static void put_hex(struct buf *b, const char *hex)
{
	for (; *hex; hex += 2) {
		const char pair[] = { hex[0], hex[1], '\0' };
		char *end;
		uint8_t byte = (uint8_t)strtoul(pair, &end, 16);

		if (end != pair + 2)
			errx(1, "%s: not hexadecimal", hex);
		put(b, &byte, 1);
	}
}

static void symbol(const char *prefix, const char *name, int bind,
		   uint16_t section, uint64_t value)
{
	uint8_t info = (uint8_t)(bind << 4);
	uint8_t other = 0;
	uint64_t at = mod.strings.len;

	put(&mod.strings, prefix, strlen(prefix));
	put_text(&mod.strings, name);
	put_uint(&mod.symbols, at, 4);
	if (!mod.wide) {
		put_word(&mod.symbols, value);
		put_word(&mod.symbols, 0); /* size */
	}
	put(&mod.symbols, &info, 1);
	put(&mod.symbols, &other, 1);
	put_uint(&mod.symbols, section, 2);
	if (mod.wide) {
		put_word(&mod.symbols, value);
		put_word(&mod.symbols, 0);
	}
}

/* Takes "=CRC" off a word; false when it has none. */
static bool take_crc(char *word_, uint64_t *crc)
{
	char *equal = strchr(word_, '=');

	if (!equal)
		return false;
	*equal = '\0';
	*crc = strtoull(equal + 1, NULL, 0);
	return true;
}

static void export_symbol(char *name)
{
	uint64_t crc;

	if (take_crc(name, &crc))
		symbol("__crc_", name, STB_GLOBAL, SHN_ABS, crc);
	symbol("__kstrtab_", name, STB_GLOBAL, 1, mod.exports.len);
	symbol("__ksymtab_", name, STB_GLOBAL, 1, 0);
	put_text(&mod.exports, name);
}

/* struct modversion_info: one word of CRC, the name, 64 bytes in all. */
static void version(char *name)
{
	uint64_t crc;

	if (!take_crc(name, &crc) || strlen(name) >= 64 - word())
		errx(1, "%s: SYM=CRC is wanted", name);
	put_word(&mod.versions, crc);
	put(&mod.versions, name, strlen(name));
	put_zeros(&mod.versions, 64 - word() - strlen(name));
}

static void build_id(const char *hex)
{
	struct buf id = { 0 };

	put_hex(&id, hex);
	put_uint(&mod.note, 4, 4); /* bytes of the name */
	put_uint(&mod.note, id.len, 4);
	put_uint(&mod.note, NT_GNU_BUILD_ID, 4);
	put(&mod.note, "GNU", 4);
	put(&mod.note, id.at, id.len);
	put_zeros(&mod.note, -id.len % 4);
	free(id.at);
}

/* include/linux/module_signature.h, struct module_signature. */
static void end_trailer(uint8_t id_type, size_t signer, size_t key, size_t sig)
{
	const uint8_t head[] = { id_type == 2 ? 0 : 1,
				 id_type == 2 ? 0 : 4, /* sha256 */
				 id_type,
				 (uint8_t)signer,
				 (uint8_t)key,
				 0,
				 0,
				 0,
				 (uint8_t)(sig >> 24),
				 (uint8_t)(sig >> 16),
				 (uint8_t)(sig >> 8),
				 (uint8_t)sig };

	put(&mod.trailer, head, sizeof head);
	put(&mod.trailer, "~Module signature appended~\n", 28);
}

static void sign_old(char *arg)
{
	char *signer = strsep(&arg, ":");
	char *key = strsep(&arg, ":");
	size_t at;

	if (!key || !arg)
		errx(1, "NAME:HEX:HEX is wanted");
	put(&mod.trailer, signer, strlen(signer));
	at = mod.trailer.len;
	put_hex(&mod.trailer, key);
	size_t key_len = mod.trailer.len - at;
	at = mod.trailer.len;
	put_hex(&mod.trailer, arg);
	end_trailer(1, strlen(signer), key_len, mod.trailer.len - at);
}

static void sign_pkcs7(const char *path)
{
	FILE *f = fopen(path, "r");
	char part[4096];
	size_t n;

	if (!f)
		err(1, "%s", path);
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		put(&mod.trailer, part, n);
	fclose(f);
	end_trailer(2, 0, 0, mod.trailer.len);
}

struct section {
	const char *name;
	const struct buf *data;
	uint32_t type, link, info;
	size_t entry;
};

static void put_header(struct buf *b, const struct section *s, size_t name,
		       size_t off)
{
	put_uint(b, name, 4);
	put_uint(b, s->type, 4);
	put_word(b, s->type == SHT_PROGBITS ? SHF_ALLOC : 0);
	put_word(b, 0); /* address */
	put_word(b, off);
	put_word(b, s->data->len);
	put_uint(b, s->link, 4);
	put_uint(b, s->info, 4);
	put_word(b, 1); /* alignment */
	put_word(b, s->entry);
}

static void put_elf_header(struct buf *b, size_t headers, size_t count)
{
	const uint8_t ident[EI_NIDENT] = { 0x7f,
					   'E',
					   'L',
					   'F',
					   mod.wide ? ELFCLASS64 : ELFCLASS32,
					   mod.big ? ELFDATA2MSB : ELFDATA2LSB,
					   EV_CURRENT };

	put(b, ident, sizeof ident);
	put_uint(b, ET_REL, 2);
	put_uint(b, mod.wide ? EM_X86_64 : EM_386, 2);
	put_uint(b, EV_CURRENT, 4);
	put_word(b, 0); /* entry */
	put_word(b, 0); /* program headers */
	put_word(b, headers);
	put_uint(b, 0, 4); /* flags */
	put_uint(b, mod.wide ? 64 : 52, 2);
	put_uint(b, 0, 2);
	put_uint(b, 0, 2);
	put_uint(b, mod.wide ? 64 : 40, 2);
	put_uint(b, count, 2);
	put_uint(b, count - 1, 2); /* the name table is the last */
}

static void build(struct buf *file)
{
	struct buf names = { 0 }, headers = { 0 }, head = { 0 }, none = { 0 };
	struct section all[9], *s = all;
	size_t off = mod.wide ? 64 : 52;

	*s++ = (struct section){ "", &none, SHT_NULL, 0, 0, 0 };
	*s++ = (struct section){
		"__ksymtab_strings", &mod.exports, SHT_PROGBITS, 0, 0, 0
	};
	if (!mod.no_info)
		*s++ = (struct section){ ".modinfo", &mod.info, SHT_PROGBITS,
					 0,          0,         0 };
	if (mod.versions.len)
		*s++ = (struct section){
			"__versions", &mod.versions, SHT_PROGBITS, 0, 0, 64
		};
	if (mod.note.len)
		*s++ = (struct section){
			".note.gnu.build-id", &mod.note, SHT_NOTE, 0, 0, 0
		};
	*s = (struct section){ ".symtab",  &mod.symbols,
			       SHT_SYMTAB, (uint32_t)(s - all) + 1,
			       1,          mod.wide ? 24 : 16 };
	s++;
	*s++ = (struct section){ ".strtab", &mod.strings, SHT_STRTAB, 0, 0, 0 };
	*s++ = (struct section){ ".shstrtab", &names, SHT_STRTAB, 0, 0, 0 };

	for (struct section *i = all; i < s; i++)
		put_text(&names, i->name);
	size_t name = 0;
	for (struct section *i = all; i < s; i++) {
		put_header(&headers, i, name, i == all ? 0 : off);
		name += strlen(i->name) + 1;
		off += i->data->len;
	}
	put_elf_header(&head, off, (size_t)(s - all));
	put(file, head.at, head.len);
	for (struct section *i = all; i < s; i++)
		put(file, i->data->at, i->data->len);
	put(file, headers.at, headers.len);
	put(file, mod.trailer.at, mod.trailer.len);
	free(names.at);
	free(headers.at);
	free(head.at);
}

static void write_file(const char *path, const struct buf *b)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(b->at, 1, b->len, f) != b->len || fclose(f) != 0)
		err(1, "%s", path);
}

/* Links, and a file of its own where one has too many. */
static void write_links(const char *path, const struct buf *b)
{
	size_t stem = strlen(path) - strlen(".ko");
	char old[4096], new[4096];

	snprintf(old, sizeof old, "%s", path);
	for (unsigned long i = 0; i < mod.links; i++) {
		snprintf(new, sizeof new, "%.*s%lu.ko", (int)stem, path, i);
		if (link(old, new) < 0) {
			write_file(new, b);
			strcpy(old, new);
		}
	}
}

/* Class and byte order decide how everything else is written. */
static void parse(int argc, char **argv, bool first)
{
	int c;

	optind = 1;
	while ((c = getopt(argc, argv, "3Bm:nx:u:w:v:i:g:t:l:")) != -1) {
		if (c == '?') {
			fputs(usage, stderr);
			exit(1);
		}
		if (first) {
			mod.wide &= c != '3';
			mod.big |= c == 'B';
			continue;
		}
		switch (c) {
		case 'm':
			put_text(&mod.info, optarg);
			break;
		case 'n':
			mod.no_info = true;
			break;
		case 'x':
			export_symbol(optarg);
			break;
		case 'u':
			symbol("", optarg, STB_GLOBAL, SHN_UNDEF, 0);
			break;
		case 'w':
			symbol("", optarg, STB_WEAK, SHN_UNDEF, 0);
			break;
		case 'v':
			version(optarg);
			break;
		case 'i':
			build_id(optarg);
			break;
		case 'g':
			sign_old(optarg);
			break;
		case 't':
			sign_pkcs7(optarg);
			break;
		case 'l':
			mod.links = strtoul(optarg, NULL, 10);
			break;
		}
	}
}

int main(int argc, char **argv)
{
	struct buf file = { 0 };

	parse(argc, argv, true);
	if (optind + 1 != argc) {
		fputs(usage, stderr);
		return 1;
	}
	put_text(&mod.strings, "");
	put_zeros(&mod.symbols, mod.wide ? 24 : 16);
	parse(argc, argv, false);
	build(&file);
	write_file(argv[optind], &file);
	write_links(argv[optind], &file);

	free(file.at);
	free(mod.info.at);
	free(mod.symbols.at);
	free(mod.strings.at);
	free(mod.exports.at);
	free(mod.versions.at);
	free(mod.note.at);
	free(mod.trailer.at);
	return 0;
}
