#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# guest.sh - the first process of the guest that boot.sh starts.
#
# Builds a root in memory that looks like this machine and can be written:
# every entry is a link into /host, the machine's own root, read-only.  Only
# what a module tool reads is the guest's own: empty configuration directories
# and /run, and a /lib/modules with the modules of this kernel.  Runs the
# script in /run, halts.

export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run LC_ALL=C OUT=/out
exec </dev/null >/dev/tty0 2>&1
stty -opost </dev/tty0

new=/mnt

# Links to all that the machine has in a directory and the new root has not.
shade()
{
	links=
	dir=$1
	set --
	for entry in "${dir%/}"/* "${dir%/}"/.[!.]*; do
		if [ -e "$new$entry" ]; then
			continue
		elif [ -L "$entry" ]; then
			links="$links $entry"
		elif [ -e "$entry" ]; then
			set -- "$@" "/host$entry"
		fi
	done
	[ $# -eq 0 ] || ln -s "$@" "$new$dir"
	# shellcheck disable=SC2086 # one word each: a blank loses one link
	[ -z "$links" ] || cp -P $links "$new$dir"
}

build_root()
{
	lib=/lib
	[ ! -L /lib ] || lib=/usr/lib
	modules=$lib/modules/$(uname -r)

	mount -n -t tmpfs -o mode=755 root $new && cd $new &&
		mkdir -p host dev proc sys run out tmp usr/local/etc \
			etc/modprobe.d run/modprobe.d usr/lib/modprobe.d \
			usr/local/lib/modprobe.d ".$lib/modprobe.d" \
			".$modules" &&
		ln -s /etc/modprobe.d usr/local/etc || return
	for dir in / /etc /usr /usr/lib /usr/local /usr/local/lib /tmp; do
		shade $dir
	done
	[ -L /lib ] || shade /lib

	mount -n --move /dev dev &&
		mount -n --bind "$TREE" ".$modules" &&
		mount -n -t proc proc proc &&
		mount -n -t sysfs sys sys &&
		mount -n -t hostfs -o "$OUT_HOST" out out &&
		pivot_root . host && cd /
}

# shellcheck disable=SC1090,SC2154 # the kernel's command line names it
. "$uml_job"
if build_root; then
	cd /run || exit
	if [ -x "$1" ]; then
		"$@"
	else
		sh "$@"
	fi
	echo $? >/out/status
fi
echo o >/proc/sysrq-trigger
# The kernel needs a moment, and must not see its first process end.
sleep 60
