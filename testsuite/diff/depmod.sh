#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# depmod.sh - depmod, ours and Debian's kmod 30: the same files, messages and
# exit status, but for the rows of COMPATIBILITY.md.
#
#   depmod.sh generated       on made-up trees and configurations
#   depmod.sh cache           ours with its cache and without
#   depmod.sh real [KIND]...  on real ones (plain, xz, uml; by default all)
#   depmod.sh                 all of them
#
# Environment
#   top_srcdir, top_builddir   . by default
#   SEED                       of the first made-up tree
#   TREES                      how many are made up, 200 by default
#   STEPS                      how often a tree with a cache changes, 150
#
# The indexes in the corpus are the peer's; ours stand elsewhere.

set -u
: "${top_srcdir:=.}" "${top_builddir:=.}"
top=$(cd "$top_srcdir" && pwd) || exit 99
build=$(cd "$top_builddir" && pwd) || exit 99
. "$top/testsuite/lib/peer.sh"
. "$top/testsuite/lib/corpus.sh"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/libmod-depmod.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
ours=$(our_tools "$build" "$tmp") && peer=$(peer_tools "$tmp") || exit 99
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

seed=${SEED:-$(date +%y%m%d)000}

need_mkmodule()
{
	mkmodule=$build/testsuite/tool/mkmodule
	if [ ! -x "$mkmodule" ]; then
		mkmodule=$tmp/mkmodule
		"${CC:-cc}" -o "$mkmodule" "$top/testsuite/tool/mkmodule.c"
	fi
}

generated()
{
	need_mkmodule || return
	python3 "$top/testsuite/diff/depmod-generated.py" "$ours" "$peer" \
		"$mkmodule" "$top/COMPATIBILITY.md" "${TREES:-200}" \
		"$seed"
}

cache()
{
	need_mkmodule || return
	python3 "$top/testsuite/diff/depmod-cache.py" "$ours" "$mkmodule" \
		"${STEPS:-150}" "$seed"
}

# The modules of linux.uml, indexed by the peer.
uml_root()
{
	set -- /usr/lib/uml/modules/*
	if [ ! -d "$1" ]; then
		echo "depmod.sh: no UML kernel here (package user-mode-linux)" >&2
		return 1
	fi
	mkdir -p "$tmp/uml/lib/modules" &&
		cp -a "$1" "$tmp/uml/lib/modules" &&
		"$peer/depmod" -b "$tmp/uml" "${1##*/}" &&
		echo "$tmp/uml"
}

real()
{
	case $1 in
	uml) root=$(uml_root) ;;
	*) root=$(corpus_root "$1") ;;
	esac || return
	python3 "$top/testsuite/diff/depmod-real.py" "$ours" "$peer" \
		"$root" "$(corpus_release "$root")"
}

what=${1:-all}
[ $# = 0 ] || shift
[ $# != 0 ] || set -- plain xz uml
status=0
case $what in
generated) generated || status=1 ;;
cache) cache || status=1 ;;
all)
	generated || status=1
	cache || status=1
	;;
real) ;;
*)
	sed -n 's/^#   //p' "$0" >&2
	exit 2
	;;
esac
if [ "$what" = real ] || [ "$what" = all ]; then
	for kind; do
		real "$kind" || status=1
	done
fi
exit $status
