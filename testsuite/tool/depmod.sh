#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# depmod.sh - depmod's options, messages and exit status, as far as ours differ
# from kmod's; testsuite/diff/depmod.sh compares what does not.

. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "about what is ours"

release=6.6.6
tree=$tmp/lib/modules/$release
mkdir -p "$tree"
printf 'a.ko\nb.ko\n' >"$tree/modules.order"
: >"$tree/modules.builtin"
: >"$tree/modules.builtin.modinfo"
mkmodule -m alias=both -x a_call=0x1 "$tree/a.ko"
mkmodule -m alias=both -u a_call -u printk "$tree/b.ko"

for old in -q -r -u --root --quiet --map --unresolved-error; do
	run depmod "$old" -b "$tmp" "$release"
	is "$old is accepted" 0 </dev/null
done
run depmod --bogus
is_status "an unknown option" 1
run depmod -b "$tmp" nonsense
says "no version" 1 <<'E'
depmod: ERROR: Bad version passed nonsense
E
run depmod -b "$tmp" 7.7
says "no such tree" 1 <<E
depmod: ERROR: could not open directory $tmp/lib/modules/7.7: No such file or directory
depmod: FATAL: could not search modules: No such file or directory
E
mkdir "$tmp/lib/modules/7.7"
run depmod -b "$tmp" 7.7
is_status "an empty tree" 0
check "an empty tree has an index" test -s "$tmp/lib/modules/7.7/modules.dep.bin"

run depmod -n -b "$tmp" "$release"
cp "$tmp/.out" "$tmp/dry"
for option in -a --all; do
	run depmod $option -n -b "$tmp" "$release"
	is_status "$option" 0
	is_out "$option is the default" <"$tmp/dry"
done
mkdir "$tmp/other"
cp -R "$tmp/lib/modules/$release" "$tmp/other"
run depmod -b "$tmp" --moduledir=/other "$release"
is "--moduledir" 0 </dev/null
check "--moduledir: indexes there" grep -qx 'b.ko: a.ko' \
	"$tmp/other/$release/modules.dep"
echo '0 r .__ksymtab_printk' >"$tmp/dots.map"
run depmod -n -e -F "$tmp/dots.map" -P . -b "$tmp" "$release"
is_status "-P" 0
is_err "-P: the map exports printk" </dev/null
run depmod -n --symbol-prefix=.. -b "$tmp" "$release"
says "-P of two characters" 1 <<'E'
depmod: FATAL: -P only takes a single char
E

# ---- configuration

echo 'exclude b.ko' >"$tmp/x.conf"
run_there()
{
	(cd "$tmp" && run "$@" && echo "$status" >.status)
	status=$(cat "$tmp/.status")
	ran="$*"
}
run_there depmod -n -b "$tmp" -C x.conf "$release"
out_has "-C without a slash" 'a.ko:'
run_there depmod -b '' 7.8
says "an empty root is the current folder" 1 <<E
depmod: ERROR: could not open directory $tmp//lib/modules/7.8: No such file or directory
depmod: FATAL: could not search modules: No such file or directory
E
check "-C without a slash excludes" sh -c "! grep -q ^b.ko '$tmp/.out'"
run depmod -n -b "$tmp" -C "$tmp/nosuch" "$release"
is_status "-C of nothing" 0
err_has "-C of nothing" "WARNING: $tmp/nosuch: No such file or directory"
ran="depmod -C /dev/stdin"
echo 'exclude b.ko' | "$KMOD_DIR/depmod" -n -b "$tmp" -C /dev/stdin "$release" \
	>"$tmp/.out" 2>"$tmp/.err"
status=$?
is_status "-C of a pipe" 0
check "-C of a pipe excludes" sh -c "! grep -q ^b.ko '$tmp/.out'"

# ---- the output

status=0
"$KMOD_DIR/depmod" -n -b "$tmp" "$release" >/dev/full 2>"$tmp/.err" || status=$?
is_status "-n to a full disk" 1
run depmod -n -A -b "$tmp" "$release"
is "-n -A says nothing" 0 </dev/null
mkmodule -m alias=both -m alias=x-y -m alias=x_y "$tree/twice.ko"
run depmod -w -b "$tmp" "$release"
says "-w" 0 <<'E'
depmod: WARNING: duplicate module alias:
x_y twice
E
rm "$tree/twice.ko"

# awk's is in every system.
awk 'BEGIN { for (i = 0; i < 4080; i++) printf "x" }' >"$tmp/long"
long=$(cat "$tmp/long")
mkmodule -m "alias=${long}123456789012345" -m "alias=${long}1234567890123456" \
	"$tree/long.ko"
run depmod -b "$tmp" "$release"
is_status "aliases as long as they may be, and longer" 0
is_err "aliases as long as they may be, and longer" <<E
depmod: WARNING: alias that is longer than 4095 bytes is not indexed: $(
	echo "$long" | cut -c 1-64)
E
rm "$tree/long.ko"

echo 'ffffffffffffffff B The real System.map is in a debug package' >"$tmp/stub"
run depmod -n -e -F "$tmp/stub" -b "$tmp" "$release"
is_status "a stub of a map" 0
is_err "a stub of a map" <<E
depmod: WARNING: $tmp/stub holds no exported symbols: unknown symbols are not reported
E
mkdir "$tree/build"
printf '0x1\tother\tvmlinux\tEXPORT_SYMBOL\n' >"$tree/build/Module.symvers"
run depmod -n -e -F "$tmp/stub" -b "$tmp" "$release"
is_err "Module.symvers in place of a stub" <<E
depmod: WARNING: $tmp/stub holds no exported symbols: using $tree/build/Module.symvers
depmod: WARNING: $tree/b.ko needs unknown symbol printk
E
rm -r "$tree/build"

for option in -E -F; do
	run depmod -n -e $option "$tmp" -b "$tmp" "$release"
	says "$option of a folder" 1 <<E
depmod: FATAL: could not load $tmp: Is a directory
E
done

# ---- corrupt modules

printf '\3757zXZ\0 and then nothing' >"$tree/c.ko.xz"
run depmod -b "$tmp" "$release"
is_status "a corrupt module" 0
check "is named once" test "$(grep -c "failed to load symbols from $tree/c.ko.xz" \
	"$tmp/.err")" = 1
check "and listed" grep -qx 'c.ko.xz:' "$tree/modules.dep"
run depmod -x -b "$tmp" "$release"
is_status "a corrupt module, with -x" 1
check "all is written all the same" grep -qx 'b.ko: a.ko' "$tree/modules.dep"
rm "$tree/c.ko.xz"

printf '\3757zXZ\0' >"$tree/c.ko.xz"
truncate -s 2G "$tree/c.ko.xz"
run depmod -b "$tmp" "$release"
is_status "a module larger than any" 0
err_has "a module larger than any" "failed to load symbols from \
$tree/c.ko.xz: Invalid argument (too large when decompressed)"
rm "$tree/c.ko.xz"

# ---- quick

depmod_is()
{
	before=$(stat -c %i "$tree/modules.dep.bin")
	run depmod -A -b "$tmp" "$release"
	is "quick: $2" 0 </dev/null
	after=$(stat -c %i "$tree/modules.dep.bin")
	case $1 in
	fresh) [ "$before" = "$after" ] ;;
	stale) [ "$before" != "$after" ] ;;
	esac || fail "quick: $2 is not $1"
}

mkdir "$tree/kernel"
mkmodule "$tree/kernel/d.ko"
mkmodule "$tree/kernel/e.ko"
touch -d '1 hour ago' "$tree" "$tree"/*.ko "$tree"/kernel/* "$tree/kernel" \
	"$tree/modules.order" "$tree"/modules.builtin*
run depmod -b "$tmp" "$release"
depmod_is fresh "nothing changed"
rm "$tree/kernel/e.ko"
depmod_is stale "a module went away"
depmod_is fresh "and nothing since"
mv "$tree/kernel/d.ko" "$tree/kernel/f.ko"
depmod_is stale "a module was renamed"
touch "$tree/kernel/f.ko"
depmod_is stale "a module is newer"
touch "$tree/modules.order"
depmod_is stale "the order is newer"
rm "$tree/modules.softdep"
depmod_is stale "an output is gone"
depmod_is fresh "and all is there again"
: >"$tree/modules.alias.bin"
depmod_is stale "an index is empty"
rm "$tree/modules.alias.bin"
mkmodule "$tree/top.ko"
depmod_is stale "an output and a module of the tree's own folder"
rm "$tree/top.ko"
depmod_is stale "that went away again"
mkmodule -m alias=other "$tmp/f.ko"
touch -d '1 hour ago' "$tmp/f.ko"
mv "$tmp/f.ko" "$tree/a.ko"
depmod_is stale "a module was replaced by an older one"
depmod_is fresh "and nothing since then"
mkdir "$tree/updates"
mkmodule -m alias=better "$tree/updates/b.ko"
depmod_is stale "a better module"
echo 'search built-in updates' >"$tmp/search.conf"
run depmod -A -C "$tmp/search.conf" -b "$tmp" "$release"
check "quick: another configuration" grep -q '^b.ko:' "$tree/modules.dep"
run depmod -A -b "$tmp" -o "$tmp/out" "$release"
is "quick, to elsewhere" 0 </dev/null
check "quick: looks where it writes" \
	test -s "$tmp/out/lib/modules/$release/modules.dep.bin"

done_testing
