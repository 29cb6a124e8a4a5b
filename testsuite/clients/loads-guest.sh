#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# loads-guest.sh - in the guest of loads.sh: runs the calls in $OUT.
#
#   loads-guest.sh KMOD INIT
#
# INIT is the init script.  KMOD, unless it is empty, takes the place of /bin/kmod, for this guest alone.  Each call starts
# without modules and without configuration.

[ -z "$1" ] || mount --bind "$1" "$(realpath /bin/kmod)" || exit
INIT=$2
M=/lib/modules/$(uname -r)
export INIT M

clean()
{
	rm -f /etc/modprobe.d/* /run/modprobe.d/*
	while :; do
		before=$(wc -l </proc/modules)
		awk '$3 == 0 { print $1 }' /proc/modules | xargs -r rmmod 2>/dev/null
		[ "$(wc -l </proc/modules)" != "$before" ] || return
	done
}

for call in $(find /out -name '[0-9]*' ! -name '*.*' -printf '%f\n' | sort -n); do
	clean
	unshare -m sh "/out/$call" >/tmp/out 2>/tmp/err </dev/null
	echo $? >"/out/$call.code"
	cp /tmp/out "/out/$call.out"
	cp /tmp/err "/out/$call.err"
	awk '{ print "loaded:", $1 }' /proc/modules | sort >>"/out/$call.out"
done
