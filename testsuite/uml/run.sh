#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# run.sh - proves the tools in a real kernel, against Debian's kmod.
#
#   run.sh BUILDDIR [--deep] [PART...]
#
# Parts: sweep, compressed, gz, cases, policy, lsmod, examples (all of them).  --deep takes every
# module of the kernel in place of a spread of them.  BUILDDIR "peer" takes
# Debian's kmod for ours as well, which tests the tests.
#
# Both sides run the same script in a kernel of their own, side by side.  The
# last line is "uml: N passed, M failed"; the exit code is 0 when M is 0.

set -u

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=testsuite/lib/peer.sh
. "$here/../lib/peer.sh"

build='' many='' parts=''
for word; do
	case $word in
	--deep) many=100000 ;;
	*) [ -z "$build" ] && build=$word || parts="$parts $word" ;;
	esac
done
if [ -z "$build" ]; then
	sed -n '6s/^# *//p' "$0" >&2
	exit 2
fi

tmp=$(mktemp -d) || exit
sides='' ran=''
# shellcheck disable=SC2154,SC2317 # reached by the trap
finish()
{
	[ -n "$ran" ] || echo "uml: 0 passed, 1 failed"
	for side in $sides; do
		kill "$side" 2>/dev/null
	done
	[ -z "$sides" ] || wait
	[ -n "${UML_KEEP-}" ] || rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

peer=$(peer_tools "$tmp") && ours=$(our_tools "$build" "$tmp") || exit
# shellcheck source=testsuite/uml/tree.sh
. "$here/tree.sh"

# shellcheck source=testsuite/lib/check.sh
. "$here/../lib/check.sh"

# count PASSED FAILED
count()
{
	passed=$((passed + $1))
	failed=$((failed + $2))
}

say()
{
	echo "uml: $*"
}

# ------------------------------------------------------------ which modules

# All modules, those that need ipv6 last: nobody gets that one out again.
all_modules()
{
	awk '
	function name_of(path) {
		sub(/:$/, "", path)
		sub(/.*\//, "", path)
		sub(/\..*/, "", path)
		gsub(/-/, "_", path)
		return path
	}
	{
		last = $0 ~ /\/ipv6\.ko/
		deps = NF > 1
		print last, deps, name_of($1)
	}
	' "$modules/modules.dep" | LC_ALL=C sort -u
}

# The names of those that need another module.
with_deps()
{
	all_modules | awk '$2 { print $3 }'
}

# spread N: so many lines of the input, evenly.
spread()
{
	awk -v n="$1" '
	{ line[NR] = $0 }
	END {
		if (n > NR)
			n = NR
		for (i = 0; i < n; i++)
			print line[1 + int(i * NR / n)]
	}'
}

# ------------------------------------------------------------ compressed modules

# A tree with these modules and what they need, compressed both ways in turn.
compressed_tree()
{
	files "$@" | tr ' ' '\n' | grep / | LC_ALL=C sort -u |
		awk '{ print (NR % 2 ? "xz" : "zst"), $0 }' >"$tmp/list"
	make_tree "$tmp/list"
}

# What cases.sh calls FILES: one small module, whole and broken.
make_files()
{
	good=$modules/kernel/drivers/net/dummy.ko
	mkdir "$tmp/files" && cd "$tmp/files" || return
	for kind in xz zst; do
		compress $kind "$good" >dummy.ko.$kind || return
		head -c 1500 dummy.ko.$kind >cut.ko.$kind
		{
			cat cut.ko.$kind
			printf XXXX
			tail -c +1505 dummy.ko.$kind
		} >flipped.ko.$kind
	done
	# e_shstrndx, bytes 62 and 63 of a 64-bit header
	{
		head -c 62 "$good"
		printf '\360\377'
		tail -c +65 "$good"
	} >shstrndx.ko
	cd "$here" || return
}

# -------------------------------------------------------------- the two sides

# side NAME TOOLS SCRIPT TREE ARG...: a record of all ARGs in $tmp/NAME.  When
# one of them ends the kernel, a new one goes on with the next.
side()
{
	record=$tmp/$1
	tools=$2
	script=$3
	tree=$4
	shift 4
	: >"$record"
	while :; do
		"$here/boot.sh" -q -t 7200 -s 120 -o "$record.out" -m "$tree" \
			-k 'drbd.minor_count=7 drbd.usermode_helper="/a b"' \
			"$here/$script" "$tools" "$peer" "$@" \
			>"$record.part" 2>"$record.err" &
		boot=$!
		trap 'kill $boot; wait $boot; exit 130' TERM
		wait "$boot"
		code=$?
		cat "$record.part" >>"$record"
		[ "$code" -ne 0 ] || return 0

		last=$(sed -n 's/^@ //p' "$record.part" | tail -n 1)
		if [ -s "$record.out/status" ] || [ -z "$last" ] ||
			[ "$script" != sweep.sh ]; then
			cat "$record.err" >>"$record"
			return 1
		fi
		echo "died: $(cat "$record.out/why")" >>"$record"
		while [ $# -gt 0 ]; do
			name=$1
			shift
			[ "$name" != "$last" ] || break
		done
		[ $# -gt 0 ] || return 0
	done
}

# both SCRIPT TREE ARG...: peer and ours, records in $tmp/peer.rec, ours.rec.
both()
{
	side peer.rec "$peer" "$@" &
	sides=$!
	side ours.rec "$ours" "$@" &
	sides="$sides $!"
	result=0
	for pid in $sides; do
		wait "$pid" || result=1
	done
	sides=
	if [ "$result" -ne 0 ]; then
		say "$1 did not run to its end:"
		tail -n 5 "$tmp/peer.rec" "$tmp/ours.rec"
		count 0 1
	fi
	for name in peer ours; do
		[ ! -s "$tmp/$name.rec" ] || plain "$tmp/$name.rec"
	done
	return "$result"
}

# Without the place in the source that Debian's kmod tells, and without what
# depends on versions of the kernel and of the decoders.
plain()
{
	sed -e "s|/lib/modules/$release|/lib/modules/RELEASE|g" \
		-e 's/: \(xz\|zstd\): .*)$/: \1: ...)/' \
		-e 's|\.\./libkmod/[^ ]*\.c:[0-9]* [a-z_]*() ||' \
		-e 's|^libkmod: ERROR \.\./libkmod/[^ ]*\.c:[0-9]* [a-z_]*: |libkmod: ERROR: |' \
		"$1" >"$1.plain" && mv "$1.plain" "$1"
}

# verdict COMMAND...: shows what a comparison prints and counts its figures, the
# last line.
verdict()
{
	if ! "$@" >"$tmp/verdict"; then
		count 0 1
		return
	fi
	sed '$d' "$tmp/verdict"
	# shellcheck disable=SC2046 # two figures
	count $(tail -n 1 "$tmp/verdict")
}

compare_sweep()
{
	rm -f "$tmp/again"
	# shellcheck disable=SC2046 # an option or none
	verdict "$here/sweep.py" $([ "$build" != peer ] || echo --self) \
		--again "$tmp/again" "$1/modules.dep" "$1/modules.softdep" \
		"$tmp/peer.rec" "$tmp/ours.rec"
}

# The kernel is not steady: jitterentropy_rng refuses itself now and then.  So
# the modules that differ have a second try; what differs again is counted.
sweep()
{
	both sweep.sh "$@" || return
	compare_sweep "$1"
	[ -s "$tmp/again" ] || return 0
	tree=$1
	# shellcheck disable=SC2046 # one word each
	set -- $(cat "$tmp/again")
	[ $# -le 10 ] || return 0
	say "once more, those that differ: $*"
	failed=$((failed - $#))
	both sweep.sh "$tree" "$@" || return
	compare_sweep "$tree"
}

# ------------------------------------------------------------------ the parts

part_sweep()
{
	# shellcheck disable=SC2046 # one word each
	set -- $(all_modules | spread "${many:-60}" | cut -d ' ' -f 3)
	say "modprobe and modprobe -r of $# modules"
	sweep "$modules" "$@"
}

part_compressed()
{
	# shellcheck disable=SC2046 # one word each
	set -- $(with_deps | spread "${many:-54}")
	say "the same for $# modules with dependencies, as .ko.xz and .ko.zst"
	# Some ask for others by themselves: encrypted-keys for cbc(aes).
	# shellcheck disable=SC2046 # one word each
	tree=$(compressed_tree $([ -z "$many" ] && echo "$@" ||
		all_modules | cut -d ' ' -f 3)) || {
		count 0 1
		return
	}
	sweep "$tree" "$@"
}

part_gz()
{
	# shellcheck disable=SC2046 # one word each
	set -- $(all_modules | awk '$2 && !$1 { print $3 }' | spread 17)
	say "insmod of $# modules and what they need, as .ko.gz"
	files "$@" >"$tmp/load"
	mkdir -p "$tmp/gz"
	while read -r name paths; do
		plain=$name compressed=$name
		for path in $paths; do
			gz=$tmp/gz/${path##*/}.gz
			[ -e "$gz" ] || compress gz "$modules/$path" >"$gz"
			plain="$plain /lib/modules/$release/$path"
			compressed="$compressed $gz"
		done
		echo "$plain" >>"$tmp/load.plain"
		echo "$compressed" >>"$tmp/load.gz"
	done <"$tmp/load"
	if [ "$build" = peer ]; then
		say "the peer reads no gz: plain files for both"
		cp "$tmp/load.plain" "$tmp/load.gz"
	fi
	# The two sides differ in the files alone.
	for name in peer ours; do
		mkdir -p "$tmp/$name.rec.out"
	done
	cp "$tmp/load.plain" "$tmp/peer.rec.out/load"
	cp "$tmp/load.gz" "$tmp/ours.rec.out/load"
	both insmods.sh "$modules" /out/load || return
	compare_sweep "$modules"
}

part_cases()
{
	make_files || return
	say "what the tools say and do, case by case"
	both cases.sh "$modules" "$tmp/files" || return
	verdict awk -v self="$([ "$build" != peer ] || echo 1)" \
		-f "$here/cases.awk" "$here/differences" \
		"$tmp/peer.rec" "$tmp/ours.rec"
}

# kmod has no such rules.
part_policy()
{
	[ "$build" != peer ] || return 0
	say "what rules forbid"
	"$here/boot.sh" -q -m "$modules" -k 'modprobe.mask=minix,nls-cp8*' \
		"$here/policy.sh" "$ours" "$peer" >"$tmp/policy"
	result=$?
	awk '
	/^@ / { name = $0; cases++; next }
	/^not ok |policy\.sh: [0-9]+: / { if (name != last) failed++; last = name
		print "  it " substr(name, 3) ": " $0 }
	END { print cases - failed, failed + !cases }' "$tmp/policy" \
		>"$tmp/policy.found"
	sed '$d' "$tmp/policy.found"
	if [ "$result" -ne 0 ]; then
		tail -n 5 "$tmp/policy"
		count 0 1
	fi
	# shellcheck disable=SC2046 # two figures
	count $(tail -n 1 "$tmp/policy.found")
}

# Rows are equal but for the order of the users, which the kernel tells in two
# ways: as a list, and as a directory in hash order.
part_lsmod()
{
	# shellcheck disable=SC2046 # one word each
	set -- $(all_modules | spread 110 | cut -d ' ' -f 3)
	say "lsmod with $# modules and what they need"
	"$here/boot.sh" -q -o "$tmp/lsmod" "$here/lsmods.sh" "$ours" "$peer" "$@"
	for name in peer ours; do
		awk 'NF == 4 {
			n = split($4, user, ",")
			sub(/[^ ]*$/, "")
			do {
				again = 0
				for (i = 1; i < n; i++)
					if (user[i] > user[i + 1]) {
						swap = user[i]
						user[i] = user[i + 1]
						user[i + 1] = swap
						again = 1
					}
			} while (again)
			for (i = 1; i <= n; i++)
				$0 = $0 user[i] ","
		}
		{ print }' "$tmp/lsmod/lsmod.$name" >"$tmp/lsmod/$name"
	done
	rows=$(wc -l <"$tmp/lsmod/lsmod.ours")
	if [ "$rows" -gt 100 ] && diff "$tmp/lsmod/peer" "$tmp/lsmod/ours"; then
		order=$(diff "$tmp/lsmod/lsmod.peer" "$tmp/lsmod/lsmod.ours" |
			grep -c '^<')
		say "  $rows lines are equal; in $order the users have another order"
		count 1 0
	else
		say "  $rows lines, and they differ"
		count 0 1
	fi
}

# The manual pages are about ours alone.
part_examples()
{
	[ "$build" != peer ] || return 0
	say "the examples of the manual pages"
	"$here/boot.sh" -q "$here/examples.sh" "$ours" "$here/../../man" \
		>"$tmp/examples"
	result=$?
	sed -n '/^not ok\|^    \|^not here/s/^/  /p' "$tmp/examples"
	if [ "$result" -ne 0 ] && ! grep -q ' [1-9][0-9]* failed$' \
		"$tmp/examples"; then
		tail -n 5 "$tmp/examples"
		count 0 1
	fi
	# shellcheck disable=SC2046 # two figures
	count $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' \
		"$tmp/examples")
}

say "Linux $release in user-mode-linux, peer: $("$peer/kmod" --version | head -n 1)"
for part in ${parts:-sweep compressed gz cases policy lsmod examples}; do
	case $part in
	sweep | compressed | gz | cases | policy | lsmod | examples)
		"part_$part"
		;;
	*)
		say "$part: no such part"
		count 0 1
		;;
	esac
done
ran=1
finish_suite uml
