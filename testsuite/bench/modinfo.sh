#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# modinfo.sh - what modinfo costs on all modules of real kernels: ours, and
# Debian's kmod 30 in the same run.
#
#   modinfo.sh BUILDDIR [RUNS [PART]...]
#
# Parts (by default all): one plain xz.  Every run is over all modules, so ten
# are many.  It tells and does not judge: the status is 0, whatever is slow.

set -u
[ $# -ge 1 ] || { sed -n '7s/^# *//p' "$0"; exit 2; }
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 99
. "$top/testsuite/lib/peer.sh"
. "$top/testsuite/lib/corpus.sh"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/libmod-bench.XXXXXX") || exit 99
trap 'exit 99' HUP INT TERM
trap 'rm -rf "$tmp"' EXIT
ours=$(our_tools "$1" "$tmp") && peer=$(peer_tools "$tmp") || exit 99
runs=${2:-10}
shift
[ $# = 0 ] || shift
[ $# != 0 ] || set -- one plain xz
for part; do
	case $part in
	one | plain) root=$(corpus_root plain) ;;
	*) root=$(corpus_root "$part") ;;
	esac || exit 99
	PYTHONDONTWRITEBYTECODE=1 python3 "$top/testsuite/bench/modinfo.py" \
		"$ours" "$peer" "$root" "$part" "$runs"
done
