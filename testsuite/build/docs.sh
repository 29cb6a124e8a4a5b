#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The documents are true where a script can tell: files, links,
# packages, options of configure, names of tests and rows, the version.
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

# Links to files of ours.
for page in README.md HACKING.md SECURITY.md; do
	grep -o '](\([^)]*\))' "$page" | sed 's/^](//; s/)$//' | while read -r to; do
		case $to in
		http*) ;;
		*) [ -e "$to" ] || echo "$page: no such file: $to" ;;
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
grep -o -e '--\(with\|enable\)-[a-z-]*' README.md | sort -u >"$work/README.md"
agree "options of configure" README.md configure.ac

# Every improvement is shown: by a row of COMPATIBILITY.md, or by a test.
# shellcheck disable=SC2016 # not of the shell
awk '/^\| when you / { inside = 1 } !/^\|/ { inside = 0 }
	inside && ++n > 2' README.md |
	sed 's/.*| `\([^`]*\)` |$/\1/' >"$work/shown"
while read -r by; do
	grep -q "^| \`$by\` |" COMPATIBILITY.md ||
		[ -e "testsuite/$by.sh" ] || [ -e "testsuite/$by.c" ] || {
		echo "README.md: nothing shows it: $by"
		status=1
	}
done <"$work/shown"
[ -s "$work/shown" ] || { echo "README.md: no table of what is better"; status=1; }

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
grep -oE '(libmod|libmod-tools)[-_][0-9]+\.[0-9.]+[0-9]' README.md |
	grep -v "[-_]$version\$" && {
	echo "README.md: packages of another version"
	status=1
}

exit $status
