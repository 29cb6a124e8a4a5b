#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# dracut.sh - Debian's kernel package is installed beside dracut, which makes
# the image; and dracut alone, as by hand.
#
# dracut-install and udev use libkmod, not the tools: they read our indexes.

set -u
# shellcheck source=testsuite/clients/lib.sh
. "$top/testsuite/clients/lib.sh"

two_systems "$1" dracut linux-base systemd zstd
kernel=$(corpus_root xz) || exit
release=$(corpus_release "$kernel")
deb=$(corpus_archive "linux-image-$release") || exit

# It counts files (modules.weakdep is one more), and seconds; its directory has a
# name by chance.
by_chance='/^dracut: \(Files\|Duration\): /d
	s|/var/tmp/dracut[.][A-Za-z0-9]*/|/var/tmp/dracut/|'

for side in peer ours; do
	cp "$deb" "$tmp/$side/root/kernel.deb" || exit
done
# The kernel that runs here is another one.
for side in peer ours; do
	echo 'hostonly="no"' >"$tmp/$side/root/etc/dracut.conf.d/here.conf"
done
both dpkg -i /kernel.deb
check "linux-image postinst, with dracut: it succeeded" succeeded
check "and the same output" same_text -e "$by_chance"
but="/modules[.]weakdep f "
check "depmod's files are the same, but for modules.weakdep" \
	same_files lib/modules
both sh -c 'ls /boot'
check "the same files in /boot" same_text

image=boot/initrd.img-$release
# shellcheck disable=SC2016 # for the inner shell
both sh -c 'mkdir /image && cd /image && lsinitrd --unpack "/$1"' sh "$image"
check "the image can be unpacked" succeeded
but="/modules[.]weakdep f "
check "dracut: the same list of files" same_files image
note "$(wc -l <"$tmp/peer.names") names, $(grep -c '[.]ko' "$tmp/peer.names") modules"
check "the tool in it is the one of the system" \
	cmp "$ours/bin/kmod" "$ours/image/usr/bin/kmod"

# A few modules by name, an alias in modprobe.d, no modules.dep: dracut says so.
for side in peer ours; do
	root=$tmp/$side/root
	rm -rf "$root/image"
	echo 'blacklist loop' >"$root/etc/modprobe.d/local.conf"
	echo 'install udf /bin/true' >>"$root/etc/modprobe.d/local.conf"
done
both dracut --force --no-hostonly --kver "$release" -m 'base dm kernel-modules' \
	--add-drivers 'xfs loop nvme no-such-module' --install modinfo /few.img
check "dracut -m, --add-drivers: it succeeded" succeeded
check "and the same output" same_text -e "$by_chance"
both sh -c 'mkdir /image && cd /image && lsinitrd --unpack /few.img'
check "the image can be unpacked" succeeded
check "the same list of files" same_files image
note "$(wc -l <"$tmp/peer.names") names, $(grep -c '[.]ko' "$tmp/peer.names") modules"

# dracut-init.sh asks so, with --kmoddir and where kmod is not in the PATH.
# shellcheck disable=SC2016 # for the inner shell
both bash -c '. /usr/lib/dracut/dracut-functions.sh
	vercmp "$(modprobe --version | cut -d" " -f3)" lt 3.7
	echo $?
	vercmp "$(modprobe --version | cut -d" " -f3)" ge 30
	echo $?'
# shellcheck disable=SC2016 # for the inner shell
check "dracut compares the version, and has no words for it" \
	sh -c 'grep -c . "$0/peer.out"; ! grep . "$0/ours.err"' "$tmp"
check "dracut: as new as it wants" same_text

for side in peer ours; do
	rm "$tmp/$side/root/lib/modules/$release/modules.dep"
done
both dracut --force --kver "$release" /none.img
check "without modules.dep: the same words" same_text

both dpkg -P "linux-image-$release"
check "purged: status and output" same_text
but=
check "and all is gone, or the same is left" same_files lib/modules boot
finish
