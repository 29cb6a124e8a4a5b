#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# sweep.sh - in the guest: loads and removes modules, one after the other.
#
#   sweep.sh TOOLS PEER NAME...
#
# Prints a record for each NAME, for sweep.py to compare:
#
#	@ NAME
#	load EXIT-CODE		modprobe NAME
#	text LINE		a line of its output
#	mod NAME REFCOUNT HOLDERS	/proc/modules then
#	unload EXIT-CODE	modprobe -r NAME
#	text, mod		the same again
#	left NAME...		what nobody could remove
#
# Every module starts from the same kernel: the peer's rmmod clears what the
# tool has left.  What resists that stays for all that follow.

tools=$1
peer=$2
shift 2

echo "$tools/modprobe" >/proc/sys/kernel/modprobe

# Until the kernel, which may ask for more modules in the background, runs no
# modprobe.
settle()
{
	calm=0
	until [ $calm = 1 ]; do
		calm=1
		for comm in /proc/[0-9]*/comm; do
			read -r command <"$comm" || continue
			[ "$command" != modprobe ] || calm=0
		done 2>/dev/null
	done
}

# try VERB MODPROBE-ARG...
try()
{
	verb=$1
	shift
	"$tools/modprobe" "$@" >/run/said 2>&1
	code=$?
	[ "$verb" = unload ] || settle
	echo "$verb $code"
	while read -r line; do
		echo "text $line"
	done </run/said
	while read -r mod _ count holders _; do
		echo "mod $mod $count $holders"
	done </proc/modules
}

# The modules that nothing uses, those that are loaded.
look()
{
	free='' left=''
	while read -r mod _ count _; do
		left="$left $mod"
		[ "$count" != 0 ] || free="$free $mod"
	done </proc/modules
}

# Until there is nothing more than what stays.
clear_all()
{
	look
	while [ "$left" != "$stays" ] && [ -n "$free" ]; do
		before=$left
		# shellcheck disable=SC2086 # one word each
		"$peer/rmmod" $free 2>/dev/null
		look
		[ "$left" != "$before" ] || break
	done
	stays=$left
}

stays=''
for name; do
	echo "@ $name"
	try load "$name"
	try unload -r "$name"
	clear_all
	echo "left$left"
done
