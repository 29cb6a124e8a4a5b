#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# calls.sh - every line "$ ..." of the file calls, in both systems.

set -u
# shellcheck source=testsuite/clients/lib.sh
. "$top/testsuite/clients/lib.sh"
# shellcheck source=testsuite/qemu/tree.sh
. "$top/testsuite/qemu/tree.sh"

two_systems "$1" busybox initramfs-tools linux-base strace systemd udev zstd
kernel=$(corpus_root xz) && headers=$(corpus_headers "$(corpus_release "$kernel")") ||
	exit
release=$(corpus_release "$kernel")

# Nothing here runs the kernel whose modules these are: it has them by name.
prepare()
{
	root=$tmp/$1/root
	mkdir -p "$root/lib/modules" "$root/work/calls" &&
		cp -a "$kernel/lib/modules/$release" "$root/lib/modules" &&
		ln -s "$release" "$root/lib/modules/$(uname -r)" &&
		cp "$kernel/boot/System.map-$release" "$root/boot/System.map" &&
		cp "$headers/Module.symvers" "$root/work/symvers" &&
		qemu_tree "$kernel" "$root/tree" ext4 xfs btrfs dm-mod loop tg3 \
			8021q >/dev/null &&
		cp "$tmp/calls"/* "$root/work/calls" || exit
}

mkdir "$tmp/calls" || exit
split_calls '$' "$tmp/calls"
cat >"$tmp/calls/all" <<'END'
V=$1
export V
cd /work
depmod $V || exit
for call in $(cd calls && ls | grep -E '^[0-9]+$' | sort -n); do
	sh "calls/$call" >"calls/$call.out" 2>"calls/$call.err" </dev/null
	echo $? >"calls/$call.code"
done
END
prepare peer
prepare ours
both sh /work/calls/all "$release"
check "all calls were made" succeeded
for call in $(cd "$tmp/calls" && printf '%s\n' [0-9]* | sort -n | grep -v '[.]'); do
	compare_call "$peer/work/calls/$call" "$ours/work/calls/$call"
done
finish
