#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# image.sh - an initramfs as a Debian system makes it, with other module tools.
#
#   image.sh KMOD OUT
#
# In a chroot with initramfs-tools and kernel 6.12, KMOD is put in the place of
# /bin/kmod, and mkinitramfs writes the image OUT (MODULES=most).  Nothing tells
# it about us: it copies what ldd lists.  jbd2 is .ko.zst there and mbcache
# .ko.gz; so who mounts an ext4 root has decompressed both.  initramfs.sh runs as a
# script of the image, of the kind init-bottom.  Needs root.

set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
# shellcheck source=scripts/lib/packages.sh
. "$top/scripts/lib/packages.sh"
# shellcheck source=testsuite/lib/corpus.sh
. "$top/testsuite/lib/corpus.sh"
# shellcheck source=testsuite/lib/chroot.sh
. "$top/testsuite/lib/chroot.sh"
# shellcheck source=testsuite/qemu/tree.sh
. "$here/tree.sh"
chroot_private "$here/image.sh" "$@"

tmp=$(mktemp -d) || exit
trap 'chroot_remove "$tmp/new"; rm -rf --one-file-system "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
base=$(chroot_base busybox initramfs-tools kmod linux-base strace systemd \
	udev zstd) &&
	chroot_copy "$base" "$tmp/new" && kernel=$(corpus_root xz) || exit
root=$tmp/new/root
release=$(corpus_release "$kernel")
modules=$root/lib/modules/$release

rm "$root/bin/kmod" && install -m 755 "$1" "$root/bin/kmod" &&
	mkdir -p "$root/lib/modules" &&
	cp -a "$kernel/lib/modules/$release" "$modules" &&
	cp "$kernel/boot/config-$release" "$root/boot" &&
	rm -f "$modules"/modules.dep* &&
	qemu_repack zst "$modules/kernel/fs/jbd2/jbd2.ko.xz" &&
	qemu_repack gz "$modules/kernel/fs/mbcache.ko.xz" &&
	qemu_repack ko "$modules/kernel/drivers/net/dummy.ko.xz" &&
	objcopy --strip-debug "$modules/kernel/drivers/net/dummy.ko" || exit

# What initramfs.sh wants.
cat >"$root/etc/initramfs-tools/hooks/strace" <<'END' &&
#!/bin/sh
[ "$1" != prereqs ] || exit 0
. /usr/share/initramfs-tools/hook-functions
copy_exec /usr/bin/strace /bin
cp /etc/initramfs-tools/check.sh "$DESTDIR"
manual_add_modules 8021q brd dummy loop
END
	chmod 755 "$root/etc/initramfs-tools/hooks/strace" &&
	cat "$top/testsuite/lib/check.sh" "$here/check.sh" \
		>"$root/etc/initramfs-tools/check.sh" &&
	install -m 755 "$here/initramfs.sh" \
		"$root/etc/initramfs-tools/scripts/init-bottom/check" || exit

chroot_run "$root" mkinitramfs -o /image "$release" && cp "$root/image" "$2"
