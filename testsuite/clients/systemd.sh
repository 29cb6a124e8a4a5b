#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# systemd.sh - Debian boots: its kernel, initramfs-tools, udev, systemd.
#
# Once with kmod, once with ours, emulated.  What both systems tell of themselves
# (system-guest.sh) is compared.  udev and systemd-modules-load use libkmod,
# which reads our indexes.

set -u
# shellcheck source=testsuite/clients/lib.sh
. "$top/testsuite/clients/lib.sh"
# shellcheck source=testsuite/qemu/tree.sh
. "$top/testsuite/qemu/tree.sh"

two_systems "$1" busybox initramfs-tools linux-base strace systemd udev zstd
kernel=$(corpus_root xz) || exit
release=$(corpus_release "$kernel")

prepare()
{
	root=$tmp/$1/root
	mkdir -p "$root/lib/modules" &&
		cp -a "$kernel/lib/modules/$release" "$root/lib/modules" &&
		cp "$kernel/boot/config-$release" "$root/boot" &&
		rm "$root/lib/modules/$release"/modules.dep* || exit
	echo MODULES=list >"$root/etc/initramfs-tools/conf.d/few"
	printf '%s\n' virtio_pci virtio_blk ext4 >"$root/etc/initramfs-tools/modules"
	cat >"$root/etc/modules-load.d/test.conf" <<-'END'
		# what systemd-modules-load finds at boot
		loop
		fs-minix
		dummy
		; a blacklisted one, one with an install line, one that is not there
		veth
		brd
		no-such-module
	END
	cat >"$root/etc/modprobe.d/test.conf" <<-'END'
		options loop max_loop=5
		options dummy numdummies=3
		blacklist veth
		install brd /sbin/modprobe -i brd rd_nr=2
	END
}
prepare peer
prepare ours
# shellcheck disable=SC2016 # for the inner shell
both sh -c 'depmod "$1" && mkinitramfs -o /initrd "$1"' sh "$release"
check "depmod, mkinitramfs" succeeded
for side in peer ours; do
	# What loads the list once more: ours does it, too.
	set -- /lib/systemd/systemd-modules-load
	[ "$side" = peer ] || [ "$build" = peer ] ||
		set -- modprobe --modules-load
	mv "$tmp/$side/root/initrd" "$tmp/$side.initrd" || exit
	"$top/testsuite/qemu/boot.sh" -t 1500 -o "$tmp/$side.boot" \
		-i "$tmp/$side.initrd" -d "$tmp/$side/root" \
		"$top/testsuite/clients/system-guest.sh" "$@" \
		>"$tmp/$side.said" 2>"$tmp/$side.why"
	echo $? >"$tmp/$side.code"
	check "$side: it boots, and the script runs to its end" \
		boots "$side"
done
for fact in $(cd "$tmp/ours.boot" && ls fact.*); do
	check "the same: ${fact#fact.}" \
		diff "$tmp/peer.boot/$fact" "$tmp/ours.boot/$fact"
done
for side in peer ours; do
	(cd "$tmp/$side.boot" && ls) >"$tmp/$side.facts"
done
check "the same number of facts" cmp "$tmp/peer.facts" "$tmp/ours.facts"
# And they are not empty.
check "the service wrote nodes" grep -c '^c! /dev/loop-control' \
	"$tmp/ours.boot/fact.static-nodes.conf"
check "the boot list was loaded" \
	grep -c -x -e loop -e minix -e dummy "$tmp/ours.boot/fact.lsmod"
[ "${SHOW-}" = '' ] || tail -n 100 "$tmp/ours.boot"/fact.*
finish
