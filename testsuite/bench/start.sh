#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# start.sh - the wall time of a modprobe that finds nothing, in relation to an
# empty dynamic program: the cost of a start.
#
#   start.sh BUILDDIR [RUNS]
#
# The tree is that of Debian's kernel 6.1.  All programs run in turn on one CPU.
# It prints figures and checks no limit; the status is 0, however slow it is.

set -u
[ $# -ge 1 ] || { sed -n '7s/^# *//p' "$0"; exit 2; }
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 99
. "$top/testsuite/lib/peer.sh"
. "$top/testsuite/lib/corpus.sh"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/libmod-start.XXXXXX") || exit 99
trap 'exit 99' HUP INT TERM
trap 'rm -rf "$tmp"' EXIT
ours=$(our_tools "$1" "$tmp") && peer=$(peer_tools "$tmp") || exit 99
root=$(corpus_root plain) || exit 99
echo 'int main(void) { return 0; }' >"$tmp/empty.c"
cc -O2 -fPIE -pie -o "$tmp/empty" "$tmp/empty.c" || exit 99

python3 "$top/testsuite/bench/start.py" "${2:-1000}" "$tmp/empty" \
	"$ours/modprobe" "$peer/modprobe" -- \
	-d "$root" -S "$(corpus_release "$root")" -q no-such-module
