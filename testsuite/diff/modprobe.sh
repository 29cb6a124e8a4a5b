#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# modprobe.sh - modprobe, ours and Debian's kmod 30: the same output, messages
# and exit status, but for the rows of COMPATIBILITY.md.
#
#   modprobe.sh generated   on made-up trees and configurations
#   modprobe.sh real        on all modules and aliases of Debian's kernel 6.1
#   modprobe.sh             both
#
# Environment
#   top_srcdir, top_builddir   . by default
#   SEED                       of the first tree; by default one of today's
#   TREES                      how many are made up, 60 by default
#   KEEP=1                     leaves them for a look

set -u
: "${top_srcdir:=.}" "${top_builddir:=.}"
top=$(cd "$top_srcdir" && pwd) || exit 99
build=$(cd "$top_builddir" && pwd) || exit 99
. "$top/testsuite/lib/peer.sh"
. "$top/testsuite/lib/corpus.sh"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/libmod-diff.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
ours=$(our_tools "$build" "$tmp") && peer=$(peer_tools "$tmp") || exit 99
list=$top/COMPATIBILITY.md
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

# In a mount namespace of its own where that is allowed.
alone()
{
	for how in -m -rm; do
		if unshare "$how" true 2>/dev/null; then
			unshare "$how" "$@"
			return
		fi
	done
	"$@"
}

generated()
{
	mkmodule=$build/testsuite/tool/mkmodule
	if [ ! -x "$mkmodule" ]; then
		mkmodule=$tmp/mkmodule
		"${CC:-cc}" -o "$mkmodule" "$top/testsuite/tool/mkmodule.c" ||
			return
	fi
	alone python3 "$top/testsuite/diff/modprobe-generated.py" \
		"$ours" "$peer" "$mkmodule" "$list" "${TREES:-60}" \
		"${SEED:-$(date +%y%m%d)00}"
}

real()
{
	root=$(corpus_root plain) || return
	python3 "$top/testsuite/diff/modprobe-real.py" "$ours" "$peer" \
		"$root" "$(corpus_release "$root")" "$list"
}

status=0
case ${1:-} in
'')
	generated || status=1
	real || status=1
	;;
generated) generated || status=1 ;;
real) real || status=1 ;;
*)
	sed -n '4,14s/^# \{0,1\}//p' "$0"
	exit 2
	;;
esac
exit $status
