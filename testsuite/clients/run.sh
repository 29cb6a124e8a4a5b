#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# run.sh - programs that call the module tools: first Debian's, then ours.
#
#   run.sh BUILDDIR [PART...]
#
# Parts: the scripts beside this one, but for lib.sh and *-guest.sh (all of them).  BUILDDIR
# "peer" compares the peer with itself, which tests the tests.  Needs root; all
# is done in chroots and mount namespaces of its own.  The last line is
# "clients: N passed, M failed"; the exit code is 0 when M is 0.

set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
export top
# shellcheck source=scripts/lib/packages.sh
. "$top/scripts/lib/packages.sh"
# shellcheck source=testsuite/lib/chroot.sh
. "$top/testsuite/lib/chroot.sh"
if [ $# -eq 0 ]; then
	sed -n '6s/^# *//p' "$0" >&2
	exit 2
fi
case $1 in
peer) ;;
*)
	build=$(realpath "$1")
	shift
	set -- "$build" "$@"
	;;
esac
chroot_private "$here/run.sh" "$@"

all=$(mktemp -d) || exit
part_pid=''
# shellcheck disable=SC2317 # reached by the trap
end()
{
	[ -z "$part_pid" ] || kill "$part_pid" 2>/dev/null
	wait
	rm -rf --one-file-system "$all"
}
trap end EXIT
trap 'exit 130' HUP INT TERM

build=$1
shift
# shellcheck disable=SC2046 # one word each
[ $# -gt 0 ] || set -- $(cd "$here" && printf '%s\n' *.sh |
	sed -n '/^lib\.sh$/d; /^run\.sh$/d; /-guest\.sh$/d; s/\.sh$//p')
passed=0 failed=0
for part; do
	echo "clients: $part"
	log=$all/$part.log
	mkdir "$all/$part" || exit
	tmp=$all/$part "$here/$part.sh" "$build" >"$log" 2>&1 &
	part_pid=$!
	wait "$part_pid"
	part_pid=
	rm -rf --one-file-system "${all:?}/$part"
	sed '$!s/^/  /; $d' "$log"
	# shellcheck disable=SC2046 # two figures
	set -- $(tail -n 1 "$log" |
		sed -n 's/^clients: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
	[ $# -eq 2 ] || {
		tail -n 5 "$log"
		set -- 0 1
	}
	passed=$((passed + $1))
	failed=$((failed + $2))
done
echo "clients: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
