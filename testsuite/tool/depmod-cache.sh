#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# depmod-cache.sh - the cache of depmod never shows in its output.

. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "kmod remembers nothing"

release=6.6.6
tree=$tmp/lib/modules/$release
cache=$tmp/cache
mkdir -p "$tree/kernel"
: >"$tree/modules.order"
: >"$tree/modules.builtin"
: >"$tree/modules.builtin.modinfo"

# module NAME NUMBER: files of one size, whatever the number
module()
{
	mkmodule -m "alias=number-$2" -x "sym_$2=0x$2" -u "sym_$((19 - $2))" \
		"$tree/kernel/$1.ko"
}
began=$(date +%s)
for i in 11 12 13 14 15 16; do
	module "m$i" $i
done

# Nothing is kept of a file that changed a moment ago.
settle()
{
	sleep 2.2
}

# same_as_without TITLE: twice, for the second may use what the first kept.
same_as_without()
{
	run depmod --no-cache -b "$tmp" -o "$tmp/plain" "$release"
	is "$1: without a cache" 0 </dev/null
	for _ in 1 2; do
		run depmod --cache "$cache" -b "$tmp" -o "$tmp/cached" \
			"$release"
		is "$1: with a cache" 0 </dev/null
		check "$1: the same" diff -r "$tmp/plain" "$tmp/cached"
	done
}

# How many modules the next run reads.
reads()
{
	unleaked strace -f -e trace=open,openat -e signal=none -o "$tmp/.calls" \
		"$KMOD_DIR/depmod" --cache "$cache" -b "$tmp" \
		-o "$tmp/cached" "$release"
	grep -c '\.ko"' "$tmp/.calls"
}

same_as_without "fresh files"
if [ $(($(date +%s) - began)) -le 1 ]; then # else they were not fresh
	check "fresh files are not kept" test ! -e "$cache"
fi
settle
same_as_without "settled files"
if command -v strace >/dev/null && [ -z "${emulator:-}" ] &&
	strace -o /dev/null -e trace=none true 2>/dev/null; then
	check "settled files are not read again" test "$(reads)" = 0
	module m16 10
	check "but for one that changed" test "$(reads)" = 1
fi

# Size and times as before: the old content is kept nowhere.
behind_its_back()
{
	touch -r "$tree/kernel/m11.ko" "$tmp/times"
	"$@"
	touch -r "$tmp/times" "$tree/kernel/m11.ko"
}
replaced()
{
	module new "$1"
	mv "$tree/kernel/new.ko" "$tree/kernel/m11.ko"
}
swapped()
{
	mv "$tree/kernel/m15.ko" "$tmp/swap"
	mv "$tree/kernel/m16.ko" "$tree/kernel/m15.ko"
	mv "$tmp/swap" "$tree/kernel/m16.ko"
}
linked()
{
	ln "$tree/kernel/m14.ko" "$tree/kernel/also.ko"
	ln -s ../kernel/m15.ko "$tree/kernel/too.ko"
}

for round in 1 2 3; do
	settle
	same_as_without "round $round, settled"
	behind_its_back module m11 $((10 + round))
	same_as_without "round $round, written in place"
	behind_its_back replaced $((13 + round))
	same_as_without "round $round, replaced"
	swapped
	same_as_without "round $round, swapped"
	case $round in
	1)
		module added 17
		rm "$tree/kernel/m12.ko"
		;;
	2)
		linked
		mv "$tree/kernel/added.ko" "$tree/kernel/renamed.ko"
		;;
	3)
		touch -d 2100-01-01 "$tree/kernel/m14.ko"
		touch -d 1980-01-01 "$tree/kernel/m15.ko"
		: >"$tree/kernel/m13.ko"
		rm "$tree/kernel/m13.ko"
		module m12 12
		;;
	esac
	same_as_without "round $round, changed"
done

# A cache that cannot be trusted is made anew.
settle
spoiled()
{
	run depmod --cache "$cache" -b "$tmp" "$release"
	is "a cache" 0 </dev/null
	"$@"
	same_as_without "$*"
	cmp -s "$cache" "$tmp/good" || fail "$*: not made anew"
}
same_as_without "a good one"
cp "$cache" "$tmp/good"
flip()
{
	printf '\377' | dd of="$cache" bs=1 seek="$1" conv=notrunc 2>/dev/null
}
spoiled truncate -s -1 "$cache"
spoiled truncate -s 0 "$cache"
spoiled truncate -s 20 "$cache"
spoiled flip 3
spoiled flip 18
spoiled flip 100
spoiled chmod 664 "$cache"
spoiled chmod 602 "$cache"
[ "$(id -u)" != 0 ] || spoiled chown 1 "$cache"
check "rights of a cache" test "$(stat -c %a "$cache")" = 644

# Anything but a regular file stays: as root, /dev/null could be replaced.
mkfifo "$tmp/pipe"
mkdir "$tmp/folder"
ln -s /dev/null "$tmp/null"
for kind in pipe folder null; do
	before=$(stat -c %i "$tmp/$kind")
	run depmod --cache "$tmp/$kind" -b "$tmp" "$release"
	is "a $kind for a cache" 0 </dev/null
	check "the $kind is still there" \
		test "$(stat -c %i "$tmp/$kind")" = "$before"
	check "nothing beside the $kind" test ! -e "$tmp/$kind.tmp"
done

# One that cannot be kept is no failure.
run depmod --cache "$tmp/no/where" -b "$tmp" "$release"
is "no place for it" 0 </dev/null

# The usual place: for the running system alone, and no longer than the tree.
if unshare -rm true 2>/dev/null; then
	ran="depmod on the system's own tree"
	# shellcheck disable=SC2016 # the inner shell expands
	unleaked unshare -rm sh -c '
		mount -t tmpfs none /var/cache || exit
		mkdir /var/cache/work /var/cache/over
		cp -r "$0/lib/modules" /var/cache/over
		lib=$(readlink -f /lib)
		work=upperdir=/var/cache/over,workdir=/var/cache/work
		mount -t overlay -o "lowerdir=$lib,$work" overlay "$lib" ||
			exit 77
		sleep 2.2; "$1" "$2" || exit
		test -s "/var/cache/libmod/depmod-$2.cache" || exit 2
		: >/var/cache/libmod/depmod-5.5.5.cache
		: >/var/cache/libmod/depmod-notes
		"$1" -n "$2" >/dev/null || exit
		"$1" -b / "$2" || exit
		test -e /var/cache/libmod/depmod-5.5.5.cache || exit 3
		sleep 2.2; "$1" "$2" || exit
		test ! -e /var/cache/libmod/depmod-5.5.5.cache || exit 4
		test -e /var/cache/libmod/depmod-notes || exit 5
		test -s "/var/cache/libmod/depmod-$2.cache"' \
		"$tmp" "$KMOD_DIR/depmod" "$release" \
		>"$tmp/.out" 2>"$tmp/.err" </dev/null
	status=$?
	[ "$status" = 77 ] || is "the usual place" 0 </dev/null
fi

done_testing
