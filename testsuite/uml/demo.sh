#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# demo.sh - in the guest: shows the tools to a new user (see try.sh).
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

step 'A real kernel, without modules.'
run uname -sr
run modprobe --version
run lsmod

step 'modprobe loads a module after its dependencies.'
run modprobe -v macvtap
run lsmod

step 'modinfo describes a module.'
run modinfo macvtap

step 'The same with compressed modules: .xz and .zst.'
run ls net/8021q net/802 net/llc
run modprobe -v 8021q
run lsmod

step 'A parameter and its effect: two network devices.'
run modprobe dummy numdummies=2
run ls /sys/class/net

step 'insmod loads one file, here a compressed one.'
run insmod "$file"
run ls -l /dev/net/tun

step 'The kernel runs our modprobe when it needs a file system.'
dd if=/dev/zero of=/run/disk bs=1k count=200 2>/dev/null
mkfs.minix /run/disk >/dev/null
mkdir -p /run/mnt
run modprobe loop
run mount -t minix -o loop /run/disk /run/mnt
run ls -a /run/mnt
run lsmod

step 'A module that is in use is not removed.'
show modprobe -r minix
modprobe -r minix && failed=1
run umount /run/mnt

step 'modprobe -r removes the dependencies that nothing uses any more.'
run modprobe -rv macvtap
run modprobe -r 8021q dummy minix loop
run rmmod tun
run lsmod

step 'A masked module is not loaded, not even as a dependency.'
show "echo 'mask llc' >/etc/modprobe.d/mask.conf"
echo 'mask llc' >/etc/modprobe.d/mask.conf
show modprobe 8021q
modprobe 8021q && failed=1
run modprobe --check-policy 8021q
rm /etc/modprobe.d/mask.conf
exit $failed
