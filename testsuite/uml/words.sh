# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# words.sh - in the guest: the words that cases.sh and policy.sh are written in;
# to be read by them.  $peer and $conf are set.

quiet=yes # a transcript is compared with that of the peer
# shellcheck source=testsuite/lib/check.sh
. "$(dirname "$0")/../lib/check.sh"

# A new case: an empty kernel, no configuration.
it()
{
	echo "@ $*"
	[ ! -e "$conf" ] || rm "$conf"
	set --
	while :; do
		last=$*
		set --
		while read -r mod _ count _; do
			[ "$count" != 0 ] || set -- "$@" "$mod"
		done </proc/modules
		[ $# -gt 0 ] && [ "$*" != "$last" ] || return 0
		"$peer/rmmod" "$@" 2>/dev/null
	done
}

# Runs a command, shows its output and exit code.
run()
{
	echo "$ $*"
	"$@" >/run/said 2>&1
	code=$?
	while IFS= read -r line; do
		echo "$line"
	done </run/said
	echo "= $code"
}

# The exit code of the last run, and lines that it must have printed.
want()
{
	[ "$code" = "$1" ] || not_ok "exit code $1"
	shift
	for wanted; do
		while IFS= read -r line; do
			[ "$line" != "$wanted" ] || continue 2
		done </run/said
		not_ok "$wanted"
	done
}

# All modules, with how often and by whom each is used.
mods()
{
	while read -r mod _ count users _; do
		echo "mod $mod $count $users"
	done </proc/modules
}

# param MODULE NAME VALUE: what the kernel has understood.
param()
{
	IFS= read -r value <"/sys/module/$1/parameters/$2"
	echo "$1.$2=$value"
	[ "$value" = "$3" ] || not_ok "$1.$2=$3"
}

# The network interfaces.
nets()
{
	echo /sys/class/net/*
}

# A line of configuration.
conf()
{
	echo "conf: $*"
	echo "$*" >>"$conf"
}
