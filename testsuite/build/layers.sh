#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The shape of the source: includes go down, no cycle of files, every file of a
# readable length, with its licence, and in a list of Makefile.am.
set -u
LC_ALL=C
export LC_ALL
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99

status=0
say()
{
	echo "$*"
	status=1
}

sources=$(find libmod src -name '*.[ch]' | sort)
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# "FILE INCLUDED", one a line.
for file in $sources; do
	sed -n 's/^#include "\([^"]*\)".*/\1/p' "$file" | sed "s|^|$file |"
done >"$work/includes"

# Directories from the bottom to the top.  A file includes files of its own
# directory and of those with a lower number; the tools include the public
# header and base alone.
awk '
BEGIN {
	layer["base"] = 1
	layer["ctx"] = 2
	layer["sys"] = layer["compress"] = 3
	layer["config"] = layer["index"] = layer["live"] = 4
	layer["module"] = 5
	layer["signature"] = 6
	layer["load"] = layer["depmod"] = 7
	layer["src"] = 8
}
function directory(path) {
	sub(/^libmod\//, "", path)
	sub(/\/[^\/]*$/, "", path)
	return path
}
$2 == "libmod/libmod.h" { next }
{
	from = directory($1)
	to = directory($2)
}
!(from in layer) || !(to in layer) ||
		(from != to && layer[to] >= layer[from]) ||
		(from == "src" && to != "src" && to != "base") {
	print $1 ": must not include " $2
	bad = 1
}
END { exit bad }' "$work/includes" || status=1

# No cycle of files, a .c and its .h being one, and a header that only two files
# share being a part of the first of them.  tsort finds it.
parts='s|index/node\>|index/index|g; s|signature/crypto-lib|signature/crypto|g'
sed "s/\.[ch]\>//g; $parts" "$work/includes" | awk '$1 != $2' |
	grep -v 'libmod/libmod$' >"$work/edges"
tsort "$work/edges" >/dev/null 2>"$work/cycles" ||
	say "a cycle of files:$(sed -n '/loop:/d; s/^tsort:\(-:\)*//p' \
		"$work/cycles" | tr -d '\n')"

# Calls between two files of the tools go one way, as includes do.
awk '
# Functions and tables that other files use begin at the start of a line.
function defined(line) {
	if (line !~ /^[a-z]/ || line ~ /^(static|extern|typedef|struct [a-z_]* [{]|enum)/ ||
	    !match(line, /[a-z_0-9]+(\[[^]]*\])?( =|\()/))
		return ""
	line = substr(line, RSTART)
	sub(/[^a-z_0-9].*/, "", line)
	return line
}
{
	file = FILENAME
	gsub(/"[^"]*"/, "")
	sub(/^ \*.*|\/\*.*/, "")
}
pass == 1 && (name = defined($0)) { home[name] = file }
pass == 2 {
	n = split($0, words, /[^a-z_0-9]+/)
	for (i = 1; i <= n; i++)
		if (words[i] in home && home[words[i]] != file)
			print file, home[words[i]]
}' pass=1 src/*.c pass=2 src/*.c | sort -u >"$work/calls"
[ "$(wc -l <"$work/calls")" -gt 50 ] || say "calls between the tools' files: not found"
tsort "$work/calls" >/dev/null 2>"$work/cycles" ||
	say "files that call each other:$(sed -n '/loop:/d; s/^tsort:\(-:\)*//p' \
		"$work/cycles" | tr -d '\n')"

# Pure files turn bytes into values or values into bytes: they open nothing and
# print nothing, and include pure files alone.
pure='libmod/base/[-a-z0-9]*
libmod/compress/[-a-z0-9]*
libmod/config/(cmdline|lines|load-lines)
libmod/depmod/(cycles|directive|exports|graph|kmod-hash|output|output-index|output-text)
libmod/depmod/(record|symbol-lines)
libmod/index/(index|node|search|writer)
libmod/live/proc-modules
libmod/module/(build-id|elf|force|modinfo|symbol-table|symbols|trailer)
libmod/signature/(cms|crypto|crypto-key|crypto-lib|der|dn|efi|kernel-image)
libmod/signature/(pkcs7|signature-info|x509)'
echo "$pure" | sed 's/.*/^&\\.[ch]$/' >"$work/pure"
echo "$pure" | while read -r files; do
	echo "$sources" | grep -qE "^$files\.[ch]\$" || echo "$files"
done >"$work/absent"
[ ! -s "$work/absent" ] || say "pure files that do not exist: $(cat "$work/absent")"
for file in $(echo "$sources" | grep -Ef "$work/pure"); do
	grep -nHE '\<(open|openat|fopen|opendir|printf|fprintf|puts|perror|syslog|exit|abort) ?\(' \
		"$file" | grep -vE '^[^:]*:[0-9]*:[[:space:]]*(/?\*|//)' && status=1
	sed -n 's/^#include "\(libmod[^"]*\)".*/\1/p' "$file" |
		grep -vxF libmod/libmod.h | grep -vEf "$work/pure" |
		sed "s|^|$file: pure, but includes |" >"$work/impure"
	[ ! -s "$work/impure" ] || say "$(cat "$work/impure")"
done

# Functions that files of the library share are named for their header:
# mod_FILE_verb, or mod_DIRECTORY_FILE_verb.
for file in $(echo "$sources" | grep '^libmod/[a-z]*/.*\.h$'); do
	name=$(basename "$file" .h | tr - _)
	dir=$(basename "$(dirname "$file")")
	awk '/^\/\*/ { comment = 1 }
		!comment && /^[a-z_]/ && !/^static|^typedef/
		/\*\// { comment = 0 }' "$file" |
		grep -oE '\<mod_[a-z0-9_]+\(' | tr -d '(' | sort -u |
		grep -vE "^mod_(${dir}_)?$name(_|\$)" |
		sed "s|^|$file: named for another file: |" >"$work/names"
	[ ! -s "$work/names" ] || say "$(cat "$work/names")"
done

# The library does not call its own public functions that set or clear the error
# of a context: that of the call under way would be lost.  A function's own
# definition starts in the first column.
sed -n '/MOD_MUST_CHECK/,/;/p' libmod/libmod.h | tr '\n;' ' \n' |
	sed -n 's/^.*MOD_MUST_CHECK[^(]*[ *]\(mod_[a-z0-9_]*\) *(.*/\1/p' |
	grep -vxE 'mod_(ctx_new|name_of|name_of_path)' >"$work/public"
[ "$(wc -l <"$work/public")" -gt 40 ] || say "libmod.h: no public functions"
echo "$sources" | grep '^libmod/[a-z]*/' |
	xargs grep -nE "^[[:space:]].*\<($(paste -s -d '|' "$work/public"))\(" |
	grep -vE '^[^:]*:[0-9]*:[[:space:]]*(/?\*|//)' >"$work/calls"
[ ! -s "$work/calls" ] || say "calls of public functions that can fail:
$(cat "$work/calls")"

# The library neither prints nor reads the environment: the tools do.
for file in $(echo "$sources" | grep '^libmod/'); do
	awk -v file="$file" '
	{
		line = $0
		if (comment && sub(/^.*\*\//, "", line)) comment = 0
		if (comment) next
		gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
		if (sub(/\/\*.*/, "", line)) comment = 1
	}
	line ~ /(^|[^a-z_])(stdout|stderr|environ|puts|putchar|(secure_)?getenv|setenv|putenv|perror)([^a-z_]|$)|(^|[^a-z_])v?printf *[(]/ {
		print file ":" NR ": only tools print and have an environment: " $0
	}' "$file"
done >"$work/tools"
[ ! -s "$work/tools" ] || say "$(cat "$work/tools")"

for file in $sources; do
	lines=$(wc -l <"$file")
	# The public header is a reference: one, so that a user has one to read.
	[ "$lines" -le 500 ] || [ "$file" = libmod/libmod.h ] ||
		say "$file: $lines lines; at most 500"
	grep -qF "$file" Makefile.am || say "$file: not in Makefile.am"
done

for file in $sources $(find testsuite scripts .ci m4 -type f \
	! -path '*/corpus-*' ! -path m4/lt\* ! -path m4/libtool.m4 |
	grep -E '\.([chm4]|m4|sh|awk|py)$|^scripts/[^/]*$|/run$'); do
	head -n 2 "$file" | grep -q 'SPDX-License-Identifier: LGPL-2.1-or-later' ||
		say "$file: no licence in its first two lines"
done

exit $status
