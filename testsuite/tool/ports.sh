#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# ports.sh - modules of 32 and 64 bits, of both byte orders, are read alike on
# every machine, and indexes are the same bytes on every machine.
#
# Needs neither Check nor a library: this is for builds that have nothing else.

. "${top_srcdir:-.}/testsuite/tool/lib.sh"

release=6.6.6
# kind NAME MKMODULE-OPTION...: $tmp/NAME, a tree of modules of that kind.
kind()
{
	root=$tmp/$1
	tree=$root/lib/modules/$release/kernel
	shift
	mkdir -p "$tree/drivers" "$tree/fs"
	printf '%s\n' kernel/lib/none.ko kernel/fs/top-fs.ko \
		kernel/drivers/low.ko >"$tree/../modules.order"
	echo kernel/lib/inside.ko >"$tree/../modules.builtin"
	printf 'inside.alias=is-inside\0inside.license=GPL\0' \
		>"$tree/../modules.builtin.modinfo"
	mkmodule "$@" -m license=GPL -m 'description=the lowest' \
		-m 'parm=size:in bytes' -m parmtype=size:ulong \
		-m 'alias=pci:v0000[89A]0*d*sv*' -m alias=a_name \
		-m alias=char-major-10-200 -m alias=devname:low/dev \
		-x low_call=0x11223344 -x low_data=0x80000001 \
		-i 0102030405060708090a0b0c0d0e0f1011121314 \
		"$tree/drivers/low.ko"
	mkmodule "$@" -m license=GPL -m depends=low -m alias=fs-top \
		-m 'softdep=pre: beside post: none' \
		-x top_call -u low_call -u low_data -u printk \
		-v low_call=0x11223344 -v low_data=0x80000001 \
		"$tree/fs/top-fs.ko"
	mkmodule "$@" -m license=MIT -m depends= \
		-g 'The signer:aa01:bb02cc03' "$tree/beside.ko"
}

# told KIND: what the tools tell about its tree, without its name.
told()
{
	root=$tmp/$1
	run depmod -b "$root" "$release"
	is "$1: depmod" 0 </dev/null
	for file in dep alias symbols softdep devname; do
		echo "== $file"
		grep -v '^#' "$root/lib/modules/$release/modules.$file"
	done
	for file in modinfo:low modinfo:top_fs modinfo:beside modinfo:inside \
		'modprobe:-D top-fs size=1' 'modprobe:-R is-inside' \
		'modprobe:-R pci:v000090FFd1sv2' 'modprobe:-D char-major-10-200' \
		'modprobe:--dump-modversions '"$root/lib/modules/$release/kernel/fs/top-fs.ko"; do
		tool=${file%%:*}
		echo "== $file"
		# shellcheck disable=SC2086 # words
		case $tool in
		modinfo) run modinfo -b "$root" -k "$release" ${file#*:} ;;
		modprobe) run modprobe -C /nothing -d "$root" -S "$release" \
			${file#*:} ;;
		esac
		[ "$status" = 0 ] || echo "status $status"
		sed 's/[[:blank:]]*$//' "$tmp/.out"
	done | sed "s|$root||"
}

kind 64-little
kind 64-big -B
kind 32-little -3
kind 32-big -3 -B

# kmod 30 tells no build id.
if ours; then drop='^$'; else drop=^build-id; fi
grep -v "$drop" >"$tmp/facts" <<'E'
== dep
kernel/fs/top-fs.ko: kernel/drivers/low.ko
kernel/drivers/low.ko:
kernel/beside.ko:
== alias
alias fs-top top_fs
alias pci:v0000[89A]0*d*sv* low
alias a_name low
alias char-major-10-200 low
alias devname:low/dev low
== symbols
alias symbol:low_data low
alias symbol:low_call low
alias symbol:top_call top_fs
== softdep
softdep top_fs pre: beside post: none
== devname
low low/dev c10:200
== modinfo:low
filename:       /lib/modules/6.6.6/kernel/drivers/low.ko
license:        GPL
description:    the lowest
alias:          pci:v0000[89A]0*d*sv*
alias:          a_name
alias:          char-major-10-200
alias:          devname:low/dev
build-id:       01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14
parm:           size:in bytes (ulong)
== modinfo:top_fs
filename:       /lib/modules/6.6.6/kernel/fs/top-fs.ko
license:        GPL
depends:        low
alias:          fs-top
softdep:        pre: beside post: none
== modinfo:beside
filename:       /lib/modules/6.6.6/kernel/beside.ko
license:        MIT
depends:
sig_id:         X509
signer:         The signer
sig_key:        AA:01
sig_hashalgo:   sha256
signature:      BB:02:CC:03
== modinfo:inside
name:           inside
filename:       (builtin)
alias:          is-inside
license:        GPL
== modprobe:-D top-fs size=1
insmod /lib/modules/6.6.6/kernel/drivers/low.ko
insmod /lib/modules/6.6.6/kernel/beside.ko
insmod /lib/modules/6.6.6/kernel/fs/top-fs.ko size=1
== modprobe:-R is-inside
inside
== modprobe:-R pci:v000090FFd1sv2
low
== modprobe:-D char-major-10-200
insmod /lib/modules/6.6.6/kernel/drivers/low.ko
== modprobe:--dump-modversions /lib/modules/6.6.6/kernel/fs/top-fs.ko
0x11223344	low_call
0x80000001	low_data
E

for kind in 64-little 64-big 32-little 32-big; do
	told $kind >"$tmp/$kind.told"
	ran="depmod, modinfo and modprobe on $kind"
	cp "$tmp/facts" "$tmp/.want"
	same "$kind: the same is told" "what is told" "$tmp/$kind.told"
	for index in dep alias symbols builtin builtin.alias; do
		check "$kind: the same modules.$index.bin" cmp \
			"$tmp/64-little/lib/modules/$release/modules.$index.bin" \
			"$tmp/$kind/lib/modules/$release/modules.$index.bin"
	done
done

# Those of kmod 30 have another order.
if ours; then
	ran="depmod on 64-little"
	cat >"$tmp/.want" <<'E'
4269246880 206 modules.alias.bin
3301472857 42 modules.builtin.alias.bin
492201053 33 modules.builtin.bin
500406635 213 modules.dep.bin
3627983511 132 modules.symbols.bin
E
	(cd "$tmp/64-little/lib/modules/$release" && cksum modules.*.bin) \
		>"$tmp/.sums"
	same "indexes are these bytes" cksum "$tmp/.sums"
fi
done_testing
