#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The shape of the source: includes go down, no ring of files, every file of a
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

awk '
function floor(path) {
	if (path == "libmod/libmod.h")
		return 0
	if (path ~ /^src\//)
		return 50
	if (match(path, /^libmod\/[a-z]+\//))
		return index("base, format, sys, model, act", \
			substr(path, 8, RLENGTH - 8))
	return 99
}
floor($2) > floor($1) {
	print $1 ": includes upwards or from nowhere: " $2
	bad = 1
}
$1 ~ /^src/ && $2 !~ /^src|^libmod\/(libmod\.h|act\/|base\/(cleanup|dl)\.h)/ {
	print $1 ": a tool sees libmod.h and act/ only: " $2
	bad = 1
}
END { exit bad }' "$work/includes" || status=1

# A ring of files, a .c and its .h being one; what stands behind a "-" in a name
# is a part of the same (index-node.h, modprobe-show.c).  tsort finds it.
sed 's/\(-[a-z]*\)*\.[ch]\>//g' "$work/includes" | awk '$1 != $2' |
	grep -v 'libmod/libmod$' >"$work/edges"
tsort "$work/edges" >/dev/null 2>"$work/rings" ||
	say "a ring of files:$(sed -n '/loop:/d; s/^tsort:\(-:\)*//p' \
		"$work/rings" | tr -d '\n')"

# A format reader opens nothing and prints nothing; nor does base.
for file in $(echo "$sources" | grep -E '^libmod/(base|format)/'); do
	grep -nHE '\<(open|openat|fopen|opendir|printf|fprintf|puts|perror|syslog|exit|abort) ?\(' \
		"$file" | grep -vE '^[^:]*:[0-9]*:[[:space:]]*(/?\*|//)' && status=1
done

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
