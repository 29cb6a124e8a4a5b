#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# system-guest.sh - in the guest of systemd.sh: the state of the system, a file in
# $OUT for each fact.
#
#   system-guest.sh COMMAND...
#
# COMMAND loads the modules listed for boot once more.

# fact NAME COMMAND...
fact()
{
	name=$1
	shift
	"$@" >"$OUT/fact.$name" 2>&1 </dev/null
	echo "exit $?" >>"$OUT/fact.$name"
}

udevadm settle
fact modprobe-path cat /proc/sys/kernel/modprobe
fact static-nodes.conf cat /run/tmpfiles.d/static-nodes.conf
fact static-nodes systemctl show -p ActiveState -p Result -p ExecMainStatus \
	kmod-static-nodes
fact modules-load systemctl show -p ActiveState -p Result -p ExecMainStatus \
	systemd-modules-load
# The service's own lines by their identifier: a process may end before journald
# finds out its unit, as -u would need.  Those of systemd name the unit.  Who
# loads loop, this service or modprobe@loop, depends on time.
journalctl --sync
fact modules-load-log sh -c 'journalctl -b -o cat \
	SYSLOG_IDENTIFIER=systemd-modules-load + \
	_PID=1 UNIT=systemd-modules-load.service | grep -v "^Inserted module"'
fact units systemctl list-units --failed --no-legend --plain
fact modprobe-units systemctl list-units --all --no-legend --plain 'modprobe@*'
# The order of loading depends on time, and other things in /dev, too.
# shellcheck disable=SC2016 # for awk
fact lsmod sh -c 'lsmod | awk "NR > 1 { print \$1 }" | sort'
fact nodes sh -c "find /dev -path /dev/char -prune -o -type c -printf '%p %m %U %G\n' |
	grep -vE '/dev/(tty|vcs|pts|hidraw|input)' | sort"
fact loop cat /sys/module/loop/parameters/max_loop
fact brd cat /sys/module/brd/parameters/rd_nr
fact veth grep '^veth ' /proc/modules
fact dummies sh -c 'ls /sys/class/net | grep -c ^dummy'

fact start-modprobe systemctl start modprobe@xfs.service
fact started-xfs grep -c '^xfs ' /proc/modules
# systemd escapes the name, and hands it on so.
fact start-alias systemctl start modprobe@fs-udf.service
fact started-udf grep -c '^udf ' /proc/modules

# shellcheck disable=SC2016 # for the inner shell
fact modules-load-again sh -c '
	modprobe -r loop dummy minix brd
	grep -E "^(loop|dummy|minix|brd|veth) " /proc/modules
	"$@" 2>/dev/null >&2
	echo "exit $?"
	for m in loop dummy minix brd veth; do
		[ ! -d "/sys/module/$m" ] || echo "$m"
	done
	cat /sys/module/loop/parameters/max_loop
	ls /sys/class/net | grep -c ^dummy' sh "$@"

# What the kernel asks for.
fact mount sh -c 'mount -t vfat /dev/vda /mnt; grep -c "^vfat " /proc/modules'
fact remove sh -c 'modprobe -r xfs; grep -c "^xfs " /proc/modules'
