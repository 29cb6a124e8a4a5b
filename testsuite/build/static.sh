#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# static.sh - the tools of --enable-static-tools need nothing: they work in a
# directory that has no other file than a module tree.  (A test of such builds.)

. "${top_srcdir:-.}/testsuite/tool/lib.sh"
[ -z "${sanitizers:-}" ] || skip "they bring libraries of their own"

program=$top_builddir/src/kmod
ran="readelf $program"
readelf -lWd "$program" >"$tmp/.out" 2>&1
ok "it names no library and no loader" \
	sh -c "! grep -E 'INTERP|NEEDED' '$tmp/.out'"

root=$tmp/rescue release=6.6.6
tree=$root/lib/modules/$release
mkdir -p "$root/bin" "$root/proc" "$tree/kernel" "$root/etc/modprobe.d"
cp "$program" "$root/bin/kmod"
for tool in depmod insmod lsmod modinfo modprobe rmmod; do
	ln -s kmod "$root/bin/$tool"
done
mkmodule -m license=GPL -m alias=fs-low -x low_call=0x1 "$tree/kernel/low.ko"
mkmodule -m license=GPL -m depends=low -u low_call "$tree/kernel/top.ko"
: >"$tree/modules.order"
: >"$tree/modules.builtin"
: >"$tree/modules.builtin.modinfo"
echo 'options low size=4' >"$root/etc/modprobe.d/low.conf"
packed=
for codec in xz:XZ zstd:ZSTD gzip:ZLIB; do
	can ${codec%:*} ${codec#*:} || continue
	codec=${codec%:*}
	mkmodule -m license=GPL -m "alias=by-$codec" "$tree/kernel/$codec.ko"
	$codec -q "$tree/kernel/$codec.ko"
	rm -f "$tree/kernel/$codec.ko"
	packed="$packed $codec"
done

# rescue TOOL ARG...: as its only program.
rescue()
{
	ran="$*"
	name=$1
	shift
	unleaked unshare -r chroot "$root" "/bin/$name" "$@" \
		>"$tmp/.out" 2>"$tmp/.err" </dev/null
	status=$?
}
unshare -r true 2>/dev/null || skip "no user namespaces here"

rescue depmod "$release"
is "depmod" 0 </dev/null
rescue modprobe -S "$release" -D top
is "modprobe" 0 <<E
insmod /lib/modules/$release/kernel/low.ko size=4 
insmod /lib/modules/$release/kernel/top.ko 
E
rescue modprobe -S "$release" -R fs-low
is "modprobe of an alias" 0 <<E
low
E
for codec in $packed; do
	rescue modinfo -k "$release" -F alias "$codec"
	is "modinfo of what $codec packed" 0 <<E
by-$codec
E
	rescue modprobe -S "$release" -R "by-$codec"
	is "depmod of what $codec packed" 0 <<E
$codec
E
done
rescue insmod "/lib/modules/$release/kernel/low.ko" # refused, or unknown
is_status "insmod without the right to" 1
err_has "insmod without the right to" 'insmod: ERROR: could not insert module'
rescue lsmod
is_status "lsmod without /proc" 1
rescue kmod --version
out_has "kmod" "kmod version"

done_testing
