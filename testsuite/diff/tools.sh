#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools.sh - the tests of the tools, of Debian's kmod: what they take for the
# behaviour of both is so.
#
# A test that is about ours alone skips itself.  Prints "N passed, N skipped, N
# failed".
set -u
: "${top_srcdir:=.}" "${top_builddir:=.}"
export top_srcdir top_builddir
make -s -C "$top_builddir" testsuite/tool/mkmodule >&2 || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

passed=0 skipped=0 failed=0
for test in "$top_srcdir"/testsuite/tool/*.sh; do
	# Those without a first line of their own are read by others.
	read -r first <"$test"
	[ "$first" = '#!/bin/sh' ] || continue
	KMOD=/bin/kmod timeout 300 sh "$test" >"$tmp/log" 2>&1
	case $? in
	0) passed=$((passed + 1)) ;;
	77) skipped=$((skipped + 1)) ;;
	*)
		failed=$((failed + 1))
		echo "FAILED: ${test##*/}, of /bin/kmod"
		cat "$tmp/log"
		;;
	esac
done
echo "$passed passed, $skipped skipped, $failed failed"
[ "$failed" = 0 ]
