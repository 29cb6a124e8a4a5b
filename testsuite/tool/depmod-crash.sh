#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# depmod-crash.sh - whatever happens to depmod, no file of a tree is broken.

. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "kmod's depmod leaves broken trees"
need_strace

release=6.6.6
tree=$tmp/lib/modules/$release
outputs="alias alias.bin builtin.alias.bin builtin.bin dep dep.bin devname
	softdep symbols symbols.bin weakdep"
mkdir -p "$tree"
printf 'stays.ko\nbase.ko\n' >"$tree/modules.order"
printf 'kernel/in.ko\n' >"$tree/modules.builtin"
printf 'in.alias=in-alias\0' >"$tree/modules.builtin.modinfo"
mkmodule -x base_call "$tree/base.ko"
mkmodule -m alias=stays-alias -u base_call "$tree/stays.ko"
mkmodule -m alias=goes-alias -x goes_call "$tree/goes.ko"

# keep WHERE: the outputs of this moment
keep()
{
	mkdir "$tmp/$1"
	for output in $outputs; do
		cp -p "$tree/modules.$output" "$tmp/$1" || exit 99
	done
}

run depmod -b "$tmp" "$release"
is "the old set" 0 </dev/null
keep old
rm "$tree/goes.ko"
mkmodule -m alias=comes-alias -m 'softdep=pre: base' -m alias=devname:comes \
	-m alias=char-major-10-1 -x comes_call "$tree/comes.ko"
run depmod -b "$tmp" "$release"
is "the new set" 0 </dev/null
keep new

restore()
{
	rm -f "$tree"/modules.*.tmp
	cp -p "$tmp"/old/* "$tree" || exit 99
}

# Each output is one of these sets'.
whole()
{
	title=$1
	shift
	for output in $outputs; do
		found=
		for set; do
			cmp -s "$tree/modules.$output" \
				"$tmp/$set/modules.$output" && found=1
		done
		[ "$found" ] || fail "$title: modules.$output is broken"
	done
}

no_litter()
{
	set -- "$1" "$tree"/modules.*.tmp
	[ ! -e "$2" ] || fail "$1: left ${2##*/}"
}

# A module of both sets is found, by its name and by its alias.
found()
{
	for name in stays stays-alias; do
		run modprobe -d "$tmp" -S "$release" -D "$name"
		is "$1: $name" 0 <<E
insmod $tree/base.ko 
insmod $tree/stays.ko 
E
	done
}

# hurt CALL WHAT N: runs depmod and does WHAT at its Nth call of that kind.
hurt()
{
	restore
	ran="depmod with $1:$2:when=$3"
	unleaked strace -f -qq -o "$tmp/.calls" -e "trace=$1" -e signal=none \
		-e "inject=$1:$2:when=$3" "$KMOD_DIR/depmod" -j 1 \
		-b "$tmp" "$release" >"$tmp/.out" 2>"$tmp/.err" </dev/null
	status=$?
}

# A shell that tells of each kill would fill the log.
kills=0
for call in write openat fsync /^rename close; do
	n=0
	while n=$((n + 1)) && [ $n -lt 200 ]; do
		{ hurt "$call" signal=KILL "$n"; } 2>/dev/null
		[ "$status" != 0 ] || break
		kills=$((kills + 1))
		whole "killed at $call $n" old new
		case $call in
		/*) found "killed at $call $n" ;;
		esac
	done
	whole "$call is done" new
done
[ "$kills" -gt 60 ] || fail "killed only $kills times"

# After a kill the next run puts all right; this one left half of its files.
{ hurt /^rename signal=KILL 6; } 2>/dev/null
set -- "$tree"/modules.*.tmp
[ $# = 6 ] || fail "a kill leaves $# files and not 6"
run depmod -A -b "$tmp" "$release"
is "quick, after a kill" 0 </dev/null
whole "the run after" new
no_litter "the run after"

# modules.dep is new, modules.dep.bin is not.
{ hurt /^rename signal=KILL 11; } 2>/dev/null
run depmod -A -b "$tmp" "$release"
whole "quick, killed at the last rename" new
no_litter "quick, killed at the last rename"

# No output was replaced, so there is nothing else to do.
run depmod -b "$tmp" "$release"
{ unleaked strace -f -qq -o "$tmp/.calls" -e trace=fsync -e signal=none \
	-e inject=fsync:signal=KILL:when=3 "$KMOD_DIR/depmod" -j 1 \
	-b "$tmp" "$release"; } 2>/dev/null
set -- "$tree"/modules.*.tmp
[ $# = 11 ] || fail "a kill before the renames leaves $# files and not 11"
run depmod -A -b "$tmp" "$release"
is "quick, nothing but litter" 0 </dev/null
whole "quick, nothing but litter" new
no_litter "quick, nothing but litter"

# refused CALL ERRORS SETS N: each error at each of at least N calls; each file
# is of one of the sets then.
refused()
{
	for error in $2; do
		n=0
		while n=$((n + 1)) && [ $n -lt 100 ]; do
			hurt "$1" "error=$error" "$n"
			[ "$status" != 0 ] || break
			is_status "$1 $n: $error" 1
			[ -s "$tmp/.err" ] || fail "$1 $n: $error is not told"
			# shellcheck disable=SC2086 # words
			whole "$1 $n: $error" $3
			no_litter "$1 $n: $error"
		done
		[ "$n" -gt "$4" ] || fail "only $n calls of $1"
		whole "$1 is done" new
	done
}

refused write 'ENOSPC EIO' old 11
refused fchmod EIO old 11
refused fsync EIO 'old new' 12
refused /^rename EIO 'old new' 11

# Power may be cut: first all is on the disk, then it gets its names.
restore
unleaked strace -f -qq -o "$tmp/.calls" -e trace=fsync,/^rename -e signal=none \
	"$KMOD_DIR/depmod" -b "$tmp" "$release"
check "flushed, renamed, flushed" test "$(
	sed 's/^[0-9]* *//; s/(.*//; s/at2*$//' "$tmp/.calls" | uniq -c |
		tr -s ' \n' ' '
)" = " 11 fsync 11 rename 1 fsync "

# A limit of the system says nothing about a module, a directory or an input.
mkdir "$tree/kernel" "$tmp/conf"
cp "$tree/base.ko" "$tree/kernel/more.ko"
echo 'override base * updates' >"$tmp/conf/a.conf"
for error in EMFILE ENFILE; do
	for place in "$tree/kernel" "$tree/base.ko" "$tree/modules.order" \
		"$tree/modules.builtin" "$tree/modules.builtin.modinfo" \
		"$tmp/conf" "$tmp/conf/a.conf"; do
		restore
		ran="depmod with $error at $place"
		unleaked strace -f -qq -o "$tmp/.calls" -e trace=openat \
			-e signal=none -P "$place" -P "${place##*/}" \
			-e "inject=openat:error=$error" "$KMOD_DIR/depmod" \
			-C "$tmp/conf" -b "$tmp" "$release" \
			>"$tmp/.out" 2>"$tmp/.err" </dev/null
		status=$?
		is_status "$error at $place" 1
		err_has "$error at $place" "$place: not read: "
		whole "$error at $place" old
		no_litter "$error at $place"
	done
done
for option in '' -x; do
	restore
	ran="depmod $option with EIO at $tree/kernel"
	# shellcheck disable=SC2086 # perhaps none
	unleaked strace -f -qq -o "$tmp/.calls" -e trace=openat -e signal=none \
		-P "$tree/kernel" -e inject=openat:error=EIO \
		"$KMOD_DIR/depmod" $option -b "$tmp" "$release" \
		>"$tmp/.out" 2>"$tmp/.err" </dev/null
	status=$?
	is_status "EIO at a folder" $((${#option} / 2))
	err_has "EIO at a folder" \
		"could not open directory $tree/kernel: Input/output error"
	whole "EIO at a folder: all else is written" new
done
rm -r "$tree/kernel"

# The tree is opened for its names, and once more for its modules.
for error in EMFILE ENFILE EIO; do
	for n in 1 2; do
		restore
		ran="depmod with $error at opening $n of the tree"
		unleaked strace -f -qq -o "$tmp/.calls" -e trace=openat \
			-e signal=none -P "$tree" \
			-e "inject=openat:error=$error:when=$n" \
			"$KMOD_DIR/depmod" -j 1 -b "$tmp" "$release" \
			>"$tmp/.out" 2>"$tmp/.err" </dev/null
		status=$?
		is_status "$error at opening $n" 1
		err_has "$error at opening $n" \
			"could not open directory $tree: "
		whole "$error at opening $n" old
		no_litter "$error at opening $n"
	done
done

# However few files it may have open.
n=3
while n=$((n + 1)) && [ $n -lt 40 ]; do
	restore
	ran="depmod with $n descriptors"
	# shellcheck disable=SC2016 # the inner shell expands
	sh -c 'ulimit -n "$0" && exec "$@"' $n "$KMOD_DIR/depmod" -j 1 \
		-b "$tmp" "$release" >"$tmp/.out" 2>"$tmp/.err" </dev/null
	status=$?
	[ "$status" != 0 ] || break
	[ "$status" != 127 ] || continue # it was the loader's
	is_status "$n descriptors" 1
	err_has "$n descriptors" 'Too many open files'
	whole "$n descriptors" old
	no_litter "$n descriptors"
done
[ "$n" -gt 10 ] || fail "only $n descriptors are enough"
whole "enough descriptors" new

# A module that cannot be read, or is cut while it is, does no harm to others.
for wrong in error=EIO retval=0; do
	n=0
	while n=$((n + 1)) && [ $n -lt 100 ]; do
		hurt pread64 "$wrong" "$n"
		[ "$status" != 127 ] || continue # it was the loader's
		is_status "pread64 $n: $wrong" 0
		no_litter "pread64 $n: $wrong"
		[ "$(wc -l <"$tree/modules.dep")" = 3 ] ||
			fail "pread64 $n: $wrong: a module is not listed"
		[ -s "$tmp/.err" ] || break
		err_has "pread64 $n: $wrong" "failed to load "
	done
	[ "$n" -gt 6 ] || fail "only $n reads"
	whole "all can be read" new
done

# Two at once: one waits for the other.
for _ in 1 2 3; do
	restore
	"$KMOD_DIR/depmod" -b "$tmp" "$release" &
	run depmod -b "$tmp" "$release"
	is "the first of two" 0 </dev/null
	wait $! || fail "the second of two"
	whole "two at once" new
	no_litter "two at once"
done

# alone COMMAND ARG...: where it may mount
alone()
{
	unleaked unshare -rm sh -c "$@" >"$tmp/.out" 2>"$tmp/.err" </dev/null
	status=$?
}

# The disk is full but for a page; ours are several.
if unshare -rm mount -t tmpfs -o size=1m none /mnt 2>/dev/null; then
	restore
	ran="depmod on a full disk"
	# shellcheck disable=SC2016 # the inner shell expands
	alone 'mount -t tmpfs -o size=1m none /mnt &&
		cp -a "$0/lib" /mnt &&
		cat /dev/zero >/mnt/fill 2>/dev/null
		truncate -s -4096 /mnt/fill
		"$1" -b /mnt "$2"
		status=$?
		mkdir "$0/full" && cp "/mnt/lib/modules/$2"/modules.* "$0/full"
		exit $status' "$tmp" "$KMOD_DIR/depmod" "$release"
	is_status "a full disk" 1
	err_has "a full disk" 'No space left on device'
	for output in $outputs; do
		cmp -s "$tmp/full/modules.$output" "$tmp/old/modules.$output" ||
			fail "a full disk broke modules.$output"
	done
	set -- "$tmp"/full/*.tmp
	[ ! -e "$1" ] || fail "a full disk: left ${1##*/}"

	ran="depmod on a read-only disk"
	# shellcheck disable=SC2016
	alone 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" &&
		exec "$1" -b "$0" "$2"' "$tmp" "$KMOD_DIR/depmod" "$release"
	is_status "nothing can be written" 1
	err_has "nothing can be written" 'Read-only file system'
	whole "nothing can be written" old
fi

done_testing
