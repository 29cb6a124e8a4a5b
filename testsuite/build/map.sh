#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What libmod.h declares, what libmod.map exports and what libmod.so has are
# the same names.
set -eu
LC_ALL=C
export LC_ALL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2020 # three marks to newlines, a newline to a blank
# A declaration starts a statement and is no typedef.
${CC:-cc} -I"$top_srcdir" -E -P "$top_srcdir/libmod/libmod.h" |
	tr '\n;{}' ' \n\n\n' |
	sed 's/__attribute__((\(([^()]*)\|[^()]\)*))//g' |
	sed -n '/^ *typedef/d; s/^[^(]*[ *]\(mod_[a-z0-9_]*\) *(.*/\1/p' |
	sort -u >"$work/header"
sed -n 's/^[[:space:]]*\(mod_[a-z0-9_]*\);.*/\1/p' \
	"$top_srcdir/libmod/libmod.map" | sort >"$work/map"
# Some sanitizers add symbols of their own.
nm -D --defined-only "$top_builddir/libmod/.libs/libmod.so" |
	awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
	grep -v '^__\(asan\|odr\|sancov\)' | sort >"$work/library"

[ -s "$work/header" ] || { echo "libmod.h declares nothing"; exit 1; }
cd "$work"
diff header map
diff map library
