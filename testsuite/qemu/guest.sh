#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# guest.sh - the first process of the guest that boot.sh starts, or a service of
# the system there.
#
# The root is its own, in memory or on a disk.  Runs the script in /run, hands
# out the files left in $OUT, ends the machine.

export PATH=/sbin:/bin:/usr/sbin:/usr/bin HOME=/run LC_ALL=C OUT=/out

# An initramfs may have done it before us.
[ -e /proc/self ] || mount -n -t proc proc /proc
for mount in sysfs:sys devtmpfs:dev tmpfs:run tmpfs:tmp; do
	grep -q " /${mount#*:} " /proc/mounts ||
		mount -n -t "${mount%:*}" "${mount%:*}" "/${mount#*:}"
done
exec </dev/null >/dev/ttyS1 2>&1
for line in /dev/ttyS1 /dev/ttyS2; do
	stty raw -echo <$line
done

eval "set -- $(cat /arguments)"
cd /run || exit
/script "$@"
echo $? >/out/status
tar -cf - -C /out . | cat >/dev/ttyS2
# The last close waits until the line has sent everything; a machine that is
# switched off does not.
exec >/dev/null 2>&1
sync
echo o >/proc/sysrq-trigger
# The kernel needs a moment, and must not see its first process end.
sleep 60
