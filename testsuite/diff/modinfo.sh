#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modinfo.sh - modinfo of every module of a tree, ours against kmod's.
#
# Usage: modinfo.sh OURS KMOD ROOT RELEASE
#   OURS, KMOD  programs (ours, Debian's /bin/kmod)
#   ROOT        of the tree, indexed by depmod
#
# Runs each option form over all files in one process (or as few as xargs
# needs), by name, and for all built-ins; prints how many modules were compared
# and in how many lines the outputs differ.  build-id lines, which kmod 30 does
# not print, are taken out of ours.  Then --json, of which nothing may be lost.
# Status 1 when anything else differs.
set -u
LC_ALL=C
export LC_ALL

[ $# = 4 ] || { sed -n 's/^# Usage: //p' "$0"; exit 2; }
root=$3
release=$4
tree=$root/lib/modules/$release
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/ours" "$tmp/kmod"
ln -s "$(realpath "$1")" "$tmp/ours/modinfo"
ln -s "$(realpath "$2")" "$tmp/kmod/modinfo"

find "$tree" -name '*.ko*' -type f | sort >"$tmp/files"
sed 's/.*\///; s/\.ko.*//; s/-/_/g' "$tmp/files" >"$tmp/names"
sed 's/.*\///; s/\.ko.*//; s/-/_/g' "$tree/modules.builtin" |
	sort -u >"$tmp/builtins"
sed -n 's/^alias \([^ ]*\) .*/\1/p' "$tree/modules.alias" |
	grep -v '[[*?]' | sort -u >"$tmp/aliases"

# A build id is a line, or a value with NUL behind it, of its own.
without_build_id()
{
	perl -0777 -pe 's/^build-id: .*\n//mg; s/build-id=[0-9A-F:\n\t]*\0//g'
}

bad=0
# compare LIST OPTION...
compare()
{
	list=$1
	shift
	for who in ours kmod; do
		xargs -d '\n' "$tmp/$who/modinfo" "$@" <"$tmp/$list" \
			>"$tmp/$who.out" 2>"$tmp/$who.err"
		echo "status $?" >>"$tmp/$who.err"
	done
	without_build_id <"$tmp/ours.out" >"$tmp/ours.cut"
	for what in out err; do
		ours=$tmp/ours.$what
		[ $what = out ] && ours=$tmp/ours.cut
		cmp -s "$ours" "$tmp/kmod.$what" && continue
		bad=$((bad + 1))
		printf 'DIFFERS '
		diff -a "$ours" "$tmp/kmod.$what" >"$tmp/diff"
		grep -ac '^[<>]' "$tmp/diff"
		head -n 20 "$tmp/diff" | cat -v
	done
	printf '%6d %-8s  modinfo %s\n' "$(wc -l <"$tmp/$list")" "$list" "$*"
}

# Every field that a module of these kernels has, and some that none has.
compare files
for form in -0 -n -a -d -l -p '-0 -a' '-0 -d' '-0 -l' '-0 -n' '-0 -p' -m \
	'-a -d -l' '-p -F license -0' '--field=depends --null' \
	"-k $release" "-b $root"; do
	# shellcheck disable=SC2086 # words
	compare files $form
done
for field in author description license parm filename name alias depends \
	firmware vermagic parmtype version srcversion intree retpoline staging \
	import_ns softdep weakdep key_mappings file sig_id signer sig_key \
	sig_hashalgo signature nosuch License licens ''; do
	compare files -F "$field"
done
for field in alias firmware signature signer parmtype; do
	compare files -0 -F $field
done
for form in '' -0 -n -p '-F filename' '-F license' -m '-m -F firmware'; do
	# shellcheck disable=SC2086
	compare names -b "$root" -k "$release" $form
	# shellcheck disable=SC2086
	compare builtins -b "$root" -k "$release" $form
done
compare builtins -b "$root" -k "$release" -F name
compare builtins -b "$root" -k "$release" -F parmtype
compare builtins -b "$root" -k "$release" -0 -F alias
for list in files builtins; do
	python3 "$(dirname "$0")/modinfo-json.py" "$tmp/ours/modinfo" \
		"$tmp/kmod/modinfo" -b "$root" -k "$release" <"$tmp/$list" ||
		bad=$((bad + 1))
done
compare aliases -b "$root" -k "$release" -n
[ "$bad" = 0 ] || echo "$bad forms differ"
[ "$bad" = 0 ]
