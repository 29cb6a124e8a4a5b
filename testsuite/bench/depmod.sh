#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# depmod.sh - what depmod costs on the trees of real kernels: ours, Debian's
# kmod 30 in the same run, and what was measured of the newest kmod.
#
#   depmod.sh BUILDDIR [RUNS [PART]...]
#
# Parts (by default all): plain xz zst gz added growth flush.  The trees are
# made in $TMPDIR, of hard links if the corpus is on the same disk; up to 2 GB.
# It tells and does not judge: the status is 0, whatever is slow.

set -u
[ $# -ge 1 ] || { sed -n '7s/^# *//p' "$0"; exit 2; }
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 99
. "$top/testsuite/lib/peer.sh"
. "$top/testsuite/lib/corpus.sh"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/libmod-bench.XXXXXX") || exit 99
trap 'exit 99' HUP INT TERM
trap 'rm -rf "$tmp"' EXIT
ours=$(our_tools "$1" "$tmp") && peer=$(peer_tools "$tmp") || exit 99
plain=$(corpus_root plain) && xz=$(corpus_root xz) || exit 99
runs=${2:-5}
shift
[ $# = 0 ] || shift
[ $# != 0 ] || set -- plain xz zst gz added growth flush
PYTHONDONTWRITEBYTECODE=1 python3 "$top/testsuite/bench/depmod.py" \
	"$ours" "$peer" "$tmp" "$plain" "$xz" "$runs" "$@"
