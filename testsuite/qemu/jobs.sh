#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# jobs.sh - in the guest: modules that sleep a second in their init.
#
# nap counts how many sleep at a time, and waits for as many as asked for; nap1,
# nap2 and nap3 sleep; nap4 does, and fails then.

# shellcheck disable=SC2086 # $names is words
. /check.sh

# takes FILE COMMAND...: writes its exit code, output and the loaded modules to
# FILE, and how long it took to $took, in hundredths of a second.
takes()
{
	file=$1
	shift
	began=$(sed 's/ .*//; s/\.//' /proc/uptime)
	"$@" >"$file" 2>&1
	echo "exit $?" >>"$file"
	took=$(($(sed 's/ .*//; s/\.//' /proc/uptime) - began))
	sed 's/ .*//' /proc/modules | sort >>"$file"
}

slept()
{
	echo "$1 at a time" >/run/want
	echo "$(cat /sys/module/nap/parameters/most) at a time" | cmp - /run/want
}

# wait_for NUMBER: that many are to sleep at a time.
wait_for()
{
	mkdir -p /etc/modprobe.d
	echo "options nap want=$1" >/etc/modprobe.d/nap.conf
}

for names in "nap1 nap2 nap3" "nap4 nap2 nosuch nap3"; do
	wait_for 1
	takes /run/one modprobe -a $names
	alone=$took
	check "$names: one after the other" slept 1
	modprobe -r nap1 nap2 nap3
	check "none of them is there" gone nap nap1 nap2 nap3 nap4
	wait_for 3
	takes /run/many modprobe -a --jobs=3 $names
	check "$names: --jobs=3 loads three at a time" slept 3
	check "the same modules, messages and exit code" \
		prints 0 "$(sort /run/one)" sort /run/many
	echo "    $alone and $took hundredths of a second"
	modprobe -r nap1 nap2 nap3
done

mkdir -p /etc/modules-load.d
printf 'nap1\n# and\nnap2\n' >/etc/modules-load.d/a.conf
echo nap3 >/etc/modules-load.d/b.conf
takes /run/many modprobe --modules-load --jobs=3
check "--modules-load --jobs=3" slept 3
check "they are there" loaded nap nap1 nap2 nap3

[ "$failed" -eq 0 ]
