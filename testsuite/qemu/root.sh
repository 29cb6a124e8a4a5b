#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# root.sh - in the guest, on the disk that the initramfs has found.

cat /run/said
. /check.sh
check "the root is on the disk" grep '^/dev/vda / ext4 ' /proc/mounts
check "the kernel insists on signatures" \
	prints 0 Y cat /sys/module/module/parameters/sig_enforce
check "modprobe on the disk" prints 0 "" modprobe loop
mkdir -p /mnt
check "fs-xfs, by the kernel itself: it calls /sbin/modprobe" sh -c '
	truncate -s 300M /run/disk
	mount -t xfs -o loop /run/disk /mnt 2>/run/why
	grep "^xfs " /proc/modules || { cat /run/why; exit 1; }'

[ "$failed" -eq 0 ]
