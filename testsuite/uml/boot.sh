#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# boot.sh - run a script as root of a real Linux kernel, in seconds.
#
#   boot.sh [-q] [-t SECONDS] [-s SECONDS] [-o DIR] [-m TREE] [-k WORDS]
#           SCRIPT [ARG...]
#
# The kernel is user-mode-linux, so no privilege is needed.  Its root is the
# file system of this machine, read-only; guest.sh tells what lies over it.
# SCRIPT sees its output appear here, may leave files in $OUT, and its exit
# code is ours.
#
#   -q          keep the kernel's log to yourself when SCRIPT fails
#   -t SECONDS  give up after so long (300)
#   -s SECONDS  give up when SCRIPT has printed nothing for so long
#   -o DIR      the directory that the guest has as $OUT; status, why and
#               kernel.log stay there (else all goes with the guest)
#   -m TREE     the directory to show as /lib/modules/RELEASE
#   -k WORDS    more words for the kernel's command line
#
# When SCRIPT did not come to its end there is no file "status", the file
# "why" holds the reason, and the exit code is 124 (out of time) or 125.

set -u

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=testsuite/lib/boot.sh
. "$here/../lib/boot.sh"

quiet=0 limit=300 stall=0 out='' tree='' words=''
while getopts qt:s:o:m:k: opt; do
	case $opt in
	q) quiet=1 ;;
	t) limit=$OPTARG ;;
	s) stall=$OPTARG ;;
	o) out=$OPTARG ;;
	m) tree=$OPTARG ;;
	k) words=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage

command -v linux.uml >/dev/null ||
	die "linux.uml is not installed (Debian package user-mode-linux)"
[ -f "$1" ] || die "$1: no such script"
script=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
tree=${tree:-/usr/lib/uml/modules/$(linux.uml --version)}
[ -f "$tree/modules.dep.bin" ] || die "$tree: no modules with an index there"

work=$(mktemp -d) || die "no temporary folder"
out=${out:-$work/out}
mkdir -p "$out" || die "$out: cannot be made"
out=$(cd "$out" && pwd)
rm -f "$out/status" "$out/why"

uml='' watcher=''
stop()
{
	[ -z "$watcher" ] || kill "$watcher" 2>/dev/null
	[ -z "$uml" ] || kill -s KILL -- "-$uml" 2>/dev/null
	uml='' watcher=''
}
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

{
	echo "OUT_HOST=$(quoted "$out")TREE=$(quoted "$tree")"
	echo "set -- $(quoted "$script" "$@")"
} >"$work/job"

# Ends the guest, and says why, when its time is up.
watch()
{
	age=0 idle=0 last=0
	while sleep 1; do
		age=$((age + 1)) idle=$((idle + 1))
		size=$(wc -c <"$work/output")
		[ "$size" = "$last" ] || idle=0
		last=$size
		if [ "$age" -ge "$limit" ]; then
			echo "no end after $limit seconds" >"$out/why"
		elif [ "$stall" -gt 0 ] && [ "$idle" -ge "$stall" ]; then
			echo "no word for $stall seconds" >"$out/why"
		else
			continue
		fi
		stop
		return
	done
}

# The script speaks on the first console, the kernel on the first serial line.
mkfifo "$work/tty"
: >"$work/output"
tee "$work/output" <"$work/tty" &
tee=$!
# shellcheck disable=SC2086 # several words are meant
setsid linux.uml mem=256M rootfstype=hostfs rootflags=/ ro \
	init="$here/guest.sh" uml_job="$work/job" uml_dir="$work/" \
	con=null con0=null,fd:1 ssl=null ssl0=null,fd:3 console=ttyS0 \
	noreboot panic=-1 $words \
	</dev/null >"$work/tty" 2>"$work/host.log" 3>"$out/kernel.log" &
uml=$!
watch &
watcher=$!
{ wait "$uml"; } 2>/dev/null # hush: "Killed"
code=$?
stop
wait "$tee"

ended "$script" "the kernel ended by itself, linux.uml with exit $code"
