#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# bench.sh - what a run costs: ours, Debian's kmod 30, and what was measured of
# the newest kmod.
#
#   bench.sh BUILDDIR [RUNS]
#
# The set-up, in a mount namespace of its own: the tree of Debian's kernel 6.1
# as that of the running kernel, three files in /usr/lib/modprobe.d, the directories
# in /etc and /usr/local/lib empty, and 151 loaded modules for lsmod.  It tells
# and does not judge: the status is 0, whatever is slow.

set -u
[ $# -ge 1 ] || { sed -n '6,7s/^# *//p' "$0"; exit 2; }
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 99
. "$top/testsuite/lib/peer.sh"
. "$top/testsuite/lib/corpus.sh"

# Nothing is mounted from outside: removals here do not reach the system.
if [ -z "${bench_tmp:-}" ]; then
	[ "$(id -u)" = 0 ] || { echo "bench.sh: only as root"; exit 77; }
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/libmod-bench.XXXXXX") || exit 99
	trap 'exit 99' HUP INT TERM
	trap 'rm -rf --one-file-system "$tmp"' EXIT
	bench_tmp=$tmp unshare -m "$0" "$@"
	status=$?
	# shellcheck disable=SC2046 # one word each
	[ ! -s "$tmp/made" ] || rmdir $(cat "$tmp/made")
	exit $status
fi

tmp=$bench_tmp
ours=$(our_tools "$1" "$tmp") && peer=$(peer_tools "$tmp") || exit 99
root=$(corpus_root plain) || exit 99

# put DIR PLACE: lays DIR over PLACE, which is made where it is missing.
put()
{
	path=$2
	while [ ! -e "$path" ]; do
		echo "$path" >>"$tmp/made"
		path=$(dirname "$path")
	done
	mkdir -p "$2" && mount --bind "$1" "$2" || exit 99
}

mkdir "$tmp/empty"
put "$tmp/empty" /etc/modprobe.d
put "$tmp/empty" /usr/local/lib/modprobe.d
put "$top/testsuite/bench/modprobe.d" /usr/lib/modprobe.d
put "$root/lib/modules/$(corpus_release "$root")" "/lib/modules/$(uname -r)"

python3 "$top/testsuite/bench/bench.py" "$ours" "$peer" "$tmp" "${2:-200}"
