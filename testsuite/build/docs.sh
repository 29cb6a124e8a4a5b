#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# README.md and HACKING.md are true where a script can tell: files, links,
# packages and options of configure.
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

# The map of the code, against what is built.
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

exit $status
