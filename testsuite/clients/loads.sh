#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# loads.sh - every line "! ..." of the file calls, in two user-mode-linux kernels,
# and what those load by themselves.

set -u
# shellcheck source=testsuite/clients/lib.sh
. "$top/testsuite/clients/lib.sh"

build=$1
need_packages user-mode-linux iproute2 iptables python3 || exit
mkdir "$tmp/calls" || exit
split_calls '!' "$tmp/calls"

# guests SCRIPT: in a kernel of its own for each side; $tmp/SIDE.SCRIPT has what
# it left.
guests()
{
	for side in peer ours; do
		tool='' init=/etc/init.d/kmod
		[ "$side" = peer ] || [ "$build" = peer ] ||
			tool=$build/src/kmod init=$top/debian/system/kmod.init
		mkdir -p "$tmp/$side.$1" &&
			cp "$tmp/calls"/* "$tmp/$side.$1" || return
		{
			"$top/testsuite/uml/boot.sh" -t 1500 -o "$tmp/$side.$1" \
				"$top/testsuite/clients/$1.sh" "$tool" "$init" \
				>"$tmp/$side.said" 2>"$tmp/$side.why"
			echo $? >"$tmp/$side.code"
		} &
		eval "${side}_pid=\$!"
	done
	# shellcheck disable=SC2154 # just now
	wait "$peer_pid" "$ours_pid"
	for side in peer ours; do
		check "$side: the guest came to its end" boots "$side"
	done
}

guests loads-guest
for call in $(cd "$tmp/calls" && printf '%s\n' [0-9]* | sort -n | grep -v '[.]'); do
	compare_call "$tmp/peer.loads-guest/$call" "$tmp/ours.loads-guest/$call"
done

guests autoload-guest
for request in $(cd "$tmp/ours.autoload-guest" && ls ask.*); do
	check "the kernel itself: ${request#ask.}" \
		diff "$tmp/peer.autoload-guest/$request" \
		"$tmp/ours.autoload-guest/$request"
done
check "the kernel called the tool so often" awk '{ n++ } END {
	print n; exit n < 20 }' "$tmp/ours.autoload-guest/calls"
check "and as often, with the same words" \
	diff "$tmp/peer.autoload-guest/calls" "$tmp/ours.autoload-guest/calls"
note "$(wc -l <"$tmp/ours.autoload-guest/calls") calls"
[ "${SHOW-}" = '' ] || tail -n 100 "$tmp/ours.autoload-guest"/[ac]*
[ "${SHOW-}" = '' ] || tail -n 100 "$tmp/ours.loads-guest"/*.out
finish_suite clients
