#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# initramfs.sh - Debian's kernel package is installed and taken away again, and
# initramfs-tools makes an image.

set -u
# shellcheck source=testsuite/clients/lib.sh
. "$top/testsuite/clients/lib.sh"

two_systems "$1" busybox initramfs-tools linux-base strace systemd udev zstd
kernel=$(corpus_root xz) || exit
release=$(corpus_release "$kernel")
deb=$(corpus_archive "linux-image-$release") || exit

# linux-image: its postinst runs depmod and update-initramfs -c.
for side in peer ours; do
	cp "$deb" "$tmp/$side/root/kernel.deb" || exit
done
both dpkg -i /kernel.deb
check "linux-image postinst: status and output" same_text
check "linux-image postinst: it succeeded" succeeded
but="/modules[.]weakdep f "
check "depmod's files are the same, but for modules.weakdep" \
	same_files lib/modules boot
for file in alias dep devname softdep symbols builtin order builtin.modinfo; do
	check "modules.$file is the same" \
		cmp "$peer/lib/modules/$release/modules.$file" \
		"$ours/lib/modules/$release/modules.$file"
done

# The image: names, then bytes.
both unmkinitramfs "/boot/initrd.img-$release" /image
check "the image can be unpacked" succeeded
# Ours obeys all softdep lines of a module, kmod the first: what those name is
# in our image, too (COMPATIBILITY.md: softdep-lines).
# shellcheck disable=SC2016 # for the inner shell
chroot_run "$peer" sh -c '
	awk "seen[\$2]++" "/lib/modules/$1/modules.softdep" | tr " " "\n" |
		grep -vE "^softdep$|:$" | sort -u |
		xargs modprobe -a -S "$1" -C /dev/null --show-depends |
		grep -o "/[^/ ]*[.]ko[.]xz"' sh "$release" 2>/dev/null |
	sort -u >"$tmp/softdeps"
more_softdeps()
{
	same_files image && return
	sed -n 's/^> \(.*\) f 644 $/\1/p' "$check_output" >"$tmp/more"
	[ -s "$tmp/more" ] && ! grep -q '^<' "$check_output" || return 1
	while read -r path; do
		grep -qx "/${path##*/}" "$tmp/softdeps" || return 1
	done <"$tmp/more"
}
but="/modules[.]weakdep f "
check "update-initramfs: the same list of files, and further softdeps" \
	more_softdeps
[ ! -s "$tmp/more" ] || sed 's/^/    only in ours: /' "$tmp/more"
note "$(wc -l <"$tmp/peer.names") names, $(grep -c '[.]ko' "$tmp/peer.names") modules"
check "the tool in it is the one of the system" \
	cmp "$ours/bin/kmod" "$ours/image/usr/bin/kmod"

# What depmod makes differs in layout; kmod's own file is meant to.
# bytes_differ: prints files that differ.
bytes_differ()
{
	(cd "$peer/image" && find . -type f) | grep -vE \
		-e "${skip-/bin/kmod$|/modules[.].*[.]bin$}" |
		while read -r file; do
			cmp -s "$peer/image/$file" "$ours/image/$file" ||
				echo "$file"
		done >"$tmp/differ"
	cat "$tmp/differ"
	[ ! -s "$tmp/differ" ]
}
skip='/bin/kmod$|/modules[.]'
check "and the same bytes, but for kmod and indexes" bytes_differ
unset skip

# Again, as by hand, from a tree without modules.dep, and few modules.
for side in peer ours; do
	root=$tmp/$side/root
	rm -f "$root/lib/modules/$release"/modules.dep*
	echo MODULES=list >"$root/etc/initramfs-tools/conf.d/few"
	cat >"$root/etc/initramfs-tools/modules" <<-END
		# names, aliases, wildcards, parameters, absent modules
		dm-mod
		snd_hda_intel power_save=1
		fs-udf
		crypto-*
		pci:v00008086d0000100Esv*sd*bc*sc*i*
		loop max_loop=3
		ext4
		no-such-module
	END
	echo 'install udf /bin/true' >"$root/etc/modprobe.d/local.conf"
	echo 'blacklist loop' >>"$root/etc/modprobe.d/local.conf"
	rm -rf "$root/image"
done
both mkinitramfs -o /few.img "$release"
check "mkinitramfs without modules.dep, MODULES=list: the same output" same_text
both unmkinitramfs /few.img /image
check "the image can be unpacked" succeeded
check "the same list of files" same_files image
note "$(wc -l <"$tmp/peer.names") names, $(grep -c '[.]ko' "$tmp/peer.names") modules"
check "and the same bytes" bytes_differ
check "modules.dep is back" \
	cmp "$peer/lib/modules/$release/modules.dep" \
	"$ours/lib/modules/$release/modules.dep"

both dpkg -P "linux-image-$release"
check "purged: status and output" same_text
but=
check "and all is gone, or the same is left" same_files lib/modules boot
finish
