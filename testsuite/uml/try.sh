#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# try.sh - shows the tools at work in a real kernel.
#
#   try.sh BUILDDIR
#
# The kernel is user-mode-linux, which runs as an ordinary program: nothing of
# this machine is changed.  The exit code is 0 when every command succeeded.

set -u

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=testsuite/lib/peer.sh
. "$here/../lib/peer.sh"

if [ $# -ne 1 ]; then
	sed -n '6s/^# *//p' "$0" >&2
	exit 2
fi

tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
tools=$(our_tools "$1" "$tmp") && peer=$(peer_tools "$tmp") || exit
# shellcheck source=testsuite/uml/tree.sh
. "$here/tree.sh"

# The modules that demo.sh shows, and their dependencies.
for module in ko:macvtap xz:8021q ko:dummy zst:minix xz:loop; do
	files "${module#*:}" | tr ' ' '\n' | grep / | sed "s/^/${module%:*} /"
done | sed 's|^xz \(.*/net/llc/\)|zst \1|' >"$tmp/list"
tree=$(make_tree "$tmp/list") || exit
kind=xz
case $("$tools/kmod" --version) in
*+ZLIB*) kind=gz ;;
esac
file=$tmp/tun.ko.$kind
compress $kind "$modules/kernel/drivers/net/tun.ko" >"$file" || exit

colour=0
[ ! -t 1 ] || colour=1
"$here/boot.sh" -m "$tree" "$here/demo.sh" "$tools" "$file" $colour
