#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# demo.sh - in the guest: what a newcomer sees of the tools (see try.sh).
#
#   demo.sh TOOLS FILE COLOUR

PATH=$1:$PATH
file=$2
bold='' blue='' plain=''
if [ "$3" = 1 ]; then
	bold=$(printf '\033[1m') blue=$(printf '\033[36m')
	plain=$(printf '\033[0m')
fi
failed=0

step()
{
	printf '\n%s\n' "$bold$*$plain"
}

show()
{
	echo "$blue\$ $*$plain"
}

# Shows the command, then runs it.
run()
{
	show "$*"
	"$@" || failed=1
}

echo "$1/modprobe" >/proc/sys/kernel/modprobe
cd "/lib/modules/$(uname -r)/kernel" || exit

step 'This is a real kernel, and no module is loaded.'
run uname -sr
run modprobe --version
run lsmod

step 'A module comes after those that it needs; these files are plain.'
run modprobe -v macvtap
run lsmod

step 'What is it?'
run modinfo macvtap

step 'The same with files that are packed: .xz and .zst.'
run ls net/8021q net/802 net/llc
run modprobe -v 8021q
run lsmod

step 'A parameter, and what came of it: two network devices.'
run modprobe dummy numdummies=2
run ls /sys/class/net

step 'One file by its name, packed as .gz or so.'
run insmod "$file"
run ls -l /dev/net/tun

step 'The kernel itself calls our modprobe: a file system that it lacks.'
dd if=/dev/zero of=/run/disk bs=1k count=200 2>/dev/null
mkfs.minix /run/disk >/dev/null
mkdir -p /run/mnt
run modprobe loop
run mount -t minix -o loop /run/disk /run/mnt
run ls -a /run/mnt
run lsmod

step 'What is in use stays.'
show modprobe -r minix
modprobe -r minix && failed=1
run umount /run/mnt

step 'And out again, with all that nothing needs any more.'
run modprobe -rv macvtap 8021q dummy minix loop
run rmmod tun
run lsmod
exit $failed
