#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The documents are true where a script can check: files, headers named in comments,
# links, packages, options of configure, names of tests and rows, figures, the
# version.
set -u
LC_ALL=C
export LC_ALL
cd "$top_srcdir" || exit 99
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
status=0

# agree WHAT A B: the lists $work/A and $work/B are the same.
agree()
{
	diff "$work/$2" "$work/$3" >"$work/diff" && [ -s "$work/$2" ] && return
	echo "$1:"
	sed -n "s/^</  only in $2:/p; s/^>/  only in $3:/p" "$work/diff"
	status=1
}

# The map of the code, against the list of sources.
awk '/^\*\*(src|libmod\/[a-z]+)\*\*$/ { gsub(/\*/, ""); floor = $0 }
	/^## / { floor = "" }
	floor && /^\| `/ {
		for (i = 2; $i != "|"; i++) {
			gsub(/`/, "", $i)
			print floor "/" $i
		}
	}' HACKING.md | sort >"$work/HACKING.md"
sed -n 's/^	\(\(libmod\/[a-z]*\|src\)\/[-a-z0-9]*\)\.[ch]\( \\\)*$/\1/p' \
	Makefile.am | sort -u >"$work/Makefile.am"
agree "the map of the code" HACKING.md Makefile.am

# Headers that comments name: beside the file, below libmod or the top, or of the
# system.  Paths that begin with include/ are sources of the kernel.
find libmod src -name '*.[ch]' -exec awk -f testsuite/build/prose.awk {} + |
	awk -F '|' '$1 == "comment" {
		file = $2
		sub(/:[0-9]*$/, "", file)
		text = substr($0, length($1 $2) + 3)
		while (match(text, /[a-z0-9_\/-]+\.h/)) {
			name = substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
			if (text !~ /^[A-Za-z0-9_]/)
				print file, name
		}
	}' | sort -u >"$work/headers"
[ -s "$work/headers" ] || { echo "comments: no headers"; status=1; }
while read -r file name; do
	case $name in include/*) continue ;; esac
	for at in "$(dirname "$file")/$name" "libmod/$name" "$name"; do
		[ ! -e "$at" ] || continue 2
	done
	echo "#include <$name>" | ${CC:-cc} -E - >/dev/null 2>&1 || {
		echo "$file: a comment names a header that does not exist: $name"
		status=1
	}
done <"$work/headers"

# Links to files of ours.
for page in *.md doc/*.md; do
	grep -o '](\([^)]*\))' "$page" | sed 's/^](//; s/)$//' | while read -r to; do
		case $to in
		http*) ;;
		*)
			[ -e "$(dirname "$page")/$to" ] ||
				echo "$page: no such file: $to"
			;;
		esac
	done
done >"$work/links"
cat "$work/links"
[ ! -s "$work/links" ] || status=1

# Packages: the list of the scripts, and the one to be copied.
sed -n '/^build_packages="/,/"$/p' scripts/lib/build.sh |
	sed 's/.*="//; s/"//' | tr -s '[:blank:]' '\n' | grep . |
	sort >"$work/build.sh"
sed -n '/^apt-get install/,/[^\\]$/p' README.md |
	sed 's/^apt-get install//; s/\\$//' | tr -s '[:blank:]' '\n' | grep . |
	sort >"$work/README.md"
agree "packages" README.md build.sh

# Options of configure.
{
	grep -ho 'AS_HELP_STRING(\[--[a-z-]*' configure.ac m4/codec.m4 m4/flags.m4 |
		sed 's/.*\[//'
	sed -n 's/^MOD_CODEC(\[\([a-z]*\)\].*/--with-\1/p' configure.ac
} | grep -v -e '-$' | sort -u >"$work/configure.ac"
grep -ho -e '--\(with\|enable\)-[a-z-]*' README.md doc/PACKAGERS.md |
	sort -u >"$work/PACKAGERS.md"
agree "options of configure" PACKAGERS.md configure.ac

# Each reason is shown: by a row of COMPATIBILITY.md, or by a test.
for page in README.md doc/advantages.md; do
	# shellcheck disable=SC2016 # not of the shell
	awk '/^\|.*\| shown by \|$/ { inside = 1 } !/^\|/ { inside = 0 }
		inside && ++n > 2' "$page" |
		sed 's/.*| `\([^`]*\)` |$/\1/' >"$work/shown"
	while read -r by; do
		grep -q "^| \`$by\` |" COMPATIBILITY.md ||
			[ -e "testsuite/$by.sh" ] || [ -e "testsuite/$by.c" ] || {
			echo "$page: nothing shows it: $by"
			status=1
		}
	done <"$work/shown"
	[ -s "$work/shown" ] || { echo "$page: no table of reasons"; status=1; }
done

# README.md is short; its figures and those of doc/speed.md are the measured ones.
[ "$(wc -l <README.md)" -le 150 ] || { echo "README.md: over 150 lines"; status=1; }
awk -F '\t' 'function ms(t) {
		return sprintf(t < 10 ? "%.2f" : t < 100 ? "%.1f" : "%.0f", t)
	}
	!/^#/ { printf "| %s | %s | %s | %s | %.2f | %.2f |\n", $1, ms($2), ms($3),
		ms($4), $2 / $3, $2 / $4 }' doc/speed.tsv >"$work/speed.tsv"
grep '^| [a-z ]*.* | [0-9.]* | [0-9.]* | [0-9.]* | [0-9.]* | [0-9.]* |$' \
	doc/speed.md >"$work/speed.md"
agree "wall times" speed.md speed.tsv
awk -F '\t' 'function comma(t) {
		t = sprintf("%.0f", t)
		return length(t) > 3 ? substr(t, 1, length(t) - 3) "," \
			substr(t, length(t) - 2) : t
	}
	$1 == "depmod, xz, one module added" { printf "| %s ms | %s ms | %s ms |\n",
		comma($3), comma($4), comma($2) }' doc/speed.tsv >"$work/reason"
grep -q -F -f "$work/reason" README.md || {
	echo "README.md: not as measured: $(cat "$work/reason")"
	status=1
}
if command -v python3 >/dev/null; then
	python3 scripts/lib/plot.py doc/speed.tsv | diff -q - doc/speed.svg || {
		echo "doc/speed.svg is old: run scripts/pictures"
		status=1
	}
fi

# COMPATIBILITY.md: each row has a test, and it is there.
# shellcheck disable=SC2016 # not of the shell
sed -n 's/^| `\([^`]*\)` |.*|\([^|]*\) |$/\1:\2/p' COMPATIBILITY.md >"$work/rows"
while IFS=: read -r row tests; do
	[ -n "$tests" ] || {
		echo "COMPATIBILITY.md: $row: no test"
		status=1
	}
	for test in $(echo "$tests" | tr -d ,); do
		[ -e "testsuite/$test.sh" ] || [ -e "testsuite/$test.c" ] ||
			[ -d "testsuite/$test" ] || {
			echo "COMPATIBILITY.md: $row: no such test: $test"
			status=1
		}
	done
done <"$work/rows"
[ -s "$work/rows" ] || { echo "COMPATIBILITY.md: no rows"; status=1; }
awk -F '|' '/^\| `/ && NF != 9 { print "COMPATIBILITY.md: not 7 cells:" $2 }' \
	COMPATIBILITY.md >"$work/cells"
cat "$work/cells"
[ ! -s "$work/cells" ] || status=1
[ -z "$(cut -d : -f 1 "$work/rows" | sort | uniq -d)" ] || {
	echo "COMPATIBILITY.md: twice:" \
		"$(cut -d : -f 1 "$work/rows" | sort | uniq -d)"
	status=1
}

# Who calls the tools: something is run for each, and the files it names exist.
awk '/^\[/ { if (client != "" && !n) print client ": nothing is run"
		client = $0; n = 0 }
	/^[$!>-] / { n++ }
	/^~ / { print "row " $2 }
	/^> qemu / { print "file testsuite/qemu/" $3 ".sh"; next }
	/^> / { print "part " $2 }
	/^[^#[$!>~ -]/ { print client ": not understood: " $0 }
	END { if (!n) print client ": nothing is run" }' testsuite/clients/calls |
	sort -u >"$work/calls"
while read -r what name; do
	case $what in
	row) grep -q "^| \`$name\` |" COMPATIBILITY.md ;;
	file) [ -e "$name" ] ;;
	part)
		[ -e "testsuite/clients/$name.sh" ] ||
			[ -e "testsuite/clients/$name-guest.sh" ]
		;;
	*) false ;;
	esac || {
		echo "testsuite/clients/calls: $what $name"
		status=1
	}
done <"$work/calls"

# One version.
version=$(sed -n 's/^AC_INIT(\[libmod\], \[\([0-9.]*\)\].*/\1/p' configure.ac)
[ -n "$version" ] || { echo "configure.ac: no version"; status=1; }
for file in NEWS "debian/changelog" rpm/libmod.spec; do
	grep -m 1 -E '^(libmod|Version:) ' $file |
		grep -qE "[ (]$version(-| |\$)" && continue
	echo "$file: not of version $version"
	status=1
done
grep -oE '(libmod|libmod-tools)[-_][0-9]+\.[0-9.]+[0-9]' README.md \
	doc/PACKAGERS.md | grep -v "[-_]$version\$" && {
	echo "packages of another version"
	status=1
}

exit $status
