#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# insmods.sh - in the guest: inserts files in the order of their dependencies.
#
#   insmods.sh TOOLS PEER LIST
#
# A line of LIST is "NAME FILE...".  Prints records as sweep.sh does.

tools=$1
list=$3

say_mods()
{
	while read -r mod _ count users _; do
		echo "mod $mod $count $users"
	done </proc/modules
}

while read -r name files; do
	echo "@ $name"
	code=0
	names=
	for file in $files; do
		"$tools/insmod" "$file" || code=$?
		name=${file##*/}
		names="${name%%.*} $names"
	done >/run/said 2>&1
	echo "load $code"
	sed 's/^/text /' /run/said
	say_mods
	# shellcheck disable=SC2086 # one word each
	"$tools/rmmod" $names >/run/said 2>&1
	echo "unload $?"
	sed 's/^/text /' /run/said
	say_mods
	echo left
done <"$list"
