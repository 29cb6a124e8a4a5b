#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# examples.sh - in the guest: does what the manual pages have as examples.
#
#   examples.sh TOOLS PAGES
#
# On a system as the examples take for granted: modules loaded, a network card,
# another root, an image, a file just built.  An example must end with 0 (1 is
# right for a grep that finds nothing) and complain of nothing.

tools=$1
pages=$2
here=$(cd "$(dirname "$0")" && pwd)
PATH=$tools:$PATH
quiet=yes
# shellcheck source=testsuite/lib/check.sh
. "$here/../lib/check.sh"
tree=/lib/modules/$(uname -r)

# What the guest does not have: systemd, and a file that holds its kernel.
absent='^journalctl|--keyring=builtin'

writable_tree()
{
	mkdir -p /run/tree /run/kernel || return
	cp "$tree"/modules.* /run/tree || return
	mkdir /run/tree/kernel
	mount --bind "$tree/kernel" /run/tree/kernel &&
		mount --rbind /run/tree "$tree"
}

network_card()
{
	alias=$(awk '$1 == "alias" && $2 !~ /[[?*]/ { print $2; exit }' \
		"$tree/modules.alias")
	mount -t tmpfs none /sys/class/net && mkdir -p /sys/class/net/eth0/device &&
		echo "$alias" >/sys/class/net/eth0/device/modalias &&
		mount -t tmpfs none /sys/bus && mkdir -p /sys/bus/pci/devices/0 &&
		echo "$alias" >/sys/bus/pci/devices/0/modalias
}

# other ROOT RELEASE: a small tree there.
other()
{
	[ ! -L "/${1#/}" ] || rm "/${1#/}"
	mkdir -p "$1/lib/modules/$2" &&
		cp "$tree/kernel/drivers/net/dummy.ko" \
			"$1/lib/modules/$2/xfs.ko" &&
		: >"$1/lib/modules/$2/modules.builtin" &&
		: >"$1/lib/modules/$2/modules.order" &&
		: >"$1/lib/modules/$2/modules.builtin.modinfo" &&
		depmod -b "$1" "$2"
}

prepare()
{
	writable_tree && network_card && other /mnt 6.1.0-13-amd64 || return
	rm -f /srv && other /srv/image 6.12.1 && other / 6.12.1 || return
	rm -f /usr/src /opt && mkdir -p /usr/src/linux /opt/modules || return
	depmod -n -e -E /dev/null 6.12.1 2>&1 >/dev/null |
		sed -n 's/.* unknown symbol \(.*\)/0x00000000\t\1\tvmlinux\tEXPORT_SYMBOL\t/p' \
			>/usr/src/linux/Module.symvers
	mkdir -p /run/tmpfiles.d /run/here && cd /run/here &&
		cp "$tree/kernel/drivers/net/dummy.ko" hello.ko &&
		mkdir /run/tree/updates && cp hello.ko /run/tree/updates &&
		openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=MOK \
			-keyout MOK.priv -outform DER -out MOK.der 2>/run/err
}

# Each example finds the same.
reset()
{
	rmmod dummy 2>/dev/null
	rm -f /etc/modprobe.d/*
	modprobe -a loop tun ip_tables
	echo 'install usb-storage /bin/false' >/etc/modprobe.d/usb.conf
}

# attempt PAGE COMMAND
attempt()
{
	reset
	sh -c "$2" >/run/out 2>/run/err
	status=$?
	case $status:$2 in
	0:* | 1:*'| grep '* | 1:'grep '*) ;;
	*) complain "$1" "$2" "status $status"; return ;;
	esac
	if [ -s /run/err ]; then
		complain "$1" "$2" "it complains"
	else
		ok "$1: $2"
	fi
}

complain()
{
	not_ok "$1: $2: $3"
	sed 's/^/    /' /run/err /run/out | head -n 12
}

if ! prepare; then
	not_ok "the system for the examples could not be made"
	exit 1
fi
echo "@ ready"
for page in "$pages"/*.scd; do
	name=$(basename "$page" .scd)
	case $name in
	libmod.3) continue ;; # a program: testsuite/tool/examples.sh
	kmod-json.5) awk -v all=1 -f "$here/examples.awk" "$page" >/run/list ;;
	*.d.5)
		rm -rf /run/files && mkdir /run/files
		awk -v files=/run/files -f "$here/examples.awk" "$page" >/run/list
		for file in /run/files/*; do
			case $name in
			modprobe.d.5) check="modprobe -C $file -c" ;;
			*) check="depmod -n -C $file" ;;
			esac
			attempt "$name" "$check"
		done
		;;
	*) awk -f "$here/examples.awk" "$page" >/run/list ;;
	esac
	while read -r command <&4; do
		if echo "$command" | grep -Eq -e "$absent"; then
			echo "not here: $name: $command"
		else
			attempt "$name" "$command"
		fi
	done 4</run/list
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 20 ]
