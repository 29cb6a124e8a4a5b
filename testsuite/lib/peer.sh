# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# peer.sh - Debian's kmod, the program that ours is compared with.
#
# To be read by a test:
#	. "$top/testsuite/lib/peer.sh"
#	peer=$(peer_tools "$tmp") || exit
#	"$peer/modprobe" ...

# tool_links PROGRAM DIR: makes DIR, with a link to the multi-call PROGRAM for
# every tool, and prints its name.
tool_links()
{
	if [ ! -x "$1" ]; then
		echo "$0: $1: no such program" >&2
		return 1
	fi
	mkdir -p "$2" || return
	for tool in kmod modprobe insmod rmmod lsmod modinfo depmod; do
		ln -sf "$(realpath "$1")" "$2/$tool" || return
	done
	realpath "$2"
}

# peer_tools DIR: makes DIR/peer, with the peer's tools, and prints its name.
peer_tools()
{
	for kmod in /bin/kmod /usr/bin/kmod; do
		if [ -x "$kmod" ]; then
			tool_links "$kmod" "$1/peer"
			return
		fi
	done
	echo "$0: the peer is not installed (Debian package kmod)" >&2
	return 1
}

# our_tools BUILDDIR DIR: makes DIR/ours, with the tools built in BUILDDIR,
# and prints its name.  BUILDDIR "peer" means the peer once more: so a test is
# tested.
our_tools()
{
	if [ "$1" = peer ]; then
		peer_tools "$2"
	else
		tool_links "$1/src/kmod" "$2/ours"
	fi
}
