#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# depmod-trees.sh - depmod on odd trees; the outputs, byte for byte.

. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "about what is ours"

release=6.6.6

# tree NAME: an empty one, in $root and $tree
tree()
{
	root=$tmp/$1
	tree=$root/lib/modules/$release
	mkdir -p "$tree"
	: >"$tree/modules.order"
	: >"$tree/modules.builtin"
	: >"$tree/modules.builtin.modinfo"
}

# equal TITLE TEXT TEXT
equal()
{
	[ "$2" = "$3" ] || fail "$1: $2, not $3"
}

# is_hex TITLE FILE: the bytes that standard input names
is_hex()
{
	equal "$1" "$(od -An -v -tx1 "$2" | tr -d ' \n')" \
		"$(tr -d ' \t\n')"
}

# ---- a bit of everything, text and index

tree vector
mkdir -p "$tree/kernel/a" "$tree/kernel/b" "$tree/kernel/c" "$tree/extra"
mkmodule -m 'alias=pci:v00008086d*' -m alias=fs-alpha \
	-m alias=char-major-10-99 -m alias=devname:alpha/ctl \
	-m 'softdep=pre: beta' -m weakdep=gamma -x alpha_fn -x alpha_two \
	-u beta_fn -u printk "$tree/kernel/a/alpha.ko"
mkmodule -m 'alias=usb:v1234p[0-9a-f]*' -x beta_fn -u gamma_fn \
	"$tree/kernel/b/beta-x.ko"
mkmodule -m 'alias=acpi*:FOO-1:*' -m 'softdep=pre: x post: y' -x gamma_fn \
	-u printk "$tree/kernel/c/gamma.ko"
mkmodule -u alpha_fn -u gamma_fn "$tree/extra/delta.ko"
printf 'kernel/c/gamma.ko\nkernel/b/beta-x.ko\n' >"$tree/modules.order"
printf 'built_one.alias=of:N*T*Cfoo,bar\0two.alias=pci:v[12]-x\0' \
	>"$tree/modules.builtin.modinfo"
run depmod -n -b "$root" "$release"
is "the texts" 0 <<'E'
kernel/c/gamma.ko:
kernel/b/beta-x.ko: kernel/c/gamma.ko
extra/delta.ko: kernel/a/alpha.ko kernel/b/beta-x.ko kernel/c/gamma.ko
kernel/a/alpha.ko: kernel/b/beta-x.ko kernel/c/gamma.ko
# Aliases extracted from modules themselves.
alias acpi*:FOO-1:* gamma
alias usb:v1234p[0-9a-f]* beta_x
alias pci:v00008086d* alpha
alias fs-alpha alpha
alias char-major-10-99 alpha
alias devname:alpha/ctl alpha
# Soft dependencies extracted from modules themselves.
softdep gamma pre: x post: y
softdep alpha pre: beta
# Weak dependencies extracted from modules themselves.
weakdep alpha gamma
# Aliases for symbols, used by symbol_request().
alias symbol:gamma_fn gamma
alias symbol:alpha_fn alpha
alias symbol:alpha_two alpha
alias symbol:beta_fn beta_x
# Device nodes to trigger on-demand module loading.
alpha alpha/ctl c10:99
E
run depmod -v -b "$root" "$release"
is "who needs whom" 0 <<E
$tree/kernel/b/beta-x.ko needs "gamma_fn": $tree/kernel/c/gamma.ko
$tree/extra/delta.ko needs "alpha_fn": $tree/kernel/a/alpha.ko
$tree/extra/delta.ko needs "gamma_fn": $tree/kernel/c/gamma.ko
$tree/kernel/a/alpha.ko needs "beta_fn": $tree/kernel/b/beta-x.ko
E
is_hex "an index of aliases" "$tree/modules.builtin.alias.bin" <<'E'
b007f457 00020001 2000000c
6f 70 c0000016 c0000037
663a4e2a542a43666f6f2c62617200 00000001 00000000 6275696c745f6f6e6500
63693a765b31325d5f7800 00000001 00000000 74776f00
E
is_hex "an empty index" "$tree/modules.builtin.bin" <<'E'
b007f457 00020001 0000000c
E

tree shape
for name in lz loop lo; do
	printf '%s.ko\n' "$name"
done >"$tree/modules.order"
mkmodule "$tree/lz.ko"
mkmodule -x lo_fn "$tree/lo.ko"
mkmodule -u lo_fn "$tree/loop.ko"
printf 'lz.ko\nlo.ko\nloop.ko\n' >"$tree/modules.order"
run depmod -b "$root" "$release"
is "three names" 0 </dev/null
is_hex "an index of names" "$tree/modules.dep.bin" <<'E'
b007f457 00020001 2000000c
6c6c 20000012
6f7a 60000044 00000000 00000000 00000000 00000000 00000000
	00000000 00000000 00000000 00000000 00000000 40000072
6f6f c0000059 00000001 00000001 6c6f2e6b6f3a00
7000 00000001 00000002 6c6f6f702e6b6f3a206c6f2e6b6f00
00000001 00000000 6c7a2e6b6f3a00
E

# ---- compressed in all ways, and named otherwise than compressed

plain_names()
{
	sed 's/\.ko\.[a-z]*/.ko/g' "$tmp/.out"
}

if can gzip ZLIB && can xz XZ && can zstd ZSTD; then
	root=$tmp/vector tree=$tmp/vector/lib/modules/$release
	run depmod -n -b "$root" "$release"
	cp "$tmp/.out" "$tmp/plain"
	gzip -n "$tree/kernel/a/alpha.ko"
	xz --check=crc32 "$tree/kernel/b/beta-x.ko"
	zstd -q --rm "$tree/kernel/c/gamma.ko"
	for jobs in 1 2 3 16; do
		run depmod -n -j "$jobs" -b "$root" "$release"
		is_status "all packings, -j $jobs" 0
		is_err "all packings, -j $jobs" </dev/null
		plain_names >"$tmp/packed"
		check "all packings say the same, -j $jobs" \
			cmp "$tmp/plain" "$tmp/packed"
	done
	mv "$tree/kernel/a/alpha.ko.gz" "$tree/kernel/a/alpha.ko"
	mv "$tree/kernel/b/beta-x.ko.xz" "$tree/kernel/b/beta-x.ko.zst"
	run depmod -n -b "$root" "$release"
	plain_names >"$tmp/packed"
	check "packed otherwise than named" cmp "$tmp/plain" "$tmp/packed"
fi

# ---- foreign machines, side by side

tree foreign
mkmodule -3 -x low=0x11 -m alias=a32 "$tree/a.ko"
mkmodule -B -x big=0x22 -u low -v low=0x11 -m alias=b64 "$tree/b.ko"
mkmodule -3 -B -u big -v big=0x22 -m alias=c32 "$tree/c.ko"
printf 'a.ko\nb.ko\nc.ko\n' >"$tree/modules.order"
: >"$tmp/none"
echo '0x1 other vmlinux EXPORT_SYMBOL' >"$tmp/symvers"
run depmod -n -e -E "$tmp/symvers" -b "$root" "$release"
is_status "foreign modules" 0
is_err "foreign modules: CRCs agree" </dev/null
out_has "foreign modules" 'c.ko: b.ko a.ko'

# ---- links

tree links
mkdir -p "$tree/kernel/x" "$tmp/away"
mkmodule -m alias=real "$tree/kernel/x/real.ko"
mkmodule -m alias=away "$tmp/away/away.ko"
ln -s . "$tree/kernel/self"
ln -s ../../kernel "$tree/kernel/x/up"
ln -s "$tmp/away" "$tree/kernel/away"
ln -s a "$tree/kernel/b"
ln -s b "$tree/kernel/a"
ln -s nowhere.ko "$tree/kernel/dangling.ko"
run depmod -b "$root" "$release"
is_status "links" 0
equal "links to folders are followed, rings are not" \
	"$(sort "$tree/modules.dep" | tr '\n' ' ')" \
	"kernel/away/away.ko: kernel/x/real.ko: "
for what in self x/up; do
	err_has "a ring is told" "WARNING: $tree/kernel/$what: a link to"
done
for what in dangling.ko a b; do
	err_has "a link to nothing is told" "fstatat($tree/kernel/$what):"
done

# A tree that is a link to itself has no cycles of modules to tell of.
mkdir -p "$tmp/itself/lib/modules"
ln -s "$release" "$tmp/itself/lib/modules/$release"
run depmod -b "$tmp/itself" "$release"
is_status "a tree that is a link to itself" 1
err_has "a tree that is a link to itself" \
	"directory $tmp/itself/lib/modules/$release: Too many levels of symbolic links"
run depmod -b "$root" -o "$tmp/itself" "$release"
is_status "it cannot be written to" 1
err_has "it cannot be written to" 'Too many levels of symbolic links'

# ---- more than 65 535

tree many
mkmodule -m alias=all -x one_fn "$tree/one.ko"
mkmodule -m alias=all -u one_fn -l 66000 "$tree/m.ko"
run depmod -b "$root" "$release"
is "66 002 modules" 0 </dev/null
equal "all are listed" "$(wc -l <"$tree/modules.dep")" 66002
equal "with what they need" "$(grep -c ': one.ko$' "$tree/modules.dep")" \
	66001
run modprobe -d "$root" -S "$release" -D m65999
is "one of them is found" 0 <<E
insmod $tree/one.ko 
insmod $tree/m65999.ko 
E
rm -rf "$root"

# ---- where there is no /proc

root=$tmp/vector tree=$tmp/vector/lib/modules/$release
run depmod -b "$root" "$release"
cp "$tree/modules.dep.bin" "$tmp/dep.bin"
rm "$tree/modules.dep.bin"
# The address sanitizer reads its options in /proc.
if [ -z "${sanitizers:-}" ] &&
	unshare -rm mount -t tmpfs none /proc 2>/dev/null; then
	ran="depmod without /proc"
	# shellcheck disable=SC2016 # the inner shell expands
	unshare -rm sh -c 'mount -t tmpfs none /proc && exec "$@"' sh \
		"$KMOD_DIR/depmod" -b "$root" "$release" \
		>"$tmp/.out" 2>"$tmp/.err" </dev/null
	status=$?
	is "without /proc" 0 </dev/null
	check "without /proc all is written" \
		cmp "$tree/modules.dep.bin" "$tmp/dep.bin"
fi

# ---- with nobody to talk to

for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
	rm "$tree/modules.dep.bin"
	ran="depmod -v $closed"
	eval '"$KMOD_DIR/depmod" -v -b "$root" "$release" ' \
		">\"$tmp/.out\" 2>\"$tmp/.err\" </dev/null $closed"
	check "$closed: the index is whole" \
		cmp "$tree/modules.dep.bin" "$tmp/dep.bin"
done

# ---- who waits sees that it goes on, but not at once and not in a file

if command -v script >/dev/null && command -v strace >/dev/null &&
	strace -o /dev/null -e trace=none true 2>/dev/null; then
	tree slow
	mkmodule -l 150 "$tree/m.ko"
	slow="strace -f -qq -o /dev/null -e trace=openat -e signal=none
		-P m140.ko -e inject=openat:delay_enter=1500000"
	# typescript FILE COMMAND: what a terminal gets
	typescript()
	{
		file=$1
		shift
		unleaked script -qec "$*" /dev/null </dev/null >"$file"
	}
	typescript "$tmp/seen" "$KMOD_DIR/depmod" -n -j 1 -b "$root" "$release" \
		'>/dev/null'
	check "a quick run shows nothing" test ! -s "$tmp/seen"
	# shellcheck disable=SC2086 # words
	typescript "$tmp/seen" $slow "$KMOD_DIR/depmod" -n -j 1 -b "$root" \
		"$release" '>/dev/null'
	check "a slow one does" grep -q 'of 151 modules read' "$tmp/seen"
	tail -c 4 "$tmp/seen" >"$tmp/end"
	is_hex "and takes it away" "$tmp/end" <<'E'
0d 1b 5b 4b
E
	# shellcheck disable=SC2086
	unleaked $slow "$KMOD_DIR/depmod" -n -j 1 -b "$root" "$release" \
		>/dev/null 2>"$tmp/.err"
	check "a file gets none of it" test ! -s "$tmp/.err"
fi

done_testing
